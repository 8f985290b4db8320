"""Changes of texts: one at a time for each server, few builds at once, progress shown."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import aiohttp
import discord
from discord import ui

from bot.discord_app.context.origin import Origin
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.messages.persistent_items import PersistentButton
from bot.discord_app.messages.send import NO_PINGS, respond
from bot.discord_app.texts import strings
from bot.discord_app.texts.file_names import text_name
from bot.discord_app.texts.server_corpus import ServerCorpus
from bot.errors import TextRefusedError
from bot.indexing.build import BuildProgress, BuildStoppedError
from bot.indexing.worker_threads import run_in_worker_thread
from index import PassageIndexError, Progress, RebuildRunningError

logger = logging.getLogger(__name__)

T = TypeVar("T")

AnyButton = PersistentButton[Any, Any]


# The key of a change of the texts that all servers share; other keys are ids of servers.
SHARED = 0

# Short enough to show progress; Discord allows five edits of a message in this time.
_SHOW_EVERY_S = 2.0

# More builds wait, because questions need the processor at the same time.
_MAX_BUILDS = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change says to the person who made it.

    Attributes:
        text: The message.
        undo: The button that undoes it, if that is possible.
    """

    text: str
    undo: AnyButton | None = None


# A change, run after the interaction is deferred.
TextChange = Callable[[discord.Interaction, Origin], Awaitable[Outcome]]


class TextChanges:
    """Runs the changes of all servers of this process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._changing: set[int] = set()
        self._builds: set[BuildProgress] = set()
        self._slots = asyncio.Semaphore(_MAX_BUILDS)

    def own(self, guild_id: int) -> ServerCorpus:
        """Return a server's own texts."""
        folder = self._runtime.server_indexes.server_dir(guild_id)
        return ServerCorpus(folder, self._runtime.settings)

    async def run(self, interaction: discord.Interaction, key: int, change: TextChange) -> None:
        """Make a change and tell the person its result, or that another change is running.

        Args:
            interaction: The command, which is not answered yet.
            key: A server's id, or SHARED.
            change: The change.
        """
        origin = await self._runtime.origin(interaction)
        say = origin.say
        busy = say(strings.SHARED_BUSY if key == SHARED else strings.BUSY)
        if key in self._changing:
            await respond(interaction, busy)
            return
        self._changing.add(key)
        try:
            await interaction.response.defer(ephemeral=True, thinking=True)
            outcome = await change(interaction, origin)
        except TextRefusedError as error:
            outcome = Outcome(strings.refusal(say, error.message, error.values))
        except RebuildRunningError:  # in another process
            outcome = Outcome(busy)
        except BuildStoppedError:
            logger.info("A change of texts was stopped; the texts stay as they were")
            outcome = Outcome(say(strings.STOPPED))
        except (PassageIndexError, OSError) as error:
            logger.warning("The texts were not changed: %s", error)
            outcome = Outcome(say(strings.BUILD_FAILED))
        finally:
            self._changing.discard(key)
        await show(interaction, outcome.text, outcome.undo)

    def accepted_name(self, guild_id: int, filename: str, size: int) -> tuple[str, bool]:
        """Return the name under which a server can add a text, and whether it replaces one.

        Args:
            guild_id: The server.
            filename: The name that the text comes with.
            size: Its size in bytes.

        Raises:
            TextRefusedError: The server cannot have it.
        """
        own = self.own(guild_id)
        names = own.names()
        shared = {info.source for info in self._runtime.server_indexes.shared().sources()}
        name = text_name(filename, names, shared)
        own.check_room(name, size)
        return name, name in names

    async def build(
        self, interaction: discord.Interaction, origin: Origin, work: Callable[[Progress], T]
    ) -> T:
        """Build in a thread, show the progress, and return the result."""
        with self._progress() as progress:
            working = asyncio.ensure_future(self._in_slot(partial(work, progress)))
            shown = ""
            while not (await asyncio.wait((working,), timeout=_SHOW_EVERY_S))[0]:
                text = strings.progress(origin.say, progress.step)
                if text != shown:
                    await show(interaction, text)
                    shown = text
            return await working

    async def catch_up(self) -> None:
        """Bring the servers' own indexes up to date, one after the other."""
        for guild_id in await asyncio.to_thread(self._runtime.server_indexes.guild_ids):
            if guild_id in self._changing or not self._runtime.settings.serves(guild_id):
                continue
            self._changing.add(guild_id)
            try:
                with self._progress() as progress:
                    await self._in_slot(partial(self.own(guild_id).catch_up, progress))
            except (PassageIndexError, OSError, BuildStoppedError) as error:
                logger.warning("The own texts of server %d stay as they are: %s", guild_id, error)
            finally:
                self._changing.discard(guild_id)

    async def purge_removed(self) -> None:
        """Delete the servers' removed texts that are too old; what cannot be deleted is logged.

        A server whose texts are changing now deletes its own with the change.
        """
        for guild_id in await asyncio.to_thread(self._runtime.server_indexes.guild_ids):
            if guild_id in self._changing or not self._runtime.settings.serves(guild_id):
                continue
            self._changing.add(guild_id)
            try:
                await asyncio.to_thread(self.own(guild_id).purge_removed)
            except OSError as error:
                logger.warning("The removed texts of server %d stay: %s", guild_id, error)
            finally:
                self._changing.discard(guild_id)

    def stop(self) -> None:
        """End the builds that are running."""
        for progress in self._builds:
            progress.stop()

    @contextmanager
    def _progress(self) -> Iterator[BuildProgress]:
        """Yield the progress of a build; the build is stopped when the context ends."""
        progress = BuildProgress()
        self._builds.add(progress)
        try:
            yield progress
        finally:
            progress.stop()
            self._builds.discard(progress)

    async def _in_slot(self, work: Callable[[], T]) -> T:
        async with self._slots:
            return await run_in_worker_thread(work)


async def show(interaction: discord.Interaction, text: str, undo: AnyButton | None = None) -> None:
    """Show how a change goes, or its result with the button that undoes it.

    A failure is logged, such as one after 15 minutes. RuntimeError is aiohttp's if the bot has
    closed its session meanwhile, because it was stopped.
    """
    view = None
    if undo is not None:
        view = ui.View(timeout=None).add_item(undo)
        view.stop()  # otherwise discord.py keeps the view for 15 minutes
    try:
        await interaction.edit_original_response(content=text, view=view, allowed_mentions=NO_PINGS)
    except (discord.HTTPException, aiohttp.ClientError, OSError, RuntimeError) as error:
        logger.info("How a change of texts went could not be shown: %s", error)
