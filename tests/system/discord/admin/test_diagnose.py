"""`/pullquote diagnose`: what it says is what keeps the bot from answering."""

import sqlite3
from contextlib import closing

import pytest

from bot.discord_app.admin import diagnosis, strings
from bot.rendering import notices
from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess
from tests.support.scenes import scene as scene
from tests.support.scenes import world as world
from tests.system.discord.admin.test_setup import item, panel, set_up

QUESTION = "who dug the harbour?"


@pytest.fixture
def discord(world):
    """The stand-in that the tests of this file share."""
    return world.discord


def diagnose(discord, scene, who=None, **options):
    """Ask the bot for its diagnosis and return what it says."""
    command = discord.slash(scene.channel, who or scene.admin, "pullquote diagnose", **options)
    return command.wait_for_response().seen


def test_all_is_well_where_nothing_is_in_the_way(discord, scene):
    """The conclusion and each of its reasons is said, with the number and age of the texts."""
    seen = diagnose(discord, scene)
    assert seen.startswith("\u2705 I would answer Ada in #harbour")
    for line in (
        diagnosis.MODES["addressed"],
        diagnosis.ALL_PERMISSIONS,
        diagnosis.INTENT,
        "Questions for each person: 10 in 60 s",
        "1 text, 5 paragraphs. My index was built <t:",
        diagnosis.DATABASE,
        diagnosis.NO_FAILURE,
    ):
        assert f"\u2705 {line}" in seen
    assert "\u274c" not in seen


def test_diagnosis_is_for_admins_and_private(discord, scene):
    """Members are refused, and admins alone see what it says."""
    assert diagnose(discord, scene, scene.bob) == notices.MAY_NOT
    command = discord.slash(scene.channel, scene.admin, "pullquote diagnose")
    assert not command.wait_for_response().is_visible_to(scene.bob)


def test_channel_that_is_turned_off_is_the_reason(discord, scene):
    """A channel named in the option is judged, not the one where the command was used."""
    quay = discord.add_channel(scene.guild, "quay")
    set_up(discord, scene, "mode", "off")
    seen = diagnose(discord, scene)
    assert seen.startswith("\u274c I would not answer Ada in #harbour")
    assert f"\u274c {diagnosis.MODES['off']}" in seen
    assert diagnose(discord, scene, channel=quay).startswith("\u2705 I would answer Ada in #quay")


def test_missing_permissions_are_the_reason(discord, scene):
    """They are named."""
    discord.deny(scene.channel, "SEND_MESSAGES")
    seen = diagnose(discord, scene)
    assert seen.startswith("\u274c")
    assert f"\u274c I am missing permissions in <#{scene.channel.id}>: Send Messages." in seen


def test_permissions_for_a_thread_are_looked_at_in_one(discord, scene):
    """What is lacking for answers in a thread is no matter in the channel that it belongs to."""
    started = discord.say(scene.channel, scene.bob, "The pump broke.")
    thread = discord.start_thread(started, scene.bob, "pump")
    discord.deny(scene.channel, "SEND_MESSAGES_IN_THREADS")
    assert diagnose(discord, scene).startswith("\u2705 I would answer Ada in #harbour")
    seen = discord.slash(thread, scene.admin, "pullquote diagnose").wait_for_response().seen
    assert seen.startswith("\u274c")
    assert f"\u274c I am missing permissions in <#{thread.id}>: Send Messages in Threads." in seen


def test_locked_thread_is_one_for_moderators_only(discord, scene):
    """The bot would be let in with the permission that it names."""
    thread = discord.start_thread(scene.channel, scene.bob, "pump")
    discord.lock(thread)
    seen = discord.slash(thread, scene.admin, "pullquote diagnose").wait_for_response().seen
    assert f"\u274c I am missing permissions in <#{thread.id}>: Manage Threads." in seen


def test_roles_of_a_member_are_the_reason(discord, scene):
    """An admin sees why somebody else is refused; admins themselves may always ask."""
    keepers = discord.add_role(scene.guild, "keepers")
    set_up(discord, scene, "ask", keepers)
    assert diagnose(discord, scene).startswith("\u2705")
    seen = diagnose(discord, scene, member=scene.bob)
    assert seen.startswith("\u274c I would not answer Bob in #harbour")
    assert f"<@{scene.bob.id}> may not ask me" in seen
    assert f"<@&{keepers.id}>" in seen


