"""The texts that all servers share: with PostgreSQL one machine stores them for all."""

import asyncio
import contextlib
import hashlib
import logging
import shutil
from collections.abc import Mapping
from pathlib import Path

from bot.config.settings import FolderSettings, Settings
from bot.database import (
    SHARED_FOLDER,
    FileStore,
    FolderChangedError,
    Pseudonyms,
    StoredFile,
    database_file,
    open_database,
)
from bot.errors import BotError, DatabaseError
from bot.indexing.notes import read_note, write_note
from bot.indexing.stored_folder import StoredFolder, read_chunks, was_interrupted
from bot.operations.logs.setup import tell
from index import EmptyCorpusError, Limits, list_corpus

# Which shared texts this machine has stored.
_STORED = "shared-texts.json"

_CHANGED = "The shared texts are being changed, here or by another machine; try again"

# Waits between tries to store and fetch them.
_AGAIN_AFTER_S = (0.5, 1.0, 2.0, 4.0)


def follows_database(settings: Settings) -> bool:
    """Return whether bots take their shared texts from the database: PostgreSQL without a cluster.

    In a cluster all machines have the same index of them.
    """
    return database_file(settings.database) is None and settings.cluster_address is None


def following(settings: Settings) -> Settings:
    """Return the settings of a bot, whose shared texts are a copy of those in PostgreSQL."""
    if not follows_database(settings):
        return settings
    return FolderSettings.of(settings, settings.data_dir / "servers" / str(SHARED_FOLDER))


def prepare(settings: Settings, pseudonyms: Pseudonyms) -> Settings:
    """Fetch the shared texts before a bot opens its index, and return the settings that it uses.

    The texts of `corpus_dir` are stored first if the database has none, or if it has those that
    this machine stored last and they have changed. Without the database those of the last time are
    used, or those of `corpus_dir`.

    Args:
        settings: The settings of this run.
        pseudonyms: The key of people's hashes, which the database is only used with.

    Raises:
        EmptyCorpusError: There is no text here, and none in the database.
        SettingsError: The address of the database cannot be used.
        DatabaseError: The address of the database is wrong, or it was used with another key.
        BotError: The texts are being changed all the time.
        OSError: A text cannot be read or written.
    """
    own = following(settings)
    if not isinstance(own, FolderSettings):
        return settings
    try:
        asyncio.run(_fetch(settings, own.folder, pseudonyms))
    except DatabaseError as error:
        if not error.may_pass:
            raise
        if was_interrupted(own.folder):
            raise  # a part of the texts would seem to be all
        if not own.texts_dir.exists():
            try:
                _copy_texts(settings, own.texts_dir)
            except EmptyCorpusError:
                raise error from None  # the texts are in the database
        tell(f"Answering from the texts of this machine: {error}", logging.WARNING)
    if not own.texts_dir.exists():
        _texts(settings)  # says that there is none
    if not own.index_dir.exists() and settings.index_dir.exists():
        shutil.copytree(settings.index_dir, own.index_dir)  # its vectors are used again
    return own


def store_in_database(settings: Settings) -> None:
    """Store the texts of `corpus_dir` for all machines; beside SQLite there is nothing to do.

    Raises:
        EmptyCorpusError: There is no text.
        DatabaseError: The database failed.
        BotError: Other texts were stored at the same time.
    """
    if not follows_database(settings):
        return

    async def run() -> bool:
        database = await open_database(settings.database)
        try:
            return await store_texts(database.files, settings)
        except FolderChangedError as error:
            raise BotError(_CHANGED) from error
        finally:
            await database.close()

    if asyncio.run(run()):
        tell("The texts are in the database; every bot takes them from there.")


async def store_texts(store: FileStore, settings: Settings) -> bool:
    """Store the texts of `corpus_dir`, and return whether the database had others.

    Raises:
        EmptyCorpusError: There is no text.
        DatabaseError: The database failed.
        FolderChangedError: Other texts were stored at the same time, or one is being written.
        OSError: A text cannot be read.
    """
    paths = await asyncio.to_thread(_texts, settings)
    texts = {path: file for path, (_, file) in paths.items()}
    stored = await store.folder(SHARED_FOLDER)
    former = dict(stored.files) if stored else {}
    if stored is not None and former == texts:
        await _note_stored(store, settings, texts)
        return False
    # Before the change, of which a crash could leave no note; so the former texts count as well.
    await _note_stored(store, settings, former, texts)
    await store.replace(
        SHARED_FOLDER,
        stored.version if stored else None,
        texts,
        lambda path: read_chunks(paths[path][0]),
    )
    return True


async def are_of_another_machine(store: FileStore, settings: Settings) -> bool:
    """Return whether the database has shared texts that this machine did not store.

    Raises:
        DatabaseError: The database failed.
    """
    stored = await store.folder(SHARED_FOLDER)
    if stored is None:
        return False
    match await asyncio.to_thread(read_note, settings.data_dir / _STORED):
        case {"database": database, "listings": list(listings)}:
            is_ours = database == await store.identity() and _digest(stored.files) in listings
            return not is_ours
    return True


async def store_changed_texts(store: FileStore, settings: Settings) -> bool:
    """Store the texts of `corpus_dir` unless the database has those of another machine.

    Returns:
        Whether the database had others.

    Raises:
        The errors of `store_texts`, except that it is none if there is no text here.
    """
    if not await are_of_another_machine(store, settings):
        with contextlib.suppress(EmptyCorpusError):
            return await store_texts(store, settings)
    return False


async def _note_stored(
    store: FileStore, settings: Settings, *listings: Mapping[str, StoredFile]
) -> None:
    """Note which shared texts are this machine's."""
    note = settings.data_dir / _STORED
    content = {"database": await store.identity(), "listings": list(map(_digest, listings))}
    if await asyncio.to_thread(read_note, note) != content:
        await asyncio.to_thread(write_note, note, content)


def _digest(files: Mapping[str, StoredFile]) -> str:
    """Return a hash of the paths and bytes of files."""
    lines = "".join(f"{file.digest} {path}\n" for path, file in sorted(files.items()))
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


async def _fetch(settings: Settings, folder: Path, pseudonyms: Pseudonyms) -> None:
    database = await open_database(settings.database, pseudonyms=pseudonyms)
    try:
        for again_after_s in _AGAIN_AFTER_S:
            try:
                await store_changed_texts(database.files, settings)
                await StoredFolder(database.files, folder, SHARED_FOLDER).pull()
            except FolderChangedError:  # by a machine that starts at the same time
                await asyncio.sleep(again_after_s)
            else:
                return
        raise BotError(_CHANGED)
    finally:
        await database.close()


def _texts(settings: Settings) -> Mapping[str, tuple[Path, StoredFile]]:
    """Return the files of `corpus_dir` that can be read, by their paths in the database."""
    limits = Limits(settings.max_file_mb)
    files, _ = list_corpus(settings.corpus_dir, limits, excluded=[settings.data_dir])
    if not files:
        raise EmptyCorpusError(
            settings.corpus_dir,
            "there is no text in it, and none in the database; "
            "run `pullquote rebuild` on the machine that has the texts",
        )
    return {
        f"texts/{file.source}": (file.path, StoredFile(file.sha256, file.size)) for file in files
    }


def _copy_texts(settings: Settings, folder: Path) -> None:
    for path, (original, _) in _texts(settings).items():
        target = folder.parent / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, target)
