"""Whom the application belongs to: its owner, or those of its team who may change it."""

import discord

from bot.discord_app.context.runtime import AnyBot

_MANAGING_ROLES = (discord.TeamMemberRole.admin, discord.TeamMemberRole.developer)


async def is_owner(bot: AnyBot, user_id: int) -> bool:
    """Say whether the application belongs to a person.

    Discord is asked each time: teams change, and `Bot.is_owner` remembers its first answer and
    takes people for members who were only invited.

    Raises:
        discord.HTTPException: Discord does not say.
    """
    return _owns(await bot.application_info(), user_id)


def _owns(application: discord.AppInfo, user_id: int) -> bool:
    """Say whether an application belongs to a person, or to a team whose part they are."""
    team = application.team
    if team is None:
        return application.owner.id == user_id
    return user_id == team.owner_id or any(
        member.id == user_id
        and member.membership_state is discord.TeamMembershipState.accepted
        and member.role in _MANAGING_ROLES
        for member in team.members
    )
