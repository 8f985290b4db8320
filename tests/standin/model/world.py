"""The state of the stand-in: its clock, and changes that are published to the clients."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

from tests.standin.model.models import (
    Attachment,
    Channel,
    Guild,
    Interaction,
    Kind,
    Message,
    Role,
    User,
)
from tests.standin.rules.rules import JSON, Judge

DISCORD_EPOCH_MS = 1_420_070_400_000


def publish_to_nobody(event: str, subject: Any) -> None:
    """Do nothing; stands for the gateway until there is one."""


class Clock:
    """A clock in seconds that a test can move forward."""

    def __init__(self, base: Callable[[], float] = time.monotonic) -> None:
        self._base = base
        self._ahead_s = 0.0

    def now(self) -> float:
        """Return the present time."""
        return self._base() + self._ahead_s

    def unix_time(self) -> float:
        """Return the time that Discord puts on messages."""
        return time.time() + self._ahead_s

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self._ahead_s += seconds


class World:
    """Everything that exists in the stand-in; `publish`, set by the gateway, tells the clients."""

    def __init__(
        self, judge: Judge, clock: Clock, *, content_granted: bool, shards: int = 1
    ) -> None:
        self.judge = judge
        self.clock = clock
        self.shards = shards
        self.max_concurrency = 1
        self.members_granted = False
        self.content_granted = content_granted
        self.content_announced = content_granted
        self.publish: Callable[[str, Any], None] = publish_to_nobody
        self.websocket_url = ""
        self.cdn_url = ""
        self.resume_url: str | None = None
        self.identifies_left = 0
        # Two worlds made in one millisecond have different bots.
        self._last_id = (self._now() << 22) + secrets.randbits(20)
        self._ids = threading.Lock()
        self.application_id = self.new_id()
        self.bot = User(self.new_id(), "pullquote", bot=True)
        self.owner = User(self.new_id(), "owner")
        self.team: list[User] = []
        self.users: dict[int, User] = {user.id: user for user in (self.bot, self.owner)}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.files: dict[int, Attachment] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[int | None, dict[int, JSON]] = {None: {}}
        # Kept when the message is deleted: Discord does not say that its nonce is free then.
        self.nonces: dict[tuple[int, str | None], Message] = {}

    def new_id(self) -> int:
        """Return a new snowflake, larger than all earlier ones."""
        with self._ids:
            self._last_id = max(self._now() << 22, self._last_id + 1)
            return self._last_id

    def _now(self) -> int:
        """Return the milliseconds since Discord's epoch, as in snowflakes."""
        return int(self.clock.unix_time() * 1000) - DISCORD_EPOCH_MS

    def add_guild(self, guild: Guild) -> Guild:
        """Add a guild and tell the clients about it."""
        self.guilds[guild.id] = guild
        self.publish("GUILD_CREATE", guild)
        return guild

    def remove_guild(self, guild: Guild) -> None:
        """Remove the bot from a guild."""
        del self.guilds[guild.id]
        guild.members.pop(self.bot, None)
        self.publish("GUILD_DELETE", guild)

    def add_member(self, guild: Guild, user: User, roles: list[Role]) -> None:
        """Add a user to a guild and tell the clients about it."""
        guild.members[user] = roles
        self.publish("GUILD_MEMBER_ADD", (guild, user))

    def add_role(self, guild: Guild, role: Role) -> Role:
        """Add a role to a guild and tell the clients about it."""
        guild.roles[role.id] = role
        self.publish("GUILD_ROLE_CREATE", (guild, role))
        return role

    def remove(self, thing: Channel | Message) -> None:
        """Delete a channel or message and tell the clients."""
        if isinstance(thing, Channel):
            self._remove_channel(thing)
            self.publish(f"{_family(thing)}_DELETE", thing)
            return
        self._drop(thing)
        if not thing.ephemeral:
            self.publish("MESSAGE_DELETE", thing)

    def remove_together(self, messages: list[Message]) -> None:
        """Delete messages of one channel and tell the clients in one event."""
        for message in messages:
            self._drop(message)
        self.publish("MESSAGE_DELETE_BULK", messages)

    def _remove_channel(self, channel: Channel) -> None:
        """Remove a channel with its messages and threads; as on Discord, threads have no event."""
        del self.channels[channel.id]
        for message in list(channel.messages.values()):
            self._drop(message)
        for thread in [item for item in self.channels.values() if item.parent is channel]:
            self._remove_channel(thread)

    @staticmethod
    def _drop(message: Message) -> None:
        message.deleted = True
        message.channel.messages.pop(message.id, None)

    def dm_with(self, user: User) -> Channel:
        """Return the bot's DM channel with a user; open it if it does not exist."""
        for channel in self.channels.values():
            if channel.kind is Kind.DM and channel.owner is user:
                return channel
        return self.add(Channel(self.new_id(), Kind.DM, owner=user, recipients=[user, self.bot]))

    def add(self, channel: Channel) -> Channel:
        """Add a channel and tell the clients about it."""
        self.channels[channel.id] = channel
        channel.active_at = self.clock.now()
        if channel.guild is not None:
            self.publish(f"{_family(channel)}_CREATE", channel)
        return channel

    def post(self, message: Message) -> Message:
        """Add a message to its channel and tell the clients, unless it is ephemeral."""
        channel = message.channel
        channel.messages[message.id] = message
        channel.active_at = self.clock.now()
        if not message.ephemeral and channel.archived and not channel.locked:
            self.set_archived(channel, False)
        if not message.ephemeral:
            self.publish("MESSAGE_CREATE", message)
        return message

    def set_archived(self, thread: Channel, archived: bool) -> None:
        """Archive or wake a thread and tell the clients."""
        thread.archived = archived
        thread.active_at = self.clock.now()
        self.publish("THREAD_UPDATE", thread)

    def archive_idle(self) -> None:
        """Archive the threads without a message for longer than their limit."""
        for thread in list(self.channels.values()):
            idle_s = self.clock.now() - thread.active_at
            open_thread = thread.kind is Kind.THREAD and not thread.archived
            if open_thread and idle_s > thread.archive_minutes * 60:
                self.set_archived(thread, True)

    def revise(self, message: Message, **changes: Any) -> Message:
        """Change fields of a message and tell the clients."""
        message.edits.append(message.content)
        for name, value in changes.items():
            setattr(message, name, value)
        message.edited_at = self.clock.unix_time()
        if not message.ephemeral:
            self.publish("MESSAGE_UPDATE", message)
        return message


def _family(channel: Channel) -> str:
    return "THREAD" if channel.kind is Kind.THREAD else "CHANNEL"
