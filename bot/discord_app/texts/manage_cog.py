"""The cog of `/pullquote add`, `remove` and `rebuild`: admins change the texts of their server."""

import asyncio
from functools import partial

import discord
from discord import app_commands

from bot.discord_app.commands.group import permitted_guild
from bot.discord_app.context.access import may_administer
from bot.discord_app.context.application_owner import is_owner
from bot.discord_app.context.feature_cog import FeatureCog, group_command
from bot.discord_app.context.origin import Origin, installed_guild_id
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.messages.choices import MAX_CHOICES, sendable
from bot.discord_app.messages.phrase_completion import PhraseIndex, complete
from bot.discord_app.messages.send import respond
from bot.discord_app.texts import strings
from bot.discord_app.texts.changes import SHARED, TextChanges, show
from bot.discord_app.texts.download import fetch
from bot.discord_app.texts.file_names import text_name
from bot.indexing.build import build
from index import BuildReport, Progress


class ManageCog(FeatureCog):
    """Changes texts for those who administer a server."""

    def __init__(self, bot: AnyBot, runtime: Runtime) -> None:
        super().__init__(bot, runtime)
        self._changes = TextChanges(runtime)
        self._catching_up: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Add the commands, and index what changed while the bot was away."""
        await super().cog_load()
        self._catching_up = asyncio.create_task(self._changes.catch_up())

    async def cog_unload(self) -> None:
        """Remove the commands, and end the builds that are running."""
        await super().cog_unload()
        if self._catching_up is not None:
            self._catching_up.cancel()
        self._changes.stop()

    @group_command(name="add", description="Add a text that is used only in this server")
    @app_commands.describe(file="A text file, such as .txt, .md, .html or .epub")
    async def add(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Take in an attached text."""
        guild = await permitted_guild(interaction, self.runtime, may_administer)
        if guild is not None:
            await self._changes.run(interaction, guild.id, partial(self._take_in, guild.id, file))

    async def _complete_own(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest a server's own texts to those who may remove them."""
        guild_id = installed_guild_id(interaction)
        server = await self.runtime.settings_cache.server(guild_id)
        if guild_id is None or not may_administer(interaction.user, server):
            return []
        names = sendable(await asyncio.to_thread(self._changes.own(guild_id).names))
        found = complete(current, (PhraseIndex(names),), MAX_CHOICES)
        return [app_commands.Choice(name=name, value=name) for name in found]

    @group_command(name="remove", description="Remove one of this server's own texts")
    @app_commands.describe(source="The text to remove")
    @app_commands.autocomplete(source=_complete_own)
    async def remove(self, interaction: discord.Interaction, source: str) -> None:
        """Remove a text."""
        guild = await permitted_guild(interaction, self.runtime, may_administer)
        if guild is not None:
            take_out = partial(self._take_out, guild.id, source)
            await self._changes.run(interaction, guild.id, take_out)

    @group_command(name="rebuild", description="Index the texts of this server again")
    @app_commands.describe(
        shared="Index the texts that all servers share; only for the owner of this application"
    )
    async def rebuild(self, interaction: discord.Interaction, shared: bool = False) -> None:
        """Index a server's texts, or the shared ones."""
        if shared:
            if await is_owner(self.bot, interaction.user.id):
                await self._changes.run(interaction, SHARED, self._rebuild_shared)
            else:
                say = (await self.runtime.origin(interaction)).say
                await respond(interaction, say(strings.OWNER_ONLY))
            return
        guild = await permitted_guild(interaction, self.runtime, may_administer)
        if guild is not None:
            await self._changes.run(interaction, guild.id, partial(self._rebuild_own, guild.id))

    async def _take_in(
        self,
        guild_id: int,
        file: discord.Attachment,
        interaction: discord.Interaction,
        origin: Origin,
    ) -> str:
        own, indexes = self._changes.own(guild_id), self.runtime.server_indexes

        def accept() -> tuple[str, bool]:
            names = own.names()
            shared = {info.source for info in indexes.shared().sources()}
            name = text_name(file.filename, names, shared)
            own.check_room(name, file.size)
            return name, name in names

        name, replaces = await asyncio.to_thread(accept)
        with own.incoming() as folder:
            await show(interaction, origin.say(strings.FETCHING))
            await fetch(file.url, folder / name, limit_mb=self.runtime.settings.max_file_mb)
            report = await self._changes.build(interaction, origin, partial(own.add, folder / name))
        told = strings.report(origin.say, report)
        if not replaces:
            return told
        first = strings.refusal(origin.say, strings.REPLACED, {"name": name})
        return f"{first}\n{told}"

    async def _take_out(
        self, guild_id: int, source: str, interaction: discord.Interaction, origin: Origin
    ) -> str:
        own = self._changes.own(guild_id)
        report = await self._changes.build(interaction, origin, partial(own.remove, source))
        if report is not None:
            return strings.report(origin.say, report)
        return strings.refusal(origin.say, strings.REMOVED_LAST, {"name": source})

    async def _rebuild_own(
        self, guild_id: int, interaction: discord.Interaction, origin: Origin
    ) -> str:
        rebuild = self._changes.own(guild_id).rebuild
        report = await self._changes.build(interaction, origin, rebuild)
        return strings.report(origin.say, report) if report else origin.say(strings.NO_TEXTS)

    async def _rebuild_shared(self, interaction: discord.Interaction, origin: Origin) -> str:
        settings = self.runtime.settings

        def work(progress: Progress) -> BuildReport:
            return build(settings, settings.models_dir, progress, fetch=True, within_s=0)

        return strings.report(origin.say, await self._changes.build(interaction, origin, work))
