"""When commands are registered, and what outlives a restart of the bot."""

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from bot.rendering import notices
from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess
from tests.support.command import SETTINGS
from tests.support.data.harbour import HARBOUR
from tests.system.discord.admin.test_setup import choose, chosen, item, panel


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A bot that was started a second time, and what an admin had open meanwhile."""
    folder = tmp_path_factory.mktemp("restarted")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, DiscordStandIn() as discord:
        for variable in SETTINGS:
            patch.delenv(variable, raising=False)
        patch.chdir(folder)
        guild = discord.add_guild("Lowmere")
        scene = SimpleNamespace(
            guild=guild, channel=discord.add_channel(guild, "harbour"), admin=guild.owner
        )
        data = folder / "data"
        with BotProcess(discord, corpus, data):
            discord.wait_ready()
            discord.wait_for_commands("pullquote")
            open_panel = panel(discord, scene)
            form = discord.press(open_panel, item(open_panel, "cooldown")["custom_id"], scene.admin)
            form.wait_for_modal()
        first = len(discord.registrations)
        discord.expect_restart()
        with BotProcess(discord, corpus, data) as bot:
            discord.wait_ready()
            bot.wait_for_log("Ready as")
            yield SimpleNamespace(
                discord=discord,
                bot=bot,
                scene=scene,
                panel=open_panel,
                form=form,
                starts=(first, len(discord.registrations)),
                corpus=corpus,
                data=data,
            )


def test_commands_are_registered_once_for_all_starts(world):
    """The first start registers them together; the second, with the same ones, not at all."""
    assert world.starts == (1, 1)
    assert [request.method for request in world.discord.registrations[:1]] == ["PUT"]


def test_panel_and_form_of_before_a_restart_still_work(world):
    """Their ids hold all that is needed to take the choice."""
    shown = choose(world.discord, world.scene, world.panel, "mode", "off")
    assert chosen(shown, "mode") == ["off"]
    submitted = world.form.submit(questions="3", seconds="30").wait_for_response()
    assert item(submitted, "cooldown")["label"] == "Questions for each person: 3 in 30 s"


def test_sync_is_for_the_owner_of_the_application(world):
    """Who administers a server, but not the application, registers nothing."""
    discord, scene = world.discord, world.scene
    before = len(discord.registrations)
    command = discord.slash(scene.channel, scene.admin, "pullquote sync")
    assert command.wait_for_response().seen == notices.OWNER_ONLY
    assert len(discord.registrations) == before


def test_sync_registers_again_and_says_how_many(world):
    """The owner, and members of a team that owns the application, may do it at any time."""
    discord, scene = world.discord, world.scene
    before = len(discord.registrations)
    count = len(discord.commands)
    discord.join(scene.guild, discord.owner)
    command = discord.slash(scene.channel, discord.owner, "pullquote sync")
    assert command.wait_for_response().seen == f"{count} commands are registered."
    mate = discord.add_user("mate", scene.guild)
    discord.set_team(mate)
    command = discord.slash(scene.channel, mate, "pullquote sync")
    assert command.wait_for_response().seen == f"{count} commands are registered."
    discord.world.team.clear()
    assert len(discord.registrations) == before + 2


def test_sync_says_that_discord_refused(world):
    """A registration that fails is said so."""
    discord, scene = world.discord, world.scene
    if discord.owner not in scene.guild.members:
        discord.join(scene.guild, discord.owner)
    discord.fail_next("PUT", "/applications/{app}/commands", status=403)
    discord.forgive("403")
    command = discord.slash(scene.channel, discord.owner, "pullquote sync")
    assert command.wait_for_response().seen == notices.NOT_REGISTERED


def test_start_with_other_commands_registers_them(world):
    """What the database remembers of another set of commands does not count."""
    discord = world.discord
    with closing(sqlite3.connect(world.data / "pullquote.db")) as database:
        rows = database.execute("UPDATE facts SET value = 'other' WHERE key LIKE 'commands of %'")
        assert rows.rowcount == 1
        database.commit()
    before = len(discord.registrations)
    world.bot.stop()  # the last test that needs it
    discord.expect_restart()
    with BotProcess(discord, world.corpus, world.data) as bot:
        discord.wait_ready()
        bot.wait_for_log("Ready as")
    assert len(discord.registrations) == before + 1
