"""Write a person's questions into a file for them, with all that is kept of each."""

import dataclasses
import json
from collections.abc import Sequence

from bot.database import StoredQuestion

# Discord accepts files of 10 MiB; the rest is for the request around the file.
MAX_FILE_BYTES = 9 * 1024 * 1024


def questions_file(
    questions: Sequence[StoredQuestion], max_bytes: int = MAX_FILE_BYTES
) -> tuple[bytes, int]:
    """Return a JSON array in UTF-8 of the first questions that it has room for, and their number.

    The asker is left out: it is the reader.
    """
    parts: list[bytes] = []
    size = 4
    for question in questions:
        text = json.dumps(_fields(question), ensure_ascii=False, indent=1)
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
