"""Data classes of the stand-in: users, guilds, channels, messages, interactions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from tests.standin.model.markdown import visible_text
from tests.standin.model.permission_names import EVERYONE_MAY
from tests.standin.rules.rules import JSON, TEXT_DISPLAY, walk

EPHEMERAL = 1 << 6
LOADING = 1 << 7


class Kind(IntEnum):
    """Channel types, by Discord's numbers."""

    TEXT = 0
    DM = 1
    VOICE = 2
    GROUP = 3
    CATEGORY = 4
    NEWS = 5
    THREAD = 11
    FORUM = 15


class MessageType(IntEnum):
    """The message types that the stand-in produces."""

    DEFAULT = 0
    REPLY = 19
    SLASH_COMMAND = 20
    CONTEXT_MENU = 23


@dataclass(eq=False)
class User:
    """An account, of a person or a bot."""

    id: int
    name: str
    bot: bool = False
    dm_open: bool = True
    locale: str = "en-US"

    @property
    def mention(self) -> str:
        """The text that mentions this user."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Role:
    """A role of a guild; `permissions` are names as in Discord's documentation."""

    id: int
    name: str
    permissions: set[str] = field(default_factory=set)

    @property
    def mention(self) -> str:
        """The text that mentions this role."""
        return f"<@&{self.id}>"


@dataclass(eq=False)
class Guild:
    """A server; `members` maps each user to the roles they hold."""

    id: int
    name: str
    owner: User
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[User, list[Role]] = field(default_factory=dict)
    locale: str = "en-US"
    # The channel for system messages, and the snowflake of the moment when the bot joined.
    system_channel: Channel | None = None
    bot_joined: int = 0
    # Commands that the guild's settings also allow to these roles and users.
    command_grants: dict[str, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.everyone = Role(self.id, "@everyone", set(EVERYONE_MAY))
        self.bot_joined = self.bot_joined or self.id


@dataclass(eq=False)
class Overwrite:
    """What a channel allows or denies to one role or user, by names of permissions."""

    allow: set[str] = field(default_factory=set)
    deny: set[str] = field(default_factory=set)
    is_user: bool = False


@dataclass(eq=False)
class Channel:
    """A text channel, forum, thread or DM; `owner` of a DM is whom it links with the bot.

    Voice channels count for the chat beside them, `private` for threads alone. `parent` is the
    channel of a thread, `category` what another channel is listed below.
    """

    id: int
    kind: Kind
    name: str = ""
    guild: Guild | None = None
    parent: Channel | None = None
    owner: User | None = None
    recipients: list[User] = field(default_factory=list)
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    archived: bool = False
    locked: bool = False
    private: bool = False
    archive_minutes: int = 1440
    active_at: float = 0.0
    messages: dict[int, Message] = field(default_factory=dict)
    typings: int = 0
    category: Channel | None = None

    @property
    def context(self) -> int:
        """Discord's number for a guild, a DM with the bot, or a DM or group without it."""
        if self.guild is not None:
            return 0
        return 1 if self.owner is not None else 2

    @property
    def mention(self) -> str:
        """The text that links to this channel."""
        return f"<#{self.id}>"


@dataclass(eq=False)
class Attachment:
    """A file at Discord; `size` is what Discord says, which a test may let differ."""

    id: int
    filename: str
    content: bytes
    content_type: str
    size: int


@dataclass(eq=False)
class Message:
    """A message as it stands now; `edits` holds the contents it had before, oldest first."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    embeds: list[JSON] = field(default_factory=list)
    components: list[JSON] = field(default_factory=list)
    attachments: list[JSON] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    reference: JSON | None = None
    replied_to: Message | None = None
    omits_reply: bool = False  # Discord need not send the message that was replied to
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[Role] = field(default_factory=list)
    mention_everyone: bool = False
    flags: int = 0
    webhook_id: int | None = None
    nonce: str | None = None
    interaction: Interaction | None = None
    reactions: dict[str, set[int]] = field(default_factory=dict)
    edits: list[str] = field(default_factory=list)
    edited_at: float | None = None
    deleted: bool = False

    @property
    def type(self) -> MessageType:
        """How the message came to be."""
        if self.interaction is not None and self.interaction.type == 2:
            is_menu = self.interaction.data.get("type") == 3
            return MessageType.CONTEXT_MENU if is_menu else MessageType.SLASH_COMMAND
        replies = self.reference is not None and self.reference["type"] == 0  # 1 is a forward
        return MessageType.REPLY if replies else MessageType.DEFAULT

    @property
    def ephemeral(self) -> bool:
        """Whether only the user of the interaction sees it."""
        return bool(self.flags & EPHEMERAL)

    def is_visible_to(self, viewer: User | None) -> bool:
        """Return whether a person sees it in its channel; None is any other person."""
        whose = self.interaction.user if self.interaction else None
        return not self.ephemeral or (viewer is not None and viewer is whose)

    @property
    def loading(self) -> bool:
        """Whether it still shows "thinking..."."""
        return bool(self.flags & LOADING)

    @property
    def link(self) -> str:
        """The address of this message in Discord."""
        guild_id = self.channel.guild.id if self.channel.guild else "@me"
        return f"https://discord.com/channels/{guild_id}/{self.channel.id}/{self.id}"

    @property
    def seen(self) -> str:
        """The text a person sees: content, text components, then each embed's parts."""
        return "\n".join(visible_text(part) for part in self._texts() if part)

    @property
    def markdown(self) -> str:
        """The same before it is rendered."""
        return "\n".join(part for part in self._texts() if part)

    @property
    def buttons(self) -> list[JSON]:
        """Every component that can be pressed or picked from, in order."""
        return [part for part in walk(self.components) if "custom_id" in part or "url" in part]

    def _texts(self) -> Iterator[str]:
        yield self.content
        yield from (
            part["content"] for part in walk(self.components) if part["type"] == TEXT_DISPLAY
        )
        for embed in self.embeds:
            yield embed.get("author", {}).get("name", "")
            yield embed.get("title", "")
            yield embed.get("description", "")
            for item in embed.get("fields", []):
                yield item["name"]
                yield item["value"]
            yield embed.get("footer", {}).get("text", "")


@dataclass(eq=False)
class Interaction:
    """One slash command, autocomplete, button press, menu or modal, and its answers."""

    id: int
    token: str
    type: int
    user: User
    channel: Channel
    data: JSON
    created_at: float
    message: Message | None = None
    locale: str = "en-US"
    as_user_install: bool = False
    acknowledged_at: float | None = None
    answered_at: float | None = None
    callback_type: int | None = None
    original: Message | None = None
    response: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[JSON] | None = None
    modal: JSON | None = None

    @property
    def owners(self) -> JSON:
        """Who installed the app, as the payload says: the user alone, or the guild (0 for DMs)."""
        if self.as_user_install:
            return {"1": str(self.user.id)}
        return {"0": str(self.channel.guild.id if self.channel.guild else 0)}

    @property
    def acknowledged_after(self) -> float | None:
        """Seconds from the event to the first response, None before it."""
        return None if self.acknowledged_at is None else self.acknowledged_at - self.created_at
