"""What Discord tells about the application of a token, and the address that invites its bot."""

from dataclasses import dataclass

# What the bot asks for when it is invited. Permissions are bits:
# https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags
INVITE_PERMISSIONS = (
    1 << 10  # View Channels
    | 1 << 11  # Send Messages
    | 1 << 16  # Read Message History
    | 1 << 35  # Create Public Threads
    | 1 << 38  # Send Messages in Threads
)

PORTAL = "https://discord.com/developers/applications"


def invite_link(application_id: int) -> str:
    """Return the address where people invite the bot of an application to their servers."""
    return (
        f"https://discord.com/oauth2/authorize?client_id={application_id}"
        f"&scope=bot+applications.commands&permissions={INVITE_PERMISSIONS}"
    )


@dataclass(frozen=True, slots=True)
class ApplicationInfo:
    """What Discord tells about the application.

    Attributes:
        message_content: Whether it may read messages that do not address it.
        shards: How many shards Discord recommends.
        max_concurrency: How many of them may identify within 5 s.
        bot_id: The user id of the bot.
        bot_name: The name of that user.
        application_id: The id of the application, which invitations name.
        gateway: The address of the gateway; blank if Discord names none.
        sessions: How many sessions the bot may start in 24 hours; None if Discord does not say.
        sessions_left: How many of them are left.
        clock_ahead_s: Seconds that this machine's clock is ahead of Discord's, to a second; None if
            Discord does not say.
    """

    message_content: bool
    shards: int = 1
    max_concurrency: int = 1
    bot_id: int = 0
    bot_name: str = ""
    application_id: int = 0
    gateway: str = ""
    sessions: int | None = None
    sessions_left: int | None = None
    clock_ahead_s: float | None = None

    @property
    def invite_link(self) -> str:
        """The address where people invite the bot to their servers."""
        return invite_link(self.application_id)

    @property
    def bot_page(self) -> str:
        """The address of the page with the token and the intents."""
        return f"{PORTAL}/{self.application_id}/bot"
