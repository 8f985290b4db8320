"""Methods with which a test sets up guilds, channels, threads and DMs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from tests.standin.model.models import Channel, Guild, Kind, Message, Overwrite, Role, User
from tests.standin.model.permission_names import bits
from tests.standin.people.membership import Membership
from tests.standin.rules.rules import JSON


class Scenery(Membership):
    """A server with guilds, channels and threads."""

    @property
    def mention(self) -> str:
        """The text that mentions the bot."""
        return self.bot.mention

    @property
    def commands(self) -> list[JSON]:
        """Every registered command, global ones first."""
        scopes = list(self.world.commands.values())
        return [command for scope in scopes for command in list(scope.values())]

    def add_guild(
        self,
        name: str,
        *,
        guild_id: int | None = None,
        locale: str = "en-US",
        shard: int | None = None,
        with_bot: bool = True,
    ) -> Guild:
        """Add a guild, with the bot as a member or without it.

        With more than one shard guilds go to them in turn unless `shard` says which.
        """
        if guild_id is None:
            guild_id = self._guild_id(len(self.world.guilds) if shard is None else shard)
        owner = self.add_user(f"{name}-owner")
        guild = Guild(guild_id, name, owner, locale=locale)
        guild.members = {owner: []}
        if not with_bot:
            return guild
        guild.members[self.bot] = []
        return self._do(self.world.add_guild, guild)

    def _guild_id(self, shard: int) -> int:
        shards = self.world.shards
        while True:  # a new millisecond brings the next shard
            number = self.world.new_id()
            if (number >> 22) % shards == shard % shards:
                return number

    def invite_bot(self, guild: Guild) -> None:
        """Add the bot to a guild that exists, such as one that removed it."""
        guild.bot_joined = self.world.new_id()
        guild.members[self.bot] = []
        self._do(self.world.add_guild, guild)

    def set_locale(self, guild: Guild, locale: str) -> None:
        """Change the preferred language of a guild."""
        guild.locale = locale
        self._do(self.world.publish, "GUILD_UPDATE", guild)

    def remove_guild(self, guild: Guild) -> None:
        """Remove the bot from a guild."""
        self._do(self.world.remove_guild, guild)

    def add_channel(
        self,
        guild: Guild,
        name: str,
        kind: Literal["text", "forum", "voice", "news", "category"] = "text",
        *,
        deny: Iterable[str] = (),
        category: Channel | None = None,
    ) -> Channel:
        """Add a channel or category; `deny` names permissions the bot lacks there."""
        number = self.world.new_id()
        channel = Channel(number, Kind[kind.upper()], name, guild, category=category)
        channel.overwrites[self.bot.id] = Overwrite(deny=set(deny), is_user=True)
        return self._do(self.world.add, channel)

    def deny(self, channel: Channel, *permissions: str) -> None:
        """Set what the bot may not do in a channel, in place of what was denied before."""
        self.overwrite(channel, self.bot, deny=permissions)

    def overwrite(
        self,
        channel: Channel,
        whom: Role | User | Guild,
        *,
        allow: Iterable[str] = (),
        deny: Iterable[str] = (),
    ) -> None:
        """Set what a channel allows and denies to a role, a user or (a guild) everyone."""
        if channel.kind is Kind.THREAD or channel.guild is None:
            raise ValueError("threads take the permissions of their channel, DMs have none")
        allowed, denied = set(allow), set(deny)
        bits(allowed | denied)  # KeyError for an unknown name
        channel.overwrites[whom.id] = Overwrite(allowed, denied, isinstance(whom, User))
        self._do(self.world.publish, "CHANNEL_UPDATE", channel)

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel or thread."""
        self._do(self.world.remove, channel)

    def start_thread(
        self, parent: Channel | Message, user: User, name: str, *, private: bool = False
    ) -> Channel:
        """Let a user start a thread in a channel or on a message; the bot is in a private one."""
        channel = parent.channel if isinstance(parent, Message) else parent
        number = parent.id if isinstance(parent, Message) else self.world.new_id()
        thread = Channel(number, Kind.THREAD, name, channel.guild, channel, user)
        thread.private = private
        return self._do(self.world.add, thread)

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """Archive a thread; with `locked` so that only moderators wake it."""
        self._set(thread, archived=True, locked=locked)

    def lock(self, thread: Channel) -> None:
        """Lock a thread and leave it open: only moderators may post in it."""
        self._set(thread, archived=False, locked=True)

    def _set(self, thread: Channel, *, archived: bool, locked: bool) -> None:
        thread.locked = locked
        self._do(self.world.set_archived, thread, archived)

    def open_dm(self, user: User) -> Channel:
        """Return the DM channel of a user with the bot."""
        return self._do(self.world.dm_with, user)

    def open_group(self, *users: User) -> Channel:
        """Open a DM or a group DM without the bot."""
        kind = Kind.DM if len(users) == 2 else Kind.GROUP
        channel = Channel(self.world.new_id(), kind, recipients=list(users))
        return self._do(self.world.add, channel)