def test_who_cannot_ask_there_at_all_is_the_reason(discord, scene):
    """Bots are never answered, and people only where they can see the channel."""
    crane = discord.add_user("crane", scene.guild, bot=True)
    seen = diagnose(discord, scene, member=crane)
    assert seen.startswith("\u274c I would not answer crane in #harbour")
    assert f"\u274c <@{crane.id}> is a bot, and I answer people only." in seen
    discord.overwrite(scene.channel, scene.bob, deny=["VIEW_CHANNEL"])
    seen = diagnose(discord, scene, member=scene.bob)
    assert seen.startswith("\u274c I would not answer Bob in #harbour")
    assert f"\u274c <@{scene.bob.id}> can't see this channel." in seen


def test_cooldown_is_the_reason_and_looking_does_not_count(discord, scene):
    """Who asked as much as allowed is said to wait; a diagnosis takes nothing of the share."""
    message = panel(discord, scene)
    form = discord.press(message, item(message, "cooldown")["custom_id"], scene.admin)
    form.submit(questions="1", seconds="600").wait_for_response()
    assert diagnose(discord, scene, member=scene.bob).startswith("\u2705")
    assert diagnose(discord, scene, member=scene.bob).startswith("\u2705")
    asked = discord.say(scene.channel, scene.bob, f"{discord.mention} {QUESTION}")
    discord.wait_for_answer(asked)
    seen = diagnose(discord, scene, member=scene.bob)
    assert seen.startswith("\u274c")
    assert f"<@{scene.bob.id}> asked a lot just now and can ask again <t:" in seen


def test_answer_that_discord_refused_is_told_of(discord, scene, world):
    """The last failure in a channel is there to see, with Discord's code for it."""
    discord.deny(scene.channel, "SEND_MESSAGES")
    discord.forgive("50013")
    discord.say(scene.channel, scene.bob, f"{discord.mention} {QUESTION}")
    world.bot.wait_for_log(f"in channel {scene.channel.id}")
    discord.deny(scene.channel)
    seen = diagnose(discord, scene)
    assert seen.startswith("\u2705")
    assert "\u26a0\ufe0f Discord refused an answer here <t:" in seen
    assert "(code 50013)" in seen


def test_database_that_cannot_be_read_is_told_of(discord, scene, world):
    """Everything else is still said."""
    with closing(sqlite3.connect(world.data / "pullquote.db")) as database:
        database.execute("ALTER TABLE servers RENAME TO away")
        database.commit()
        try:
            seen = diagnose(discord, scene)
        finally:
            database.execute("ALTER TABLE away RENAME TO servers")
            database.commit()
    assert f"\u274c {diagnosis.NO_DATABASE}" in seen
    assert "1 text, 5 paragraphs" in seen


def test_diagnosis_follows_the_persons_language_and_plain_text(discord, scene):
    """It is said in the admin's language, and in plain text where the server wants that."""
    set_up(discord, scene, "plain")
    command = discord.slash(scene.channel, scene.admin, "pullquote diagnose", locale="de")
    response = command.wait_for_response()
    assert "Ada bek\u00e4me in #harbour eine Antwort" in response.seen
    assert "5 Abs\u00e4tze" in response.content


def test_missing_intent_is_told_of_by_panel_and_diagnosis(harbour_corpus, tmp_path):
    """Where every question is wanted the panel warns that most of them cannot be read."""
    with DiscordStandIn(message_content_intent="refused") as discord:
        guild = discord.add_guild("Lowmere")
        channel = discord.add_channel(guild, "harbour")
        with BotProcess(discord, harbour_corpus, tmp_path / "data"):
            discord.wait_ready()
            discord.wait_for_commands("pullquote")
            shown = discord.slash(channel, guild.owner, "pullquote setup").wait_for_response()
            assert strings.NO_INTENT not in shown.seen
            mode = item(shown, "mode")["custom_id"]
            press = discord.press(shown, mode, guild.owner, values=["every"])
            discord.wait_until(
                lambda: strings.NO_INTENT in press.wait_for_response().seen, 10, "a warning"
            )
            seen = discord.slash(channel, guild.owner, "pullquote diagnose").wait_for_response()
            assert f"\u26a0\ufe0f {strings.NO_INTENT}" in seen.seen
