"""Record in the audit log who changed a server's texts, lessons or settings."""

from functools import partial

import discord

from bot.database import Change
from bot.discord_app.context.runtime import Runtime


async def note_change(runtime: Runtime, interaction: discord.Interaction, change: Change) -> None:
    """Record a change that the person of an interaction made.

    The change is already made, so a failure of the database is only logged.
    """
    person, pseudonyms = interaction.user.id, runtime.pseudonyms
    add = partial(
        runtime.database.audit_log.add,
        change,
        person=pseudonyms.hashed(person),
        sealed=pseudonyms.sealed(person),
    )
    await runtime.breaker.write(add, otherwise=None)
