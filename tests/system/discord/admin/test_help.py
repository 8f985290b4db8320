"""`/help`, everywhere and in each language."""

from types import SimpleNamespace

import pytest

from bot.discord_app.commands import help_strings
from bot.languages import LANGUAGES, catalogue


def help_for(discord, channel, who, **options):
    """Return what `/help` shows somebody, how to ask and then the commands, and its messages."""
    command = discord.slash(channel, who, "help", **options)
    second = discord.wait_until(lambda: command.followups, 10, "the list of commands")[0]
    messages = [command.wait_for_response(), second]
    return SimpleNamespace(seen="\n".join(m.seen for m in messages), messages=messages)


def test_help_in_a_server_says_how_to_ask_and_what_the_buttons_do(scene):
    """Members learn of mentions, follow-ups, buttons, their data and commands, for them alone."""
    discord = scene.discord
    shown = help_for(discord, scene.channel, scene.alice)
    assert help_strings.HOW_TO_ASK["server"] in shown.seen
    assert help_strings.HOW_TO_FOLLOW_UP in shown.seen
    assert "More shows the next paragraphs." in shown.seen
    assert "I keep questions for 30 days, without your name. /privacy" in shown.seen
    assert "/ask Find the paragraphs that answer a question." in shown.seen
    assert "/pullquote" not in shown.seen
    assert not any(message.is_visible_to(scene.admin) for message in shown.messages)


def test_help_lists_the_commands_for_admins_to_admins(scene):
    """Who manages the server, or holds a role for it, sees them all."""
    discord = scene.discord
    seen = help_for(discord, scene.channel, scene.admin).seen
    assert "/pullquote setup Choose where, how and for whom I answer" in seen
    assert "/pullquote diagnose" in seen
    keepers = discord.add_role(scene.guild, "keepers")
    discord.set_roles(scene.guild, scene.alice, keepers)
    scene.set_up("admin", keepers)
    assert "/pullquote setup" in help_for(discord, scene.channel, scene.alice).seen


def test_help_in_direct_messages_and_for_guests_says_what_works_there(scene):
    """Nobody is told to mention the bot where that does nothing."""
    discord = scene.discord
    direct = help_for(discord, discord.open_dm(scene.alice), scene.alice).seen
    assert help_strings.HOW_TO_ASK["direct"] in direct
    away = discord.add_guild("Away", with_bot=False)
    guest = discord.add_user("gil", away)
    hall = discord.add_channel(away, "hall")
    brought = help_for(discord, hall, guest, as_user_install=True).seen
    assert help_strings.HOW_TO_ASK["guest"] in brought
    assert "/pullquote" not in direct + brought


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_fits_a_message_in_every_language(scene, language):
    """Cards and plain text both hold it whole, down to what admins can do."""
    discord = scene.discord
    say = catalogue(language)
    locale = {"en": "en-US", "es": "es-ES"}.get(language, language)
    for _ in ("card", "plain"):
        seen = help_for(discord, scene.channel, scene.admin, locale=locale).seen
        assert say(help_strings.TITLE) in seen
        assert say("Register my commands again (for the owner of this application)") in seen
        scene.set_up("plain")


def test_commands_are_named_as_people_type_them(scene):
    """The help names commands as the menus of that language do."""
    discord = scene.discord
    offered = {c["name"]: c.get("name_localizations") or {} for c in discord.commands}
    assert offered["help"]["de"] == "hilfe"
    assert "/hilfe " in help_for(discord, scene.channel, scene.alice, locale="de").seen
    assert "he" not in offered["ask"]
