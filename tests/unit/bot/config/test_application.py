"""The invitation of the bot, and what it asks for."""

from urllib.parse import parse_qs, urlsplit

import discord

from bot.config.application import INVITE_PERMISSIONS, ApplicationInfo
from bot.discord_app.admin.setup.strings import PERMISSIONS
from tests.support.checkout import REPOSITORY

NEEDED = (
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "create_public_threads",
    "read_message_history",
)


def test_invitation_asks_for_the_permissions_that_the_bot_needs():
    """It is the address that discord.py makes for them."""
    permissions = discord.Permissions(**dict.fromkeys(NEEDED, True))
    assert discord.Permissions(INVITE_PERMISSIONS) == permissions
    link = ApplicationInfo(message_content=True, application_id=42).invite_link
    expected = discord.utils.oauth_url(
        42, permissions=permissions, scopes=("bot", "applications.commands")
    )
    assert parse_qs(urlsplit(link).query) == parse_qs(urlsplit(expected).query)
    assert link.partition("?")[0] == expected.partition("?")[0]


def test_readme_names_the_permissions_of_the_invitation():
    """Each by the name that Discord's client shows."""
    text = " ".join((REPOSITORY / "README.md").read_text(encoding="utf-8").split())
    (line,) = (line for line in text.split(". ") if "permissions are" in line)
    assert [name for name in NEEDED if PERMISSIONS[name] not in line] == []
