"""When commands are registered, and what outlives a restart of the bot."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace

import pytest

from bot.rendering import notices
from tests.standin import DiscordStandIn, Invocation, Message
from tests.support.scenes import Scene, chosen, item, running_world

pytestmark = pytest.mark.xdist_group("registration")


@dataclass(frozen=True)
class Restarted:
    """A bot that was started a second time, and what an admin had open meanwhile.

    Attributes:
        scene: A server of the bot.
        panel: The panel that was opened before.
        form: The form for the cooldown that was opened before.
        texts: The form for the texts that was opened before.
        starts: The number of registrations after each start.
    """

    scene: Scene
    panel: Message
    form: Invocation
    texts: Invocation
    starts: tuple[int, int]


@pytest.fixture(scope="module")
def restarted(tmp_path_factory):
    """A bot that was started a second time."""
    folder = tmp_path_factory.mktemp("restarted")
    with DiscordStandIn() as discord:
        with running_world(discord, folder) as world:
            scene = world.settle()
            panel = scene.panel()
            form = discord.press(panel, item(panel, "cooldown")["custom_id"], scene.admin)
            form.wait_for_modal()
            texts = discord.press(panel, item(panel, "texts")["custom_id"], scene.admin)
            texts.wait_for_modal()
        first = len(discord.registrations)
        discord.expect_restart()
        with running_world(discord, folder) as world:
            world.bot.wait_for_log("Ready as")
            scene = replace(scene, bot=world.bot)
            yield Restarted(scene, panel, form, texts, (first, len(discord.registrations)))


def test_commands_are_registered_once_for_all_starts(restarted):
    """The first start registers them together; the second, with the same ones, not at all."""
    assert restarted.starts == (1, 1)
    assert [request.method for request in restarted.scene.discord.registrations[:1]] == ["PUT"]


def test_panel_and_form_of_before_a_restart_still_work(restarted):
    """Their ids hold all that is needed to take the choice."""
    shown = restarted.scene.choose(restarted.panel, "mode", "off")
    assert chosen(shown, "mode") == ["off"]
    submitted = restarted.form.submit(questions="3", seconds="30").wait_for_response()
    assert item(submitted, "cooldown")["label"] == "Questions for each person: 3 in 30 s"
    submitted = restarted.texts.submit(texts=["harbour.txt"]).wait_for_response()
    assert "Which texts answer there\nharbour.txt" in submitted.seen


def test_sync_is_for_the_owner_of_the_application(restarted):
    """Who administers a server, but not the application, registers nothing."""
    discord, scene = restarted.scene.discord, restarted.scene
    before = len(discord.registrations)
    command = discord.slash(scene.channel, scene.admin, "pullquote sync")
    assert command.wait_for_response().seen == notices.OWNER_ONLY
    assert len(discord.registrations) == before


def test_sync_registers_again_and_says_how_many(restarted):
    """The owner, and members of a team that owns the application, may do it at any time."""
    discord, scene = restarted.scene.discord, restarted.scene
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


def test_sync_says_that_discord_refused(restarted):
    """A registration that fails is said so."""
    discord, scene = restarted.scene.discord, restarted.scene
    if discord.owner not in scene.guild.members:
        discord.join(scene.guild, discord.owner)
    discord.fail_next("PUT", "/applications/{app}/commands", status=403)
    discord.forgive("403")
    command = discord.slash(scene.channel, discord.owner, "pullquote sync")
    assert command.wait_for_response().seen == notices.NOT_REGISTERED


def test_start_with_other_commands_registers_them(restarted):
    """What the database remembers of another set of commands does not count."""
    discord, scene = restarted.scene.discord, restarted.scene
    with closing(sqlite3.connect(scene.data / "pullquote.db")) as database:
        rows = database.execute("UPDATE facts SET value = 'other' WHERE key LIKE 'commands of %'")
        assert rows.rowcount == 1
        database.commit()
    before = len(discord.registrations)
    scene.bot.stop()  # the last test that needs it
    discord.expect_restart()
    with running_world(discord, scene.folder) as again:
        again.bot.wait_for_log("Ready as")
    assert len(discord.registrations) == before + 1
