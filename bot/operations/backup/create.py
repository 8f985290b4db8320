"""Back up what cannot be rebuilt: the database, the pseudonym key, servers' own texts.

With PostgreSQL the texts are in the database, also those that all servers share.
"""

import asyncio
import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import IO

from bot.config.settings import Settings
from bot.database import SHARED_FOLDER, Snapshot, StoredFile, database_file, snapshot
from bot.errors import BackupError
from bot.indexing.texts_check import is_copy
from bot.operations.backup.archive import BackupWriter
from bot.operations.backup.key_check import key_to_save
from bot.operations.backup.manifest import (
    KEY,
    is_name,
    is_removed,
    is_shared,
    table_name,
    text_name,
)
from bot.operations.backup.swap_journal import read_journal
from index import sync_folder

_CHUNK_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved.

    Attributes:
        rows: The number of rows of each table.
        texts: The number of servers' own texts, without the removed ones.
        shared: The number of texts that all servers share.
        left_out: Texts that were left out, because of their names.
    """

    rows: dict[str, int]
    texts: int
    shared: int
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
        stored = await _save_stored(found, writer)
        folders = await found.folders()
    saved = stored | {
        name: is_name(name) and _save_file(path, name, writer)
        for name, path in _texts(settings, folders).items()
    }
    writer.finish(
        program=version("pullquote"),
        schema=schema,
        made_at=made_at.isoformat(timespec="seconds"),
        counters=counters,
    )
    texts = [name for name, there in saved.items() if there and not is_removed(name)]
    n_shared = sum(map(is_shared, texts))
    left_out = tuple(name for name in saved if not is_name(name))
    return Saved(rows, len(texts) - n_shared, n_shared, left_out)


async def _save_rows(found: Snapshot, table: str, writer: BackupWriter) -> int:
    n_rows = 0
    with writer.add(table_name(table)) as member:
        async for line in found.rows(table):
            member.write(line)
            n_rows += 1
    return n_rows


async def _save_stored(found: Snapshot, writer: BackupWriter) -> dict[str, bool]:
    """Save the files that are in the database; return their names, and whether each was saved."""
    saved = {}
    for guild_id, path, file in await found.files():
        name = text_name(guild_id, path)
        saved[name] = is_name(name)
        if saved[name]:
            await _save_stored_file(found, guild_id, file, name, writer)
    return saved


async def _save_stored_file(
    found: Snapshot, guild_id: int, file: StoredFile, name: str, writer: BackupWriter
) -> None:
    with writer.add(name) as member:
        async for chunk in found.chunks(guild_id, file.digest):
            member.write(chunk)
        if member.digest != file.digest:
            raise BackupError(
                f"{name} is damaged in the database; add that text again, or remove it"
            )


def _texts(settings: Settings, stored: Collection[int]) -> dict[str, Path]:
    """Return the servers' texts of the data folder by their names in a backup, in order.

    Also removed ones. With PostgreSQL only those that no bot has stored there yet, as after an
    update of the program.
    """
    data_dir = settings.data_dir
    has_copies = database_file(settings.database) is None
    skipped = {str(guild_id) for guild_id in (*stored, SHARED_FOLDER)}
    texts: dict[str, Path] = {}
    for folder in sorted(data_dir.glob("servers/*")):
        if folder.name in skipped or (has_copies and is_copy(folder)):
            continue
        found = chain(folder.glob("texts/**/*"), folder.glob("removed/*/*"))
        plain = (path for path in found if path.is_file() and not path.is_symlink())
        texts |= {path.relative_to(data_dir).as_posix(): path for path in sorted(plain)}
    return texts


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
