"""The cog of `/pullquote add`, `get`, `remove`, `rebuild`: admins manage their server's texts."""

import asyncio
import io
from functools import partial

import discord
from discord import app_commands

from bot.database import Change, ChangeAction
from bot.discord_app.commands.group import completing_guild_id, permitted_guild
from bot.discord_app.context.access import may_administer
from bot.discord_app.context.application_owner import is_owner
from bot.discord_app.context.audit import note_change
from bot.discord_app.context.feature_cog import FeatureCog, group_command
from bot.discord_app.context.origin import Origin
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.messages.choices import MAX_CHOICES, sendable
from bot.discord_app.messages.phrase_completion import PhraseIndex, complete
from bot.discord_app.messages.send import NO_PINGS, respond
from bot.discord_app.texts import strings
from bot.discord_app.texts.changes import Outcome, TextChanges, show
from bot.discord_app.texts.download import fetch
from bot.discord_app.texts.restore_cog import undo_button
from bot.discord_app.texts.server_texts import SHARED, ServerTexts
from bot.indexing.build import build, publish
from bot.indexing.shared_texts import follows_database, store_changed_texts
from index import BuildReport, Progress


class ManageCog(FeatureCog):
    """Changes texts for those who administer a server."""

    def __init__(
        self, bot: AnyBot, runtime: Runtime, texts: ServerTexts, changes: TextChanges
    ) -> None:
        super().__init__(bot, runtime)
        self._texts = texts
        self._changes = changes
        self._catching_up: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Add the commands, and index what changed while the bot was away."""
        await super().cog_load()
        self._catching_up = asyncio.create_task(self._texts.catch_up())
        self.runtime.remote_changes.on("files", self._texts.follow)

    async def cog_unload(self) -> None:
        """Remove the commands, and end the builds that are running."""
        await super().cog_unload()
        if self._catching_up is not None:
            self._catching_up.cancel()
        self._texts.stop()

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
        """Suggest a server's own texts to those who may administer them."""
        guild_id = await completing_guild_id(interaction, self.runtime, may_administer)
        if guild_id is None:
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

    @group_command(name="get", description="Get one of this server's own texts as it was uploaded")
    @app_commands.describe(source="The text to get")
    @app_commands.autocomplete(source=_complete_own)
    async def get(self, interaction: discord.Interaction, source: str) -> None:
        """Send a text as a file, privately."""
        guild = await permitted_guild(interaction, self.runtime, may_administer)
        if guild is None:
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        say = (await self.runtime.origin(interaction)).say
        own = self._changes.own(guild.id)
        limit = interaction.filesize_limit
        content = await asyncio.to_thread(own.content, source, limit)
        if content is None:
            refused = strings.refusal(say, strings.NO_SUCH_TEXT, {"name": source})
            await respond(interaction, refused)
        elif len(content) > limit:
            values = {"name": source, "limit": limit // 2**20}
            await respond(interaction, strings.refusal(say, strings.TOO_LARGE_TO_SEND, values))
        else:
            file = discord.File(io.BytesIO(content), source)
            await interaction.edit_original_response(attachments=[file], allowed_mentions=NO_PINGS)

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
    ) -> Outcome:
        own = self._changes.own(guild_id)
        accept = self._changes.accepted_name
        name, replaces = await asyncio.to_thread(accept, guild_id, file.filename, file.size)
        with own.incoming() as folder:
            await show(interaction, origin.say(strings.FETCHING))
            await fetch(file.url, folder / name, limit_mb=self.runtime.settings.max_file_mb)
            report = await self._changes.build(interaction, origin, partial(own.add, folder / name))
        action: ChangeAction = "text_replaced" if replaces else "text_added"
        await note_change(self.runtime, interaction, Change(guild_id, action, name))
        told = strings.report(origin.say, report)
        if not replaces:
            return Outcome(told)
        first = strings.refusal(origin.say, strings.REPLACED, {"name": name})
        return Outcome(f"{first}\n{told}", await undo_button(own, name, origin.say))

    async def _take_out(
        self, guild_id: int, source: str, interaction: discord.Interaction, origin: Origin
    ) -> Outcome:
        own, say = self._changes.own(guild_id), origin.say
        report = await self._changes.build(interaction, origin, partial(own.remove, source))
        await note_change(self.runtime, interaction, Change(guild_id, "text_removed", source))
        told = (
            strings.refusal(say, strings.REMOVED_LAST, {"name": source})
            if report is None
            else strings.report(say, report)
        )
        return Outcome(told, await undo_button(own, source, say))

    async def _rebuild_own(
        self, guild_id: int, interaction: discord.Interaction, origin: Origin
    ) -> Outcome:
        say, rebuild = origin.say, self._changes.own(guild_id).rebuild
        report = await self._changes.build(interaction, origin, rebuild)
        return Outcome(strings.report(say, report) if report else say(strings.NO_TEXTS))

    async def _rebuild_shared(self, interaction: discord.Interaction, origin: Origin) -> Outcome:
        settings = self.runtime.settings
        if follows_database(settings):
            await store_changed_texts(self.runtime.database.files, settings)
            await self._texts.fetch(SHARED)

        def work(progress: Progress) -> BuildReport:
            report = build(settings, progress, fetch=True, within_s=0)
            publish(settings, progress)
            return report

        report = await self._changes.build(interaction, origin, work)
        return Outcome(strings.report(origin.say, report))
