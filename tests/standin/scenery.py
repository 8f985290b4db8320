"""Guilds, channels, roles and users, as a test sets them up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from .models import JSON, Channel, Guild, Kind, Message, Role, User
from .server import Server


class Scenery(Server):
    """A server with methods that add to the world and take from it."""

    @property
    def bot(self) -> User:
        """The bot's account."""
        return self.world.bot

    @property
    def mention(self) -> str:
        """The text that mentions the bot."""
        return self.bot.mention

    @property
    def commands(self) -> list[JSON]:
        """Every registered command, global ones first."""
        scopes = list(self.world.commands.values())
        return [command for scope in scopes for command in list(scope.values())]

    def add_guild(self, name: str, *, guild_id: int | None = None, locale: str = "en-US") -> Guild:
        """Add a guild with the bot in it."""
        owner = self.add_user(f"{name}-owner")
        guild = Guild(guild_id or self.world.new_id(), name, owner, locale=locale)
        guild.members = {owner: [], self.bot: []}
        return self._do(self.world.add_guild, guild)

    def remove_guild(self, guild: Guild) -> None:
        """Remove the bot from a guild."""
        self._do(self.world.remove_guild, guild)

    def add_channel(
        self,
        guild: Guild,
        name: str,
        kind: Literal["text", "forum"] = "text",
        *,
        deny: Iterable[str] = (),
    ) -> Channel:
        """Add a text channel or forum; `deny` names permissions the bot lacks there."""
        number = self.world.new_id()
        channel = Channel(number, Kind[kind.upper()], name, guild, deny=set(deny))
        return self._do(self.world.add, channel)

    def deny(self, channel: Channel, *permissions: str) -> None:
        """Set what the bot may not do in a channel, in place of what was denied before."""
        channel.deny = set(permissions)
        self._do(self.world.publish, "CHANNEL_UPDATE", channel)

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel or thread."""
        self._do(self.world.remove, channel)

    def start_thread(self, parent: Channel | Message, user: User, name: str) -> Channel:
        """Let a user start a thread in a channel or on a message."""
        channel = parent.channel if isinstance(parent, Message) else parent
        number = parent.id if isinstance(parent, Message) else self.world.new_id()
        thread = Channel(number, Kind.THREAD, name, channel.guild, channel, user)
        return self._do(self.world.add, thread)

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """Archive a thread."""
        thread.archived, thread.locked = True, locked
        self._do(self.world.publish, "THREAD_UPDATE", thread)

    def add_role(self, guild: Guild, name: str, *permissions: str) -> Role:
        """Add a role."""
        role = Role(self.world.new_id(), name, set(permissions))
        return self._do(self.world.add_role, guild, role)

    def add_user(
        self, name: str, *guilds: Guild, roles: Iterable[Role] = (), bot: bool = False
    ) -> User:
        """Add a person, or another bot, as a member of some guilds."""
        user = User(self.world.new_id(), name, bot=bot)
        self.world.users[user.id] = user
        for guild in guilds:
            held = [role for role in roles if role.id in guild.roles]
            self._do(self.world.add_member, guild, user, held)
        return user

    def open_dm(self, user: User) -> Channel:
        """Return the DM channel of a user with the bot."""
        return self._do(self.world.dm_with, user)
