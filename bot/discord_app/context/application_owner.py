"""Who owns the application: a person, or the members of a team who may change it."""

import discord

from bot.discord_app.context.runtime import AnyBot

_MANAGING_ROLES = (discord.TeamMemberRole.admin, discord.TeamMemberRole.developer)


async def is_owner(bot: AnyBot, user_id: int) -> bool:
    """Return whether a person owns the application.

    Discord is asked each time, because teams change. `Bot.is_owner` caches its first answer and
    counts people who were invited to the team but have not accepted.

    Raises:
        discord.HTTPException: Discord refuses the request.
    """
    return _owns(await bot.application_info(), user_id)


def _owns(application: discord.AppInfo, user_id: int) -> bool:
    """Return whether a person owns an application, alone or as a member of its team."""
    team = application.team
    if team is None:
        return application.owner.id == user_id
    return user_id == team.owner_id or any(
        member.id == user_id
        and member.membership_state is discord.TeamMembershipState.accepted
        and member.role in _MANAGING_ROLES
        for member in team.members
    )
