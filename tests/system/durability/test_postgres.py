"""The real bot on a real PostgreSQL, which another process works with, too."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.database import ServerSettings, open_database
from index import PassageRef, fingerprint
from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess
from tests.support.postgres import on_postgres
from tests.system.discord.admin.test_setup import ask, chosen, panel, set_up

VISITORS = "Visitors come in June to hear the choir sing on the pier."


@pytest.fixture
def running(postgres_url, harbour_corpus, tmp_path):
    """The bot over the harbour text, a server with its admin and a member, and the database."""
    with DiscordStandIn() as discord:
        guild = discord.add_guild("Lowmere")
        managers = discord.add_role(guild, "managers", "MANAGE_GUILD")
        scene = SimpleNamespace(
            guild=guild,
            channel=discord.add_channel(guild, "harbour"),
            admin=discord.add_user("ada", guild, roles=[managers]),
            bob=discord.add_user("bob", guild),
        )
        data = tmp_path / "data"
        with BotProcess(discord, harbour_corpus, data, DATABASE_URL=postgres_url) as bot:
            discord.wait_ready()
            discord.wait_for_commands("pullquote", "privacy")
            yield SimpleNamespace(discord=discord, scene=scene, url=postgres_url, data=data)
            assert "Traceback" not in bot.log, bot.log


def elsewhere(url, play):
    """Play on the database as another process does."""

    async def run():
        database = await open_database(url)
        try:
            return await play(database)
        finally:
            await database.close()

    return asyncio.run(run())


@on_postgres
def test_bot_works_on_postgresql_beside_another_process(running):
    """Settings, questions, thumbs, lessons, figures and deletion; nothing is kept in a file."""
    discord, scene, guild_id = running.discord, running.scene, running.scene.guild.id

    def use(command, who=scene.admin, **options):
        return discord.slash(scene.channel, who, command, **options).wait_for_response()

    async def teach(database):
        (group,) = await database.unanswered.groups(guild_id)
        at = PassageRef("harbour.txt", 5, fingerprint(VISITORS))
        await database.taught.add(guild_id, group.questions[0], at, taught_by="c" * 32)
        await database.unanswered.settle(guild_id, group.ids)

    assert chosen(set_up(discord, scene, "mode", "every"), "mode") == ["every"]
    assert VISITORS not in ask(discord, scene, "do they sell ice cream?").seen
    assert "ice cream" in use("pullquote unanswered").seen
    elsewhere(running.url, teach)
    assert "There are no unanswered questions" in use("pullquote unanswered").seen
    found = ask(discord, scene, "can i buy ice creams").seen
    assert VISITORS in found.replace("**", "").partition("harbour.txt")[0]
    assert "taught" in use("pullquote taught").seen
    assert use("pullquote stats").files["statistics.png"]
    shown = use("privacy show", scene.bob)
    assert "Your questions: 2" in shown.seen
    asked = use("privacy delete", scene.bob)
    discord.press(asked, asked.buttons[0]["custom_id"], scene.bob)
    discord.wait_until(lambda: "Deleted questions: 2" in asked.seen, 10, "the deletion")
    german = ServerSettings(language="de")
    elsewhere(running.url, lambda database: database.settings.set_server(guild_id, german))
    discord.wait_until(lambda: chosen(panel(discord, scene), "language") == ["de"], 20, "German")
    assert not list(running.data.glob("*.db*"))
