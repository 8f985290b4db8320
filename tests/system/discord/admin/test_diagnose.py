"""`/pullquote diagnose`: what it says is what keeps the bot from answering."""

import sqlite3
from contextlib import closing

from bot.discord_app.admin.diagnosis import diagnosis
from bot.discord_app.admin.setup import strings
from bot.rendering import notices
from tests.standin import DiscordStandIn
from tests.support.scenes import item, running_world


def diagnose(scene, user=None, **options):
    """Ask the bot for its diagnosis and return what it says."""
    command = scene.discord.slash(
        scene.channel, user or scene.admin, "pullquote diagnose", **options
    )
    return command.wait_for_response().seen


def test_all_is_well_where_nothing_is_in_the_way(scene):
    """The conclusion and each of its reasons is said, with the number and age of the texts."""
    seen = diagnose(scene)
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


def test_diagnosis_is_for_admins_and_private(scene):
    """Members are refused, and admins alone see what it says."""
    discord = scene.discord
    assert diagnose(scene, scene.alice) == notices.MAY_NOT
    command = discord.slash(scene.channel, scene.admin, "pullquote diagnose")
    assert not command.wait_for_response().is_visible_to(scene.alice)


def test_channel_that_is_turned_off_is_the_reason(scene):
    """A channel named in the option is judged, not the one where the command was used."""
    discord = scene.discord
    quay = discord.add_channel(scene.guild, "quay")
    scene.set_up("mode", "off")
    seen = diagnose(scene)
    assert seen.startswith("\u274c I would not answer Ada in #harbour")
    assert f"\u274c {diagnosis.MODES['off']}" in seen
    assert diagnose(scene, channel=quay).startswith("\u2705 I would answer Ada in #quay")


def test_missing_permissions_are_the_reason(scene):
    """They are named."""
    discord = scene.discord
    discord.deny(scene.channel, "SEND_MESSAGES")
    seen = diagnose(scene)
    assert seen.startswith("\u274c")
    assert f"\u274c I am missing permissions in <#{scene.channel.id}>: Send Messages." in seen


def test_permissions_for_a_thread_are_looked_at_in_one(scene):
    """What is lacking for answers in a thread is no matter in the channel that it belongs to."""
    discord = scene.discord
    started = discord.say(scene.channel, scene.alice, "The pump broke.")
    thread = discord.start_thread(started, scene.alice, "pump")
    discord.deny(scene.channel, "SEND_MESSAGES_IN_THREADS")
    assert diagnose(scene).startswith("\u2705 I would answer Ada in #harbour")
    seen = discord.slash(thread, scene.admin, "pullquote diagnose").wait_for_response().seen
    assert seen.startswith("\u274c")
    assert f"\u274c I am missing permissions in <#{thread.id}>: Send Messages in Threads." in seen


def test_locked_thread_is_one_for_moderators_only(scene):
    """The bot would be let in with the permission that it names."""
    discord = scene.discord
    thread = discord.start_thread(scene.channel, scene.alice, "pump")
    discord.lock(thread)
    seen = discord.slash(thread, scene.admin, "pullquote diagnose").wait_for_response().seen
    assert f"\u274c I am missing permissions in <#{thread.id}>: Manage Threads." in seen


def test_roles_of_a_member_are_the_reason(scene):
    """An admin sees why somebody else is refused; admins themselves may always ask."""
    discord = scene.discord
    keepers = discord.add_role(scene.guild, "keepers")
    scene.set_up("ask", keepers)
    assert diagnose(scene).startswith("\u2705")
    seen = diagnose(scene, member=scene.alice)
    assert seen.startswith("\u274c I would not answer Alice in #harbour")
    assert f"<@{scene.alice.id}> may not ask me" in seen
    assert f"<@&{keepers.id}>" in seen


