"""The cog of `/pullquote setup`: shows the panel, and saves what is chosen on it."""

import asyncio
import logging
from collections.abc import Sequence
from weakref import WeakValueDictionary

import discord
from discord import app_commands
from discord.ext import commands

from bot.database import Change, ChannelSettings
from bot.discord_app.admin.setup import strings as words
from bot.discord_app.admin.setup.cooldown_form import typed_cooldown
from bot.discord_app.admin.setup.setup_components import (
    CooldownButton,
    SetupMenu,
    SetupSwitch,
    TextsButton,
)
from bot.discord_app.admin.setup.setup_panel import Panel, panel_view
from bot.discord_app.admin.setup.setup_values import (
    CHANNEL_PARTS,
    MAX_QUESTIONS,
    MAX_SECONDS,
    changed_channel,
    changed_server,
    channel_values,
    named_texts,
    server_values,
)
from bot.discord_app.admin.setup.texts_form import typed_texts
from bot.discord_app.commands.group import permitted_guild
from bot.discord_app.context.access import manages, may_administer
from bot.discord_app.context.audit import note_change
from bot.discord_app.context.feature_cog import FeatureCog, group_command
from bot.discord_app.context.origin import category_id, settings_channel_id
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.messages.component_errors import component_errors
from bot.discord_app.messages.send import NO_PINGS, respond, unsent_logged
from bot.errors import DatabaseError
from bot.indexing.scope import EVERY_TEXT, Scope, named_sources
from bot.languages import Catalogue
from bot.rendering import notices
from bot.rendering.discord_markdown import escape
from index import SourceInfo

logger = logging.getLogger(__name__)

# Channels that people can ask in, and whose threads have their settings.
SetupChannel = discord.TextChannel | discord.ForumChannel | discord.VoiceChannel


async def channel_to_administer(
    interaction: discord.Interaction,
    runtime: Runtime,
    channel: SetupChannel | discord.CategoryChannel | None,
) -> discord.abc.GuildChannel | None:
    """Return the channel that a command is about, if the person may administer it.

    Args:
        interaction: The command. If no channel is returned, the person has been told why.
        runtime: Gives the settings and the language.
        channel: The channel that was chosen; None for the one that the command was used in.
    """
    guild = await permitted_guild(interaction, runtime, may_administer)
    if guild is None:
        return None
    target = channel or guild.get_channel(settings_channel_id(interaction.channel))
    if target is None:
        say = (await runtime.origin(interaction)).say
        await respond(interaction, say(words.NO_CHANNEL))
    return target


