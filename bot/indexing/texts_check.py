"""Compare the texts of this machine with those in PostgreSQL, and their indexes with the texts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.config.settings import FolderSettings, Settings
from bot.database import SHARED_FOLDER, StoredFile, database_file, snapshot
from bot.indexing.build import inspect
from bot.indexing.stored_folder import NOTE_NAME, is_safe, scan_files
from index import PassageIndexError

# What was set aside there, because the database had other files.
_ASIDE = "aside-*"


@dataclass(frozen=True, slots=True)
class TextsComparison:
    """What was compared, and what does not agree: paths below the data folder.

    Attributes:
        servers: The number of servers of this process that have texts.
        texts: The number of their texts.
        damaged: Files whose bytes in the database are not those that were stored.
        differing: Files that are not the same here as in the database.
        missing: Servers whose files are not here yet.
        unstored: Servers whose files are not in the database yet.
        leftover: Folders of servers that are deleted, or that other processes serve, and files that
            were set aside.
        unindexed: Servers whose index is missing, damaged or of other texts.
    """

    servers: int
    texts: int
    damaged: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unstored: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()
    unindexed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stored:
    """The files in the database, by server and path, and the names of the damaged ones."""

    folders: Mapping[int, Mapping[str, StoredFile]] = field(default_factory=dict)
    damaged: tuple[str, ...] = ()


def is_copy(folder: Path) -> bool:
    """Return whether the folder of a server has been a copy of files in a database."""
    return (folder / NOTE_NAME).exists()


async def compare_texts(settings: Settings) -> TextsComparison:
    """Look at all texts of servers, here and in the database, and change nothing.

    With SQLite the texts are here only, and compared with their indexes.

    Raises:
        SettingsError: The address of the database cannot be used.
        DatabaseError: The database cannot be read.
        OSError: A file cannot be read.
    """
    here = _folders(settings.data_dir)
    if database_file(settings.database) is not None:
        here.pop(SHARED_FOLDER, None)
        return _compare_indexes(settings, here.values(), TextsComparison(0, 0))
    stored = await _stored(settings.database)
    ours = {
        guild_id
        for guild_id in stored.folders
        if guild_id == SHARED_FOLDER or settings.serves(guild_id)
    }
    served = [folder for guild_id, folder in here.items() if guild_id in ours and guild_id]
    return _compare_indexes(settings, served, _compare_files(here, stored, ours))


def _folders(data_dir: Path) -> dict[int, Path]:
    """Return the folders of servers by their ids, in order; that of the shared texts is 0."""
    found = (data_dir / "servers").glob("*")
    named = {int(path.name): path for path in found if path.name.isascii() and path.name.isdigit()}
    return dict(sorted(named.items()))


def _name(guild_id: int) -> str:
    return f"servers/{guild_id}"


async def _stored(url: str) -> _Stored:
    async with snapshot(url) as found:
        if found is None:
            return _Stored()
        folders: dict[int, dict[str, StoredFile]] = {
            guild_id: {} for guild_id in await found.folders()
        }
        for guild_id, path, file in await found.files():
            if is_safe(path):
                folders[guild_id][path] = file
        damaged = await found.damaged_files()
    return _Stored(folders, tuple(f"{_name(guild_id)}/{path}" for guild_id, path in damaged))


def _compare_files(here: Mapping[int, Path], stored: _Stored, ours: set[int]) -> TextsComparison:
    """Compare the folders of this machine with those in the database that belong here."""
    both = [guild_id for guild_id in here if guild_id in ours]
    others = [guild_id for guild_id in here if guild_id not in ours]
    unstored = [one for one in others if one not in stored.folders and not is_copy(here[one])]
    aside = [path for folder in here.values() for path in sorted(folder.glob(_ASIDE))]
    return TextsComparison(
        servers=0,
        texts=0,
        damaged=stored.damaged,
        differing=tuple(
            f"{_name(guild_id)}/{path}"
            for guild_id in both
            for path in _differing(here[guild_id], stored.folders[guild_id])
        ),
        missing=tuple(_name(guild_id) for guild_id in sorted(ours - here.keys())),
        unstored=tuple(map(_name, unstored)),
        leftover=(
            *(_name(guild_id) for guild_id in others if guild_id not in unstored),
            *(f"servers/{path.parent.name}/{path.name}" for path in aside),
        ),
    )


def _differing(folder: Path, stored: Mapping[str, StoredFile]) -> list[str]:
    """Return the paths of files that are not the same in a folder, or only there or here."""
    here = scan_files(folder)
    return sorted(path for path in here.keys() | stored if here.get(path) != stored.get(path))


def _compare_indexes(
    settings: Settings, folders: Iterable[Path], compared: TextsComparison
) -> TextsComparison:
    """Add how many texts there are in folders of servers, and which indexes are not of them."""
    n_texts, n_servers = 0, 0
    unindexed = []
    for folder in folders:
        texts = [path for path in (folder / "texts").rglob("*") if path.is_file()]
        n_texts += len(texts)
        n_servers += bool(texts)
        if not _is_indexed(FolderSettings.of(settings, folder)):
            unindexed.append(f"servers/{folder.name}")
    return replace(compared, servers=n_servers, texts=n_texts, unindexed=tuple(unindexed))


def _is_indexed(own: Settings) -> bool:
    """Return whether an index is that of its texts; there is none where no text can be read."""
    try:
        found = inspect(own)
    except PassageIndexError:
        return False
    if found.corpus_problem is not None:
        return found.manifest is None
    return found.is_up_to_date
