"""The cog of `/pullquote setup`: shows the panel, and saves what is chosen on it."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any
from weakref import WeakValueDictionary

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_app.admin import strings as words
from bot.discord_app.admin.setup_components import SetupItem, form_of
from bot.discord_app.admin.setup_panel import Panel, cooldown_form, panel_view
from bot.discord_app.admin.setup_values import (
    CHANNEL_PARTS,
    MAX_QUESTIONS,
    MAX_SECONDS,
    changed_channel,
    changed_server,
)
from bot.discord_app.commands.group import admitted
from bot.discord_app.context.access import manages, may_administer
from bot.discord_app.context.origin import settings_channel_id
from bot.discord_app.context.services import AnyBot, Services
from bot.discord_app.messages.send import NO_PINGS, respond
from bot.errors import DatabaseError
from bot.languages import Catalogue
from bot.rendering import notices, wording

logger = logging.getLogger(__name__)

# Channels that people can ask in, and whose threads have their settings.
SetupChannel = discord.TextChannel | discord.ForumChannel | discord.VoiceChannel


class SetupCommand(commands.Cog):
    """Lets admins set the bot up; who is one is checked with every choice."""

    def __init__(self, bot: AnyBot, services: Services, group: app_commands.Group) -> None:
        self._bot = bot
        self._services = services
        self._group = group
        # Of two choices in a server at once the later builds on the earlier.
        self._saving: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def cog_load(self) -> None:
        """Add the command, and take choices on panels of all times."""
        self._group.add_command(
            app_commands.Command(
                name="setup",
                description="Choose where, how and for whom I answer",
                callback=self._setup,
            )
        )
        self._bot.add_dynamic_items(SetupItem)

    async def cog_unload(self) -> None:
        """Leave the command and the panels alone again."""
        self._group.remove_command("setup")
        self._bot.remove_dynamic_items(SetupItem)

    @app_commands.describe(channel="The channel to set up; this one if you name none")
    async def _setup(
        self, interaction: discord.Interaction, channel: SetupChannel | None = None
    ) -> None:
        """Show the panel of a channel."""
        guild = await admitted(interaction, self._services, may_administer)
        if guild is None:
            return
        say = (await self._services.where(interaction)).say
        target = channel or guild.get_channel(settings_channel_id(interaction.channel))
        if target is None:
            await respond(interaction, say(words.NO_CHANNEL))
            return
        await interaction.response.defer(ephemeral=True)
        await self._show(interaction, target)

    @commands.Cog.listener()
    async def on_setup_choice(
        self, interaction: discord.Interaction, part: str, channel_id: int, values: Sequence[str]
    ) -> None:
        """Save a choice and show the panel anew, or say why not."""
        say = (await self._services.where(interaction)).say
        try:
            await self._choose(interaction, part, channel_id, values)
        except ValueError:
            await respond(interaction, _misfit(part, say))
        except DatabaseError as error:
            logger.warning("A setting could not be saved: %s", error)
            await respond(interaction, say(words.NOT_SAVED))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            logger.warning("A choice of settings could not be answered: %s", error)
        except Exception:
            logger.exception("Failed to save the setting %r", part)
            await respond(interaction, say(wording.APOLOGY))

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a form that was filled in, also one that was opened before a restart."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: dict[str, Any] = {**(interaction.data or {})}
        form = form_of(str(data.get("custom_id")))
        if form is not None:
            fields = [part["component"] for part in data.get("components", ())]
            typed = {field["custom_id"]: str(field["value"]) for field in fields}
            values = [typed.get("questions", ""), typed.get("seconds", "")]
            await self.on_setup_choice(interaction, *form, values)

    async def _choose(
        self, interaction: discord.Interaction, part: str, channel_id: int, values: Sequence[str]
    ) -> None:
        guild = await admitted(interaction, self._services, may_administer)
        if guild is None:
            return
        say = (await self._services.where(interaction)).say
        channel = guild.get_channel(channel_id)
        if channel is None:
            await respond(interaction, say(words.NO_CHANNEL))
            return
        if part == "admin" and not manages(interaction.user):
            await respond(interaction, say(notices.MAY_NOT))
            return
        if part == "cooldown" and not values:
            server = await self._services.known.server(guild.id)
            await interaction.response.send_modal(cooldown_form(channel_id, server, say))
            return
        await interaction.response.defer()
        async with self._saving.setdefault(guild.id, asyncio.Lock()):
            await self._save(guild, channel_id, part, values)
        logger.info("Server %d changed %r of channel %d", guild.id, part, channel_id)
        await self._show(interaction, channel)

    async def _save(
        self, guild: discord.Guild, channel_id: int, part: str, values: Sequence[str]
    ) -> None:
        """Save one part of the settings, and leave the others as they are.

        Nobody can be given a right by giving it to everyone: that role is left out.

        Raises:
            ValueError: The values are none that the panel offers.
            DatabaseError: The database failed.
        """
        store = self._services.database.settings
        if part in CHANNEL_PARTS:
            before = await store.channel(guild.id, channel_id)
            await store.set_channel(guild.id, channel_id, changed_channel(before, part, values))
        else:
            roles = {role.id for role in guild.roles if not role.is_default()}
            server = await store.server(guild.id)
            await store.set_server(guild.id, changed_server(server, part, values, roles))
        self._services.known.forget(guild.id)

    async def _show(
        self, interaction: discord.Interaction, channel: discord.abc.GuildChannel
    ) -> None:
        """Put the panel into the message of a deferred interaction."""
        known, guild = self._services.known, channel.guild
        say = (await self._services.where(interaction)).say  # the language may be what was chosen
        panel = Panel(
            channel,
            await known.channel(guild.id, channel.id),
            await known.server(guild.id),
            reads_all=self._bot.intents.message_content,
            appoints=manages(interaction.user),
        )
        await interaction.edit_original_response(
            view=panel_view(panel, say), allowed_mentions=NO_PINGS
        )


def _misfit(part: str, say: Catalogue) -> str:
    if part == "cooldown":
        return say(words.NOT_A_COOLDOWN, questions=MAX_QUESTIONS, seconds=MAX_SECONDS)
    return say(words.NOT_SAVED)
