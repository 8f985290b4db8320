"""Changes of texts by people: one at a time for each server, progress shown."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import aiohttp
import discord
from discord import ui

from bot.database import FolderChangedError, FolderInUseError
from bot.discord_app.context.origin import Origin
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.messages.persistent_items import PersistentButton
from bot.discord_app.messages.send import NO_PINGS, respond
from bot.discord_app.texts import strings
from bot.discord_app.texts.file_names import text_name
from bot.discord_app.texts.server_corpus import ServerCorpus
from bot.discord_app.texts.server_texts import SHARED, ServerTexts
from bot.errors import DatabaseError, TextRefusedError
from bot.indexing.build import BuildStoppedError
from index import PassageIndexError, Progress, RebuildRunningError

logger = logging.getLogger(__name__)

T = TypeVar("T")

AnyButton = PersistentButton[Any, Any]

# Short enough to show progress; Discord allows five edits of a message in this time.
_SHOW_EVERY_S = 2.0


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

    def __init__(self, runtime: Runtime, texts: ServerTexts) -> None:
        self._runtime = runtime
        self._texts = texts

    def own(self, guild_id: int) -> ServerCorpus:
        """Return a server's own texts."""
        return self._texts.own(guild_id)

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
        if self._texts.is_busy(key):
            await respond(interaction, busy)
            return
        try:
            await interaction.response.defer(ephemeral=True, thinking=True)
            async with self._texts.held(key):
                outcome = await change(interaction, origin)
        except TextRefusedError as error:
            outcome = Outcome(strings.refusal(say, error.message, error.values))
        except (RebuildRunningError, FolderInUseError, FolderChangedError):
            outcome = Outcome(busy)
        except BuildStoppedError:
            logger.info("A change of texts was stopped; the texts stay as they were")
            outcome = Outcome(say(strings.STOPPED))
        except DatabaseError as error:
            logger.warning("The texts were not changed: %s", error)
            outcome = Outcome(say(strings.NOT_STORED))
        except (PassageIndexError, OSError) as error:
            logger.warning("The texts were not changed: %s", error)
            outcome = Outcome(say(strings.BUILD_FAILED))
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
        self,
        interaction: discord.Interaction,
        origin: Origin,
        work: Callable[[Progress], T],
    ) -> T:
        """Build in a thread, show the progress, and return the result.

        Args:
            interaction: Shows the progress.
            origin: Where the command was used.
            work: Changes the files and builds; blocking.
        """
        with self._texts.progress() as progress:
            working = asyncio.ensure_future(self._texts.in_slot(partial(work, progress)))
            shown = ""
            try:
                while not (await asyncio.wait((working,), timeout=_SHOW_EVERY_S))[0]:
                    text = strings.progress(origin.say, progress.step)
                    if text != shown:
                        await show(interaction, text)
                        shown = text
            finally:
                progress.stop()
                await asyncio.wait((working,))  # nothing else may use the folder meanwhile
            return await working


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
