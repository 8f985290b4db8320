"""The state of the stand-in, its clock, and the changes that clients are told about."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from .models import JSON, Channel, Guild, Interaction, Kind, Message, Role, User
from .rules import Judge

DISCORD_EPOCH_MS = 1_420_070_400_000


def publish_to_nobody(event: str, subject: Any) -> None:
    """Stand for the gateway before there is one."""


class Clock:
    """Seconds that pass by themselves and can be pushed forward."""

    def __init__(self, base: Callable[[], float] = time.monotonic) -> None:
        self._base = base
        self._ahead_s = 0.0

    def now(self) -> float:
        """Return the present moment."""
        return self._base() + self._ahead_s

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._ahead_s += seconds


class World:
    """All that exists in the stand-in; `publish` is set by the gateway and tells the clients."""

    def __init__(self, judge: Judge, clock: Clock, *, content_granted: bool) -> None:
        self.judge = judge
        self.clock = clock
        self.content_granted = content_granted
        self.content_announced = content_granted
        self.publish: Callable[[str, Any], None] = publish_to_nobody
        self.websocket_url = ""
        self.resume_url: str | None = None
        self.identifies_left = 0
        self._last_id = 0
        self._ids = threading.Lock()
        self.application_id = self.new_id()
        self.bot = User(self.new_id(), "pullquote", bot=True)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[int | None, dict[int, JSON]] = {None: {}}

    def new_id(self) -> int:
        """Return a fresh snowflake, larger than every one before."""
        now = (int(time.time() * 1000) - DISCORD_EPOCH_MS) << 22
        with self._ids:
            self._last_id = max(now, self._last_id + 1)
            return self._last_id

    def add_guild(self, guild: Guild) -> Guild:
        """Add a guild and tell the clients about it."""
        self.guilds[guild.id] = guild
        self.publish("GUILD_CREATE", guild)
        return guild

    def remove_guild(self, guild: Guild) -> None:
        """Remove the bot from a guild."""
        del self.guilds[guild.id]
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
            del self.channels[thing.id]
            self.publish(f"{_family(thing)}_DELETE", thing)
            return
        thing.deleted = True
        thing.channel.messages.pop(thing.id, None)
        if not thing.ephemeral:
            self.publish("MESSAGE_DELETE", thing)

    def dm_with(self, user: User) -> Channel:
        """Return the bot's DM channel with a user, opened when there is none."""
        for channel in self.channels.values():
            if channel.kind is Kind.DM and channel.owner is user:
                return channel
        return self.add(Channel(self.new_id(), Kind.DM, owner=user))

    def add(self, channel: Channel) -> Channel:
        """Add a channel and tell the clients about it."""
        self.channels[channel.id] = channel
        if channel.kind is not Kind.DM:
            self.publish(f"{_family(channel)}_CREATE", channel)
        return channel

    def post(self, message: Message) -> Message:
        """Add a message to its channel; the clients hear of it unless it is ephemeral."""
        message.channel.messages[message.id] = message
        if not message.ephemeral:
            self.publish("MESSAGE_CREATE", message)
        return message

    def revise(self, message: Message, **changes: Any) -> Message:
        """Change fields of a message and tell the clients."""
        message.edits.append(message.content)
        for name, value in changes.items():
            setattr(message, name, value)
        message.edited_at = time.time()
        if not message.ephemeral:
            self.publish("MESSAGE_UPDATE", message)
        return message


def _family(channel: Channel) -> str:
    return "THREAD" if channel.kind is Kind.THREAD else "CHANNEL"
