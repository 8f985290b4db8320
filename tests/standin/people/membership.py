"""Methods with which a test sets up users, roles and memberships."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.standin.model.models import Guild, Role, User
from tests.standin.model.permission_names import bits
from tests.standin.server import Server


class Membership(Server):
    """A server with people who hold roles in guilds."""

    @property
    def bot(self) -> User:
        """The bot's account."""
        return self.world.bot

    @property
    def owner(self) -> User:
        """The person to whom the application belongs."""
        return self.world.owner

    def set_team(self, *members: User) -> None:
        """Let a team own the application: its owner, and these as admins."""
        self.world.team = [self.owner, *members]

    def add_user(
        self,
        name: str,
        *guilds: Guild,
        roles: Iterable[Role] = (),
        bot: bool = False,
        locale: str = "en-US",
    ) -> User:
        """Add a person, or another bot, as a member of some guilds."""
        user = User(self.world.new_id(), name, bot=bot, locale=locale)
        self.world.users[user.id] = user
        for guild in guilds:
            self.join(guild, user, roles=[role for role in roles if role.id in guild.roles])
        return user

    def join(self, guild: Guild, user: User, *, roles: Iterable[Role] = ()) -> None:
        """Make a user a member of a guild."""
        self._do(self.world.add_member, guild, user, list(roles))

    def leave(self, guild: Guild, user: User) -> None:
        """Take a user out of a guild."""
        del guild.members[user]
        self._tell("GUILD_MEMBER_REMOVE", guild, user)

    def add_role(self, guild: Guild, name: str, *permissions: str) -> Role:
        """Add a role."""
        bits(permissions)  # KeyError for an unknown name
        role = Role(self.world.new_id(), name, set(permissions))
        return self._do(self.world.add_role, guild, role)

    def set_permissions(self, guild: Guild, role: Role, *permissions: str) -> None:
        """Set what a role, maybe `guild.everyone`, may do, in place of what it could before."""
        bits(permissions)
        role.permissions = set(permissions)
        self._tell("GUILD_ROLE_UPDATE", guild, role)

    def remove_role(self, guild: Guild, role: Role) -> None:
        """Delete a role, also from those who hold it."""
        del guild.roles[role.id]
        for held in guild.members.values():
            held[:] = [item for item in held if item is not role]
        self._tell("GUILD_ROLE_DELETE", guild, role)

    def set_roles(self, guild: Guild, user: User, *roles: Role) -> None:
        """Let a member, maybe the bot, hold these roles and no others."""
        guild.members[user] = list(roles)
        self._tell("GUILD_MEMBER_UPDATE", guild, user)

    def grant_command(self, guild: Guild, name: str, *whom: Role | User) -> None:
        """Show a command to roles or users whatever its default_member_permissions say."""
        guild.command_grants.setdefault(name, set()).update(item.id for item in whom)

    def _tell(self, event: str, guild: Guild, subject: Any) -> None:
        self._do(self.world.publish, event, (guild, subject))
