"""The checks of the database and of the disk."""

import os

from bot.config.free_space import free_bytes, nearest_folder
from bot.config.settings import Settings
from bot.database import DatabaseState, Pseudonyms, inspect_database, wrong_key
from bot.errors import BotError
from bot.terminal.doctor.check import Check, check_of_error
from index import IndexInspection

_KEY = "people key"
_MB = 2**20

# A database, its journal and the log need some room; an index is written beside the one in use.
_NEEDED_MB, _WANTED_MB = 20, 200


def check_database(settings: Settings) -> tuple[Check, Check]:
    """Check that the database can be opened and written, and is current; check the key, too."""
    name = "database"
    try:
        found = inspect_database(settings.database)
    except BotError as error:
        return check_of_error(name, "failure", error), _check_key(settings, None)
    return _check_found(name, found), _check_key(settings, found)


def _check_found(name: str, found: DatabaseState) -> Check:
    if not found.is_writable:
        advice = "let the user of the bot write to it and to its folder"
        return Check(name, "failure", f"{found.shown} cannot be written", advice)
    if not found.has_tables:
        return Check(name, "ok", f"{found.shown}: none yet, the first start makes it")
    if not found.is_current:
        advice = "back it up; the next start of the bot brings it up to date"
        return Check(name, "warning", f"{found.shown} has tables of an older version", advice)
    return Check(name, "ok", f"{found.shown} can be opened and is up to date")


def _check_key(settings: Settings, found: DatabaseState | None) -> Check:
    """Check that the key of people's hashes is there and fits the database, if that is open."""
    try:
        key = Pseudonyms.find(settings.data_dir, settings.people_key)
    except BotError as error:
        return check_of_error(_KEY, "failure", error)
    if found is None or not found.check_value:
        where = f"it is in {key.source}" if key else "none yet, the first start makes it"
        return Check(_KEY, "ok", where)
    if key is None:
        detail = f"the key that {found.shown} was used with is not here"
        advice = "set PEOPLE_KEY as for the other processes, or copy their people.key to DATA_DIR"
        return Check(_KEY, "failure", detail, advice)
    if found.check_value != key.check_value:
        return check_of_error(_KEY, "failure", wrong_key(found.shown, key))
    return Check(_KEY, "ok", f"it is in {key.source}, and fits the database")


def check_disk(settings: Settings, found: IndexInspection | None) -> Check:
    """Check that the data folder can be written and has room for another index."""
    name, folder = "disk", settings.data_dir
    try:
        free_mb = free_bytes(folder) / _MB
        is_writable = os.access(nearest_folder(folder), os.W_OK)
    except OSError as error:
        return Check(name, "failure", f"{folder}: {error.strerror or error}", "check DATA_DIR")
    if not is_writable:
        advice = "let the user of the bot write there, or set another DATA_DIR"
        return Check(name, "failure", f"{folder} cannot be written", advice)
    manifest = found.manifest if found else None
    index_mb = sum(manifest.sizes.values()) / _MB if manifest else 0
    detail = f"{free_mb:,.0f} MB free in {folder}"
    advice = f"make room: an index is built beside the one in use, which takes {index_mb:,.0f} MB"
    if free_mb < _NEEDED_MB:
        return Check(name, "failure", detail, advice)
    if free_mb < index_mb + _WANTED_MB:
        return Check(name, "warning", detail, advice)
    return Check(name, "ok", detail)