def test_who_cannot_ask_there_at_all_is_the_reason(scene):
    """Bots are never answered, and people only where they can see the channel."""
    discord = scene.discord
    crane = discord.add_user("crane", scene.guild, bot=True)
    seen = diagnose(scene, member=crane)
    assert seen.startswith("\u274c I would not answer crane in #harbour")
    assert f"\u274c <@{crane.id}> is a bot, and I answer people only." in seen
    discord.overwrite(scene.channel, scene.alice, deny=["VIEW_CHANNEL"])
    seen = diagnose(scene, member=scene.alice)
    assert seen.startswith("\u274c I would not answer Alice in #harbour")
    assert f"\u274c <@{scene.alice.id}> can't see this channel." in seen


def test_cooldown_is_the_reason_and_looking_does_not_count(scene):
    """Who asked as much as allowed is said to wait; a diagnosis takes nothing of the share."""
    discord = scene.discord
    message = scene.panel()
    form = discord.press(message, item(message, "cooldown")["custom_id"], scene.admin)
    form.submit(questions="1", seconds="600").wait_for_response()
    assert diagnose(scene, member=scene.alice).startswith("\u2705")
    assert diagnose(scene, member=scene.alice).startswith("\u2705")
    scene.ask()
    seen = diagnose(scene, member=scene.alice)
    assert seen.startswith("\u274c")
    assert f"<@{scene.alice.id}> asked a lot just now and can ask again <t:" in seen


def test_answer_that_discord_refused_is_told_of(scene):
    """The last failure in a channel is there to see, with Discord's code for it."""
    discord = scene.discord
    silent = discord.add_channel(scene.guild, "silent")
    discord.deny(silent, "SEND_MESSAGES")
    discord.forgive("Missing Permissions in #silent: SEND_MESSAGES")
    scene.mention(channel=silent)
    scene.wait_for_log(f"in channel {silent.id}")
    discord.deny(silent)
    seen = diagnose(scene, channel=silent)
    assert seen.startswith("\u2705")
    assert "\u26a0\ufe0f Discord refused an answer here <t:" in seen
    assert "(code 50013)" in seen


def test_database_that_cannot_be_read_is_told_of(scene, world):
    """Everything else is still said."""
    with closing(sqlite3.connect(world.data / "pullquote.db")) as database:
        database.execute("ALTER TABLE servers RENAME TO away")
        database.commit()
        try:
            seen = diagnose(scene)
        finally:
            database.execute("ALTER TABLE away RENAME TO servers")
            database.commit()
    assert f"\u274c {diagnosis.NO_DATABASE}" in seen
    assert "1 text, 5 paragraphs" in seen


def test_diagnosis_follows_the_persons_language_and_plain_text(scene):
    """It is said in the admin's language, and in plain text where the server wants that."""
    discord = scene.discord
    scene.set_up("plain")
    command = discord.slash(scene.channel, scene.admin, "pullquote diagnose", locale="de")
    response = command.wait_for_response()
    assert "Ada bek\u00e4me in #harbour eine Antwort" in response.seen
    assert "5 Abs\u00e4tze" in response.content


def test_missing_intent_is_told_of_by_panel_and_diagnosis(tmp_path):
    """Where every question is wanted the panel warns that most of them cannot be read."""
    with (
        DiscordStandIn(message_content_intent="refused") as discord,
        running_world(discord, tmp_path) as world,
    ):
        scene = world.settle()
        shown = scene.panel()
        assert strings.NO_INTENT not in shown.seen
        mode = item(shown, "mode")["custom_id"]
        press = discord.press(shown, mode, scene.admin, values=["every"])
        discord.wait_until(
            lambda: strings.NO_INTENT in press.wait_for_response().seen, 10, "a warning"
        )
        assert f"\u26a0\ufe0f {strings.NO_INTENT}" in diagnose(scene)


def test_permission_that_only_threads_need_keeps_the_bot_from_no_answer(scene):
    """Without a thread it answers by a reply; the missing permission is a warning."""
    discord = scene.discord
    scene.set_up("threads")
    discord.deny(scene.channel, "CREATE_PUBLIC_THREADS")
    seen = diagnose(scene)
    assert seen.startswith("\u2705 I would answer Ada in #harbour")
    assert "\u26a0\ufe0f I am missing permissions" in seen
    assert "Create Public Threads" in seen
    assert scene.ask().channel is scene.channel
