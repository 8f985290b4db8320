"""Write a person's questions and changes into files for them, with all that is kept of each."""

import dataclasses
import json
from collections.abc import Iterable, Sequence

from bot.database import StoredChange, StoredQuestion

# Discord accepts files of 10 MiB; the rest is for the request around the file.
MAX_FILE_BYTES = 9 * 1024 * 1024


def questions_file(
    questions: Sequence[StoredQuestion], max_bytes: int = MAX_FILE_BYTES
) -> tuple[bytes, int]:
    """Return a JSON array in UTF-8 of the first questions that it has room for, and their number.

    The asker is left out: it is the reader.
    """
    return _array(map(_fields, questions), max_bytes)


def changes_file(changes: Sequence[StoredChange], max_bytes: int = MAX_FILE_BYTES) -> bytes:
    """Return a JSON array in UTF-8 of the first changes that it has room for.

    The person is left out: it is the reader.
    """
    return _array(map(_fields_of_change, changes), max_bytes)[0]


def _array(entries: Iterable[dict[str, object]], max_bytes: int) -> tuple[bytes, int]:
    """Return a JSON array of the first objects that it has room for, and their number."""
    parts: list[bytes] = []
    size = 4
    for entry in entries:
        text = json.dumps(entry, ensure_ascii=False, indent=1)
        part = text.encode(
            errors="backslashreplace"
        )  # half of a surrogate pair becomes a JSON escape
        size += len(part) + 2
        if size > max_bytes:
            break
        parts.append(part)
    return b"[\n" + b",\n".join(parts) + b"\n]", len(parts)


def _fields(question: StoredQuestion) -> dict[str, object]:
    fields = dataclasses.asdict(question)
    del fields["asker"]
    return {"asked_at": fields.pop("asked_at").isoformat(timespec="seconds"), **fields}


def _fields_of_change(change: StoredChange) -> dict[str, object]:
    fields = dataclasses.asdict(change)
    del fields["person"], fields["sealed"]
    return {"at": fields.pop("at").isoformat(timespec="seconds"), **fields}