class SetupCog(FeatureCog):
    """Lets admins set the bot up; every choice checks that the person is an admin."""

    items = (SetupMenu, SetupSwitch, CooldownButton, TextsButton)

    def __init__(self, bot: AnyBot, runtime: Runtime) -> None:
        super().__init__(bot, runtime)
        # One save at a time in each server, so that no choice is lost.
        self._saving: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @group_command(name="setup", description="Choose where, how and for whom I answer")
    @app_commands.describe(channel="The channel to set up; this one by default")
    async def setup(
        self,
        interaction: discord.Interaction,
        channel: SetupChannel | discord.CategoryChannel | None = None,
    ) -> None:
        """Show the panel of a channel or category."""
        target = await channel_to_administer(interaction, self.runtime, channel)
        if target is not None:
            await interaction.response.defer(ephemeral=True)
            await self._show(interaction, target)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Save a form that was filled in, also one that was opened before a restart."""
        for part, typed in (
            ("cooldown", typed_cooldown(interaction)),
            ("texts", typed_texts(interaction)),
        ):
            if typed is not None:
                async with component_errors(interaction, self.runtime):
                    channel_id, values = typed
                    await self.choose(interaction, part, channel_id, values)

    async def channel(
        self, interaction: discord.Interaction, channel_id: int
    ) -> discord.abc.GuildChannel | None:
        """Return the channel of a panel, if the person may set it up; else tell them why not."""
        guild = await permitted_guild(interaction, self.runtime, may_administer)
        if guild is None:
            return None
        channel = guild.get_channel(channel_id)
        if channel is None:
            say = (await self.runtime.origin(interaction)).say
            await respond(interaction, say(words.NO_CHANNEL))
        return channel

    async def texts(self, guild_id: int) -> list[SourceInfo]:
        """Return the texts that may be chosen in a server: its own, and the shared ones if on."""
        server = await self.runtime.settings_cache.server(guild_id)
        scope = Scope(shared=server.shared_texts)
        searcher = await asyncio.to_thread(self.runtime.server_indexes.searcher, guild_id, scope)
        return await asyncio.to_thread(searcher.sources)

    async def choose(
        self, interaction: discord.Interaction, part: str, channel_id: int, values: Sequence[str]
    ) -> None:
        """Save a choice and show the new panel, or tell the person why not."""
        channel = await self.channel(interaction, channel_id)
        if channel is None:
            return
        guild, say = channel.guild, (await self.runtime.origin(interaction)).say
        if part == "admin" and not manages(interaction.user):
            await respond(interaction, say(notices.MAY_NOT))
            return
        await interaction.response.defer()
        if part == "texts" and (unknown := await self._unknown_text(guild.id, values)):
            await respond(interaction, say(notices.NO_SUCH_TEXT, name=escape(unknown)))
            return
        try:
            async with self._saving.setdefault(guild.id, asyncio.Lock()):
                changed = await self._save(channel, part, values)
        except ValueError:
            await respond(interaction, _misfit(part, say))
            return
        except DatabaseError as error:
            logger.warning("A setting could not be saved: %s", error)
            await respond(interaction, say(words.NOT_SAVED))
            return
        logger.info("Server %d changed %r of channel %d", guild.id, part, channel_id)
        if changed.before != changed.after:
            await note_change(self.runtime, interaction, changed)
        with unsent_logged("A changed setting could not be shown"):
            await self._show(interaction, channel)

    async def _unknown_text(self, guild_id: int, lines: Sequence[str]) -> str | None:
        """Return the first line that names none of a server's texts; None if all do."""
        texts = await self.texts(guild_id)

        def unknown() -> str | None:
            names = (name for name in named_texts(lines) if name != EVERY_TEXT)
            return next((name for name in names if not named_sources(texts, (name,))), None)

        return await asyncio.to_thread(unknown)

    async def _save(
        self, channel: discord.abc.GuildChannel, part: str, values: Sequence[str]
    ) -> Change:
        """Save one part of the settings, and leave the others as they are.

        The role @everyone is left out: it would give a right to all members.

        Returns:
            What was changed; its values are the same if nothing was.

        Raises:
            ValueError: The panel does not offer these values.
            DatabaseError: The database failed.
        """
        store, guild = self.runtime.database.settings, channel.guild
        of_channel = part in CHANNEL_PARTS
        if of_channel:
            above = category_id(channel)
            category = await store.channel(guild.id, above) if above else ChannelSettings()
            before = await store.channel(guild.id, channel.id)
            after = changed_channel(before, part, values, category)
            await store.set_channel(guild.id, channel.id, after)
            held = [channel_values(settings, part, category) for settings in (before, after)]
        else:
            choosable = {role.id for role in guild.roles if not role.is_default()}
            if part == "digest":
                choosable = {text_channel.id for text_channel in guild.text_channels}
            server = await store.server(guild.id)
            changed = changed_server(server, part, values, choosable)
            await store.set_server(guild.id, changed)
            held = [server_values(settings, part) for settings in (server, changed)]
        self.runtime.settings_cache.forget(guild.id)
        return Change(
            guild.id,
            "setting_changed",
            part,
            channel_id=channel.id if of_channel else None,
            before=held[0],
            after=held[1],
        )

    async def _show(
        self, interaction: discord.Interaction, channel: discord.abc.GuildChannel
    ) -> None:
        """Put the panel into the message of a deferred interaction."""
        settings, guild = self.runtime.settings_cache, channel.guild
        say = (await self.runtime.origin(interaction)).say  # the language may be what was chosen
        category = category_id(channel)
        panel = Panel(
            channel,
            await settings.channel(guild.id, channel.id),
            await settings.server(guild.id),
            reads_all=self.bot.intents.message_content,
            appoints=manages(interaction.user),
            category=await settings.channel(guild.id, category) if category else ChannelSettings(),
        )
        await interaction.edit_original_response(
            view=panel_view(panel, say), allowed_mentions=NO_PINGS
        )


def _misfit(part: str, say: Catalogue) -> str:
    if part == "cooldown":
        return say(words.NOT_A_COOLDOWN, questions=MAX_QUESTIONS, seconds=MAX_SECONDS)
    return say(words.NOT_SAVED)
