"""The cog of `/pullquote add`, `remove` and `rebuild`: admins change the texts of their server."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import aiohttp
import discord
from discord import app_commands

from bot.discord_app.commands.group import admitted
from bot.discord_app.context.access import may_administer
from bot.discord_app.context.application_owner import is_owner
from bot.discord_app.context.feature_cog import FeatureCog, group_command
from bot.discord_app.context.origin import Where, installed_guild_id
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.messages.choices import MAX_CHOICES, is_sendable
from bot.discord_app.messages.phrase_completion import Completions, complete
from bot.discord_app.messages.send import NO_PINGS, respond
from bot.discord_app.texts import strings
from bot.discord_app.texts.download import fetch
from bot.discord_app.texts.file_names import text_name
from bot.discord_app.texts.server_corpus import OwnTexts
from bot.errors import TextRefusedError
from bot.indexing.build import BuildProgress, BuildStoppedError, build
from bot.indexing.worker_threads import beside_the_loop
from index import BuildReport, PassageIndexError, Progress, RebuildRunningError

logger = logging.getLogger(__name__)

T = TypeVar("T")

# A person sees that something goes on, and Discord takes five edits in that time.
_SHOW_EVERY_S = 2.0

# Builds are work for the processor, and questions are to be answered meanwhile; others wait.
_MAX_BUILDS = 2

# What is changed: a server's texts by its id, or the shared ones.
_SHARED = 0


class ManagingTexts(FeatureCog):
    """Changes texts, those of one server one after the other."""

    def __init__(self, bot: AnyBot, services: Runtime) -> None:
        super().__init__(bot, services)
        self._changing: set[int] = set()
        self._builds: set[BuildProgress] = set()
        self._slots = asyncio.Semaphore(_MAX_BUILDS)
        self._catching_up: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Add the commands, and look after what changed while the bot was away."""
        await super().cog_load()
        self._catching_up = asyncio.create_task(self._catch_up())

    async def cog_unload(self) -> None:
        """Remove the commands, and let the builds under way end."""
        await super().cog_unload()
        if self._catching_up is not None:
            self._catching_up.cancel()
        for progress in self._builds:
            progress.stop()

    @group_command(name="add", description="Add a text that only this server is answered from")
    @app_commands.describe(file="A text file, such as .txt, .md, .html or .epub")
    async def add(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Take in an attached text."""
        guild = await admitted(interaction, self.services, may_administer)
        if guild is not None:
            await self._change(interaction, guild.id, partial(self._take_in, guild.id, file))

    async def _complete_own(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest a server's own texts to those who may remove them."""
        guild_id = installed_guild_id(interaction)
        server = await self.services.known.server(guild_id)
        if guild_id is None or not may_administer(interaction.user, server):
            return []
        names = filter(is_sendable, await asyncio.to_thread(self._own(guild_id).names))
        found = complete(current, (Completions(names),), MAX_CHOICES)
        return [app_commands.Choice(name=name, value=name) for name in found]

    @group_command(name="remove", description="Remove one of this server's own texts")
    @app_commands.describe(source="Which of the server's own texts")
    @app_commands.autocomplete(source=_complete_own)
    async def remove(self, interaction: discord.Interaction, source: str) -> None:
        """Remove a text."""
        guild = await admitted(interaction, self.services, may_administer)
        if guild is not None:
            await self._change(interaction, guild.id, partial(self._take_out, guild.id, source))

    @group_command(name="rebuild", description="Index the texts of this server anew")
    @app_commands.describe(shared="The texts that all servers share; for the owner of the bot")
    async def rebuild(self, interaction: discord.Interaction, shared: bool = False) -> None:
        """Index a server's texts, or the shared ones."""
        if shared:
            if await is_owner(self.bot, interaction.user.id):
                await self._change(interaction, _SHARED, self._rebuild_shared)
            else:
                say = (await self.services.where(interaction)).say
                await respond(interaction, say(strings.OWNER_ONLY))
            return
        guild = await admitted(interaction, self.services, may_administer)
        if guild is not None:
            await self._change(interaction, guild.id, partial(self._rebuild_own, guild.id))

    async def _change(
        self,
        interaction: discord.Interaction,
        key: int,
        change: Callable[[discord.Interaction, Where], Awaitable[str]],
    ) -> None:
        """Do a change, unless another is under way there, and tell what came of it."""
        where = await self.services.where(interaction)
        say = where.say
        busy = say(strings.SHARED_BUSY if key == _SHARED else strings.BUSY)
        if key in self._changing:
            await respond(interaction, busy)
            return
        self._changing.add(key)
        try:
            await interaction.response.defer(ephemeral=True, thinking=True)
            text = await change(interaction, where)
        except TextRefusedError as error:
            text = strings.refusal(say, error.message, error.values)
        except RebuildRunningError:  # another process builds
            text = busy
        except (PassageIndexError, OSError) as error:
            logger.warning("The texts were not changed: %s", error)
            text = say(strings.BUILD_FAILED)
        finally:
            self._changing.discard(key)
        await self._show(interaction, text)

    async def _take_in(
        self,
        guild_id: int,
        file: discord.Attachment,
        interaction: discord.Interaction,
        where: Where,
    ) -> str:
        own, texts = self._own(guild_id), self.services.texts

        def accept() -> tuple[str, bool]:
            names = own.names()
            shared = {info.source for info in texts.shared().sources()}
            name = text_name(file.filename, names, shared)
            own.check_room(name, file.size)
            return name, name in names

        name, replaces = await asyncio.to_thread(accept)
        with own.incoming() as folder:
            await self._show(interaction, where.say(strings.FETCHING))
            await fetch(file.url, folder / name, limit_mb=self.services.settings.max_file_mb)
            report = await self._built(interaction, where, partial(own.add, folder / name))
        told = strings.report(where.say, report)
        if not replaces:
            return told
        first = strings.refusal(where.say, strings.REPLACED, {"name": name})
        return f"{first}\n{told}"

    async def _take_out(
        self, guild_id: int, source: str, interaction: discord.Interaction, where: Where
    ) -> str:
        own = self._own(guild_id)
        report = await self._built(interaction, where, partial(own.remove, source))
        if report is not None:
            return strings.report(where.say, report)
        return strings.refusal(where.say, strings.REMOVED_LAST, {"name": source})

    async def _rebuild_own(
        self, guild_id: int, interaction: discord.Interaction, where: Where
    ) -> str:
        report = await self._built(interaction, where, self._own(guild_id).rebuild)
        return strings.report(where.say, report) if report else where.say(strings.NO_TEXTS)

    async def _rebuild_shared(self, interaction: discord.Interaction, where: Where) -> str:
        settings = self.services.settings

        def work(progress: Progress) -> BuildReport:
            return build(settings, settings.models_dir, progress, fetch=True)

        return strings.report(where.say, await self._built(interaction, where, work))

    async def _built(
        self, interaction: discord.Interaction, where: Where, work: Callable[[Progress], T]
    ) -> T:
        """Return what some work gives, showing how far it is as long as it takes."""
        progress = BuildProgress()
        self._builds.add(progress)
        working = asyncio.ensure_future(self._in_turn(partial(work, progress)))
        shown = ""
        try:
            while not (await asyncio.wait((working,), timeout=_SHOW_EVERY_S))[0]:
                text = strings.progress(where.say, progress.step)
                if text != shown:
                    await self._show(interaction, text)
                    shown = text
            return await working
        finally:
            progress.stop()
            self._builds.discard(progress)

    async def _in_turn(self, work: Callable[[], T]) -> T:
        async with self._slots:
            return await beside_the_loop(work)

    @staticmethod
    async def _show(interaction: discord.Interaction, text: str) -> None:
        """Show how a change goes; it goes on where that fails, as after Discord's 15 minutes."""
        try:
            await interaction.edit_original_response(content=text, allowed_mentions=NO_PINGS)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            logger.info("How a change of texts went could not be shown: %s", error)

    async def _catch_up(self) -> None:
        """Bring the servers' own indexes up to date, one after the other."""
        for guild_id in await asyncio.to_thread(self.services.texts.guild_ids):
            if guild_id in self._changing or not self.services.settings.serves(guild_id):
                continue
            self._changing.add(guild_id)
            progress = BuildProgress()
            self._builds.add(progress)
            try:
                await self._in_turn(partial(self._own(guild_id).catch_up, progress))
            except (PassageIndexError, OSError, BuildStoppedError) as error:
                logger.warning("The own texts of server %d stay as they are: %s", guild_id, error)
            finally:
                self._changing.discard(guild_id)
                self._builds.discard(progress)

    def _own(self, guild_id: int) -> OwnTexts:
        folder: Path = self.services.texts.server_dir(guild_id)
        return OwnTexts(folder, self.services.settings)
