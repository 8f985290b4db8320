"""The cog of `/pullquote diagnose`: why the bot would or would not answer a person."""

import asyncio
import time
from datetime import datetime

import discord
from discord import app_commands

from bot.discord_app.admin.diagnosis import diagnosis as diagnosis_strings
from bot.discord_app.admin.diagnosis.diagnosis import Diagnosis
from bot.discord_app.admin.setup.bot_permissions import (
    ChannelOrThread,
    missing_permissions,
    named,
    prevent_answers,
)
from bot.discord_app.admin.setup.setup_cog import SetupChannel, channel_to_administer
from bot.discord_app.context.access import may_ask
from bot.discord_app.context.feature_cog import FeatureCog, group_command
from bot.discord_app.messages.message_view import present_message
from bot.errors import DatabaseError
from bot.indexing.scope import Scope
from bot.languages import Catalogue
from bot.rendering.discord_message import sections_message

# A database that takes longer is shown as unreachable.
_DATABASE_TIMEOUT_S = 2.0


class DiagnoseCog(FeatureCog):
    """Shows everything that decides whether the bot answers; changes nothing."""

    @group_command(name="diagnose", description="Find out why I would or would not answer here")
    @app_commands.describe(
        channel="The channel to check; this one by default",
        member="The member who would ask there; you by default",
    )
    async def diagnose(
        self,
        interaction: discord.Interaction,
        channel: SetupChannel | None = None,
        member: discord.Member | None = None,
    ) -> None:
        """Show what lets the bot answer a person in a channel, and what prevents it."""
        target = await channel_to_administer(interaction, self.runtime, channel)
        if target is None:
            return
        say = (await self.runtime.origin(interaction)).say
        await interaction.response.defer(ephemeral=True)
        here = interaction.channel
        asked_in = here if isinstance(here, discord.Thread) and channel is None else target
        diagnosis = await self._diagnose(target, asked_in, member or interaction.user, say)
        lines = list(diagnosis_strings.lines(diagnosis, say, time.time()))
        message = sections_message(diagnosis_strings.title(diagnosis, say), lines, say)
        plain = diagnosis.server.plain
        shown = present_message(message, plain=plain)
        await interaction.edit_original_response(**shown.edit(card=not plain))

    async def _diagnose(
        self,
        channel: discord.abc.GuildChannel,
        asked_in: ChannelOrThread,
        person: discord.Member | discord.User,
        say: Catalogue,
    ) -> Diagnosis:
        """Return the diagnosis of a channel; `asked_in` is the channel or a thread in it."""
        runtime, guild = self.runtime, channel.guild
        chosen = await runtime.settings_cache.channel(guild.id, channel.id)
        server = await runtime.settings_cache.server(guild.id)
        texts, paragraphs, built_at = await asyncio.to_thread(
            self._texts, guild.id, await runtime.scope(guild.id, channel)
        )
        failure = runtime.failures.last(channel.id)
        missing = missing_permissions(asked_in, chosen)
        return Diagnosis(
            asked_in.mention,
            asked_in.name,
            person.mention,
            person.display_name,
            chosen,
            server,
            missing=named(missing, say),
            can_post=not prevent_answers(asked_in, missing),
            reads_all=self.bot.intents.message_content,
            is_bot=person.bot,
            sees=isinstance(person, discord.Member)
            and asked_in.permissions_for(person).view_channel,
            may_ask=may_ask(person, server),
            wait_s=runtime.cooldowns.remaining_s(
                guild.id, person.id, server.cooldown_questions, server.cooldown_seconds
            ),
            texts=texts,
            paragraphs=paragraphs,
            built_at=built_at,
            database_there=await self._is_database_there(guild.id),
            failed_at=failure.at if failure else None,
            failure_code=failure.code if failure else None,
        )

    def _texts(self, guild_id: int, scope: Scope) -> tuple[int, int, datetime]:
        """Return how many texts and paragraphs answer, and when their index was built."""
        sources = self.runtime.server_indexes.searcher(guild_id, scope).sources()
        paragraphs = sum(info.paragraphs for info in sources)
        return len(sources), paragraphs, self.runtime.server_indexes.built_at(guild_id)

    async def _is_database_there(self, guild_id: int) -> bool:
        try:
            async with asyncio.timeout(_DATABASE_TIMEOUT_S):
                await self.runtime.database.settings.server(guild_id)
        except (DatabaseError, TimeoutError):
            return False
        return True
