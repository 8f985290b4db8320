"""Let the encoder read texts in the background, after words have begun to answer from them."""

import asyncio
import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bot.config.settings import Settings
from bot.indexing.build import BuildProgress, BuildStoppedError, encoder_choice
from bot.indexing.server_indexes import ServerIndexes
from bot.indexing.worker_threads import run_in_worker_thread
from index import (
    EncoderChoice,
    IndexMissingError,
    PassageIndexError,
    add_vectors,
    vectors_are_pending,
)

logger = logging.getLogger(__name__)

# How often the encoder looks for indexes that lack vectors while it has nothing else to do.
_LOOK_EVERY_S = 5.0

# After an error, such as a full disk, whose cause may be gone by then.
_AGAIN_AFTER_S = 600.0


class BackgroundEncoding:
    """Gives the shared index, then the servers' own ones, the vectors that they lack."""

    def __init__(self, settings: Settings, indexes: ServerIndexes) -> None:
        """Prepare; nothing is encoded before `run`.

        Args:
            settings: Name the shared index and the encoder.
            indexes: The servers' own indexes.
        """
        self._settings = settings
        self._indexes = indexes
        self._progress = BuildProgress()
        self._again_at: dict[Path, float] = {}
        self._encoding: Path | None = None

    async def run(self) -> None:
        """Encode what is pending until cancelled; at most the last half a minute is lost."""
        choice = encoder_choice(self._settings, self._settings.models_dir)
        if choice is None:
            return
        loop = asyncio.get_running_loop()
        try:
            while True:
                for index_dir in await run_in_worker_thread(self._pending):
                    if loop.time() >= self._again_at.get(index_dir, 0.0):
                        done = await run_in_worker_thread(partial(self._encode, index_dir, choice))
                        if not done:
                            self._again_at[index_dir] = loop.time() + _AGAIN_AFTER_S
                await asyncio.sleep(_LOOK_EVERY_S)
        finally:
            self._progress.stop()

    def percent_done(self, guild_id: int | None) -> int | None:
        """Return how far the texts of a server, and the shared ones, are encoded.

        Returns:
            0 to 100, for the first index that lacks vectors; None if none lacks them.
        """
        pending = {
            index_dir: searcher.manifest.passages
            for index_dir, searcher in (
                (self._settings.index_dir, self._indexes.shared()),
                (self._indexes.index_dir(guild_id or 0), self._indexes.own(guild_id)),
            )
            if searcher and searcher.manifest.vectors_are_pending
        }
        if not pending:
            return None
        step = self._progress.step
        n_passages = pending.get(self._encoding) if self._encoding else None
        if step is None or not n_passages:
            return 0
        # The step is about those passages whose vectors are not known yet.
        return max(0, 100 * (n_passages - step.total + step.done) // n_passages)

    def _pending(self) -> list[Path]:
        return [folder for folder in self._index_dirs() if vectors_are_pending(folder)]

    def _index_dirs(self) -> Iterator[Path]:
        if self._settings.cluster_address is None:
            yield self._settings.index_dir
        yield from map(self._indexes.index_dir, self._indexes.guild_ids())

    def _encode(self, index_dir: Path, choice: EncoderChoice) -> bool:
        """Encode the texts of an index; return False if that failed."""
        self._progress.step = None
        self._encoding = index_dir
        try:
            is_published = add_vectors(
                index_dir, choice, progress=self._progress, in_background=True
            )
        except BuildStoppedError:
            return True
        except IndexMissingError:  # the server's last text was removed
            return True
        except PassageIndexError as error:
            logger.warning("Texts are searched by words only: %s", error)
            return False
        except Exception:
            logger.exception("The encoder failed; texts are searched by words only")
            return False
        finally:
            self._encoding = None
        if is_published:
            logger.info("The encoder has read all texts of %s", index_dir)
        return True
