"""The real bot on a real PostgreSQL that another process also uses."""

import pytest

from bot.database import ServerSettings
from index import PassageRef, fingerprint
from tests.standin import DiscordStandIn
from tests.support.postgres import on_postgres
from tests.support.scenes import chosen, running_world

VISITORS = "Visitors come in June to hear the choir sing on the pier."


@pytest.fixture
def scene(postgres_url, tmp_path):
    """A server of a bot over the harbour text, whose database is PostgreSQL."""
    with (
        DiscordStandIn() as discord,
        running_world(discord, tmp_path, DATABASE_URL=postgres_url) as world,
    ):
        yield world.settle()


@on_postgres
def test_bot_works_on_postgresql_beside_another_process(scene):
    """Settings, questions, thumbs, lessons, figures and deletion; nothing is kept in a file."""
    discord, guild_id = scene.discord, scene.guild.id

    def use(command, who=scene.admin, **options):
        return discord.slash(scene.channel, who, command, **options).wait_for_response()

    async def teach(database):
        (group,) = await database.unanswered.groups(guild_id)
        at = PassageRef("harbour.txt", 5, fingerprint(VISITORS))
        await database.taught.add(guild_id, group.questions[0], at, taught_by="c" * 32)
        await database.unanswered.settle(guild_id, group.ids)

    assert chosen(scene.set_up("mode", "every"), "mode") == ["every"]
    assert VISITORS not in scene.ask("do they sell ice cream?").seen
    assert "ice cream" in use("pullquote unanswered").seen
    scene.on_database(teach)
    assert "There are no unanswered questions" in use("pullquote unanswered").seen
    found = scene.ask("can i buy ice creams").seen
    assert VISITORS in found.replace("**", "").partition("harbour.txt")[0]
    assert "taught" in use("pullquote taught").seen
    assert use("pullquote stats").files["statistics.png"]
    shown = use("privacy show", scene.alice)
    assert "Your questions: 2" in shown.seen
    asked = use("privacy delete", scene.alice)
    discord.press(asked, asked.buttons[0]["custom_id"], scene.alice)
    discord.wait_until(lambda: "Deleted questions: 2" in asked.seen, 10, "the deletion")
    scene.set_server(ServerSettings(language="de"))
    discord.wait_until(lambda: chosen(scene.panel(), "language") == ["de"], 20, "German")
    assert not list(scene.data.glob("*.db*"))
