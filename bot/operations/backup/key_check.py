"""Keep the key of people's hashes and the rows that it made together, in a backup and a restore."""

import json

from bot.config.settings import Settings
from bot.database import CHECK_KEY, Pseudonyms, Snapshot
from bot.errors import BackupError, BotError
from bot.operations.backup.archive import BackupReader
from bot.operations.backup.manifest import KEY


async def key_to_save(settings: Settings, found: Snapshot, *, is_needed: bool) -> bytes | None:
    """Return the key that a database was used with; None if there is none yet.

    Args:
        settings: Name the key.
        found: The database.
        is_needed: Whether to fail if the key is not here; else None is returned.

    Raises:
        BackupError: The key is not here.
        BotError: It cannot be read.
    """
    value = await found.check_value()
    try:
        key = Pseudonyms.find(settings.data_dir, settings.people_key)
    except BotError:
        if is_needed:
            raise
        return None
    if value and (key is None or key.check_value != value):
        if is_needed:
            raise BackupError(
                "The key that the database was used with is not here, and a backup is of no use "
                "without it; set PEOPLE_KEY, or copy people.key to "
                f"{settings.data_dir.absolute()}, as the bot has it"
            )
        return None
    return None if key is None else key.key


def check_saved_key(settings: Settings, backup: BackupReader) -> None:
    """Check that the key that holds after a restore made the hashes of the backup.

    That is PEOPLE_KEY if it is set, else the key of the backup.

    Raises:
        BackupError: It is not, or the rows cannot be read.
    """
    saved = b"".join(backup.chunks(KEY)) if KEY in backup.manifest.files else None
    given = bytes.fromhex(settings.people_key) if settings.people_key else None
    if given and saved and given != saved:
        raise BackupError(
            "PEOPLE_KEY is not the key that the backup was made with; set that one, or leave "
            "PEOPLE_KEY out and people.key is restored with the rest; nothing was changed"
        )
    key, value = given or saved, _check_value(backup)
    if value and (key is None or Pseudonyms(key).check_value != value):
        raise BackupError(
            "The hashes of the backup were made with a key that it does not hold; set PEOPLE_KEY "
            "to that key; nothing was changed"
        )


def _check_value(backup: BackupReader) -> str | None:
    """Return the check value of the key that the rows of a backup were made with."""
    try:
        for line in backup.lines("facts"):
            row = json.loads(line)
            if row["key"] == CHECK_KEY:
                return str(row["value"])
    except (ValueError, LookupError, TypeError) as error:
        raise BackupError(f"The backup cannot be restored: {error}") from error
    return None
