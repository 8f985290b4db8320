"""Back up what cannot be rebuilt: the database, the pseudonym key, servers' own texts."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import IO

from bot.config.settings import Settings
from bot.database import Snapshot, snapshot
from bot.errors import BackupError
from bot.operations.backup.archive import BackupWriter
from bot.operations.backup.key_check import key_to_save
from bot.operations.backup.manifest import KEY, is_name, is_removed, table_name
from bot.operations.backup.swap_journal import read_journal
from index import sync_folder

_CHUNK_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved.

    Attributes:
        rows: The number of rows of each table.
        texts: The number of servers' own texts, without the removed ones.
        left_out: Texts that were left out, because of their names.
    """

    rows: dict[str, int]
    texts: int
    left_out: tuple[str, ...]


def back_up(
    settings: Settings, file: Path, *, force: bool = False, needs_key: bool = True
) -> Saved:
    """Back up a data folder and its database as they are now.

    A bot may be running. The file is written under another name and then renamed; only its owner
    can read it.

    Args:
        settings: The settings that name the folder and the database.
        file: The file to write.
        force: Whether to replace an existing file.
        needs_key: Whether to fail if the key that the database was used with is not here; else a
            backup without a key is made.

    Raises:
        BackupError: The file exists, there is nothing to back up, or the key is not here.
        DatabaseError: The database cannot be read.
        OSError: A file cannot be read or written.
    """
    _refuse_to_replace(file, force=force)
    _refuse_a_half(settings.data_dir)
    with _written_aside(file) as stream:
        with BackupWriter(stream) as writer:
            saved = asyncio.run(_save(settings, writer, needs_key=needs_key))
        _refuse_a_half(settings.data_dir)
        _refuse_to_replace(file, force=force)
    return saved


def _refuse_a_half(data_dir: Path) -> None:
    """Check that no restore is running, which would leave the backup inconsistent."""
    if read_journal(data_dir) is not None:
        raise BackupError(
            f"A restore of {data_dir.absolute()} is under way or was interrupted: wait for it, or "
            "start the bot, which finishes it"
        )


def _refuse_to_replace(file: Path, *, force: bool) -> None:
    if file.is_dir() or (file.exists() and not force):
        advice = "name another" if file.is_dir() else "name another, or replace it with --force"
        raise BackupError(f"{file} is there already; {advice}")


@contextmanager
def _written_aside(file: Path) -> Iterator[IO[bytes]]:
    """Yield a temporary file, which is renamed at the end, or deleted after an error."""
    handle, name = tempfile.mkstemp(".part", f"{file.name}.", file.absolute().parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(file)
        sync_folder(file.absolute().parent)
    finally:
        aside.unlink(missing_ok=True)


async def _save(settings: Settings, writer: BackupWriter, *, needs_key: bool) -> Saved:
    made_at = datetime.now(UTC)
    async with snapshot(settings.database) as found:
        if found is None:
            raise BackupError(
                f"There is nothing to save: no bot has run with the data folder "
                f"{settings.data_dir.absolute()} and its database; check DATA_DIR and DATABASE_URL"
            )
        rows = {table: await _save_rows(found, table, writer) for table in found.tables}
        schema, counters = found.revision, await found.counters()
        # After the rows, so that all pseudonyms in them are of this key.
        if key := await key_to_save(settings, found, is_needed=needs_key):
            with writer.add(KEY) as member:
                member.write(key)
    texts = _texts(settings.data_dir)
    saved = {name: _save_file(path, name, writer) for name, path in texts.items() if is_name(name)}
    writer.finish(
        program=version("pullquote"),
        schema=schema,
        made_at=made_at.isoformat(timespec="seconds"),
        counters=counters,
    )
    n_texts = sum(there for name, there in saved.items() if not is_removed(name))
    return Saved(rows, n_texts, tuple(name for name in texts if not is_name(name)))


async def _save_rows(found: Snapshot, table: str, writer: BackupWriter) -> int:
    n_rows = 0
    with writer.add(table_name(table)) as member:
        async for line in found.rows(table):
            member.write(line)
            n_rows += 1
    return n_rows


def _texts(data_dir: Path) -> dict[str, Path]:
    """Return all servers' own texts, also removed ones, by their names in a backup, in order."""
    found = chain(
        data_dir.glob("servers/*/texts/**/*"),
        data_dir.glob("servers/*/removed/*/*"),
    )
    plain = (path for path in found if path.is_file() and not path.is_symlink())
    return {path.relative_to(data_dir).as_posix(): path for path in sorted(plain)}


def _save_file(path: Path, name: str, writer: BackupWriter) -> bool:
    """Save a file; one that was deleted in the meantime is left out."""
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        return False
    with stream, writer.add(name) as member:
        while chunk := stream.read(_CHUNK_BYTES):
            member.write(chunk)
    return True
