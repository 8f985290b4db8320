"""Prevent two processes from serving the same shards of a data folder or of a bot."""

import logging
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from bot.config.settings import Settings
from bot.database import database_file
from bot.errors import AlreadyRunningError
from bot.operations.locks.shard_lock_files import Claim, ClaimedError, find_holder, hold_claim

logger = logging.getLogger(__name__)

# The folder of the locks below the data folder, and the subject of theirs.
_RUNNING, _BOT = "running", "bot"


def lock_data_folder(settings: Settings) -> AbstractContextManager[None]:
    """Lock the data folder, or the part of it that SHARD_IDS gives to this process.

    With PostgreSQL each process has a folder of its own, as on machines of their own.

    Raises:
        AlreadyRunningError: Another process holds it.
    """
    folder = settings.data_dir.absolute()
    claim = _claim(settings)
    what_to_do = "end it, or give this one another DATA_DIR"
    if claim.count is not None:
        what_to_do = f"{what_to_do}, or SHARD_IDS that no other has"

    def take() -> AbstractContextManager[None]:
        folder.mkdir(0o700, parents=True, exist_ok=True)
        return hold_claim(folder / _RUNNING, _BOT, claim)

    return _hold_exclusively(take, f"the data folder {folder}", what_to_do)


def lock_shards(bot_id: int, count: int, shards: tuple[int, ...]) -> AbstractContextManager[None]:
    """Lock shards of a bot among the processes of this user on this machine.

    Raises:
        AlreadyRunningError: Another process holds some of them.
    """
    return _hold_exclusively(
        lambda: hold_claim(_own_temporary_folder(), str(bot_id), Claim(count, shards)),
        "the bot of this DISCORD_TOKEN",
        "end it: two would answer every question twice",
    )


def process_on_data_folder(settings: Settings) -> str | None:
    """Return which process holds what `lock_data_folder` would lock; None if none does.

    Raises:
        OSError: The folder cannot be used.
    """
    return find_holder(settings.data_dir.absolute() / _RUNNING, _BOT, _claim(settings))


def process_on_shards(bot_id: int, count: int, shards: tuple[int, ...]) -> str | None:
    """Return which process of this user holds what `lock_shards` would lock; None if none does.

    Raises:
        OSError: The folder for temporary files cannot be used.
    """
    if not _temporary_folder().exists():
        return None
    return find_holder(_own_temporary_folder(), str(bot_id), Claim(count, shards))


def _claim(settings: Settings) -> Claim:
    """Return the part of the data folder that this process serves."""
    if settings.shard_ids is None or database_file(settings.database) is None:
        return Claim()
    return Claim(settings.shard_count, settings.shard_ids)


@contextmanager
def _hold_exclusively(
    take: Callable[[], AbstractContextManager[None]], what: str, what_to_do: str
) -> Iterator[None]:
    """Hold a claim; if files cannot be locked here, log that and go on without."""
    with ExitStack() as held:
        try:
            held.enter_context(take())
        except ClaimedError as error:
            who = f" ({error.process})" if error.process else ""
            raise AlreadyRunningError(
                f"Another process{who} serves {what}; {what_to_do}"
            ) from error
        except OSError as error:
            logger.warning("A second process would not be noticed on %s: %s", what, error)
        yield


def _own_temporary_folder() -> Path:
    """Return a folder for temporary files that only this user can write to.

    Not the folder of the login session: a service and a cron job have none.

    Raises:
        OSError: Its name is taken by a link or a folder of somebody else.
    """
    folder = _temporary_folder()
    if not hasattr(os, "getuid"):
        return folder
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionError(f"{folder} is not a folder that only this user can write to")
    return folder


def _temporary_folder() -> Path:
    temporary = Path(tempfile.gettempdir())
    if not hasattr(os, "getuid"):  # Windows: that folder is the user's own
        return temporary / "pullquote"
    return temporary / f"pullquote-{os.getuid()}"
