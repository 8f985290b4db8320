"""The manifest of a backup, and the names that files in it may have."""

import re
from dataclasses import dataclass, field

from bot.database import SHARED_FOLDER

# Increased when older programs can no longer read the file.
FORMAT = 1

KEY = "people.key"

_TABLE = re.compile(r"tables/(?P<table>[a-z_]{1,63})\.jsonl")
_TEXT = re.compile(
    r"servers/(?P<server>[0-9]{1,20})/(?P<kind>texts|removed)/(?P<path>.+)", re.DOTALL
)

# Characters that end a name, leave its folder or name a disk; hidden files are not texts.
_UNSAFE = re.compile(r"""[\x00-\x1f\x7f\\:*?"<>|]|^\.|[. ]$""")
_MAX_NAME_BYTES = 255


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        format: The version of this layout.
        program: The version of the program that made it.
        schema: The revision of the tables.
        made_at: The time, as ISO 8601 in UTC.
        counters: The last id that each table has given to a row.
        files: The size in bytes and the SHA-256 of each file, by its name.
    """

    format: int
    program: str
    schema: str
    made_at: str
    counters: dict[str, int] = field(default_factory=dict)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def tables(self) -> list[str]:
        """The tables whose rows it holds."""
        return [found["table"] for name in self.files if (found := _TABLE.fullmatch(name))]

    @property
    def texts(self) -> list[str]:
        """The names of servers' own texts, also of removed ones."""
        return [name for name in self.files if _TEXT.fullmatch(name)]

    @property
    def servers(self) -> dict[int, dict[str, tuple[int, str]]]:
        """The entries of these texts by server, and by their paths in its folder.

        Raises:
            ValueError: The folder of a server is not named by its id.
        """
        found: dict[int, dict[str, tuple[int, str]]] = {}
        for name in self.texts:
            _, server, path = name.split("/", 2)
            if server != str(int(server)):
                raise ValueError(f"{name!r} is not of a server")
            found.setdefault(_count(int(server)), {})[path] = self.files[name]
        return found


def table_name(table: str) -> str:
    """Return the name of the file with the rows of a table."""
    return f"tables/{table}.jsonl"


def is_name(name: str) -> bool:
    """Return whether a backup may hold a file of this name, which must stay in its folder."""
    text = _TEXT.fullmatch(name)
    if text is None:
        return name == KEY or _TABLE.fullmatch(name) is not None
    return all(_is_plain(part) for part in text["path"].split("/"))


def text_name(guild_id: int, path: str) -> str:
    """Return the name of a file in the folder of a server."""
    return f"servers/{guild_id}/{path}"


def is_removed(name: str) -> bool:
    """Return whether a file of this name is a text that was removed or replaced."""
    text = _TEXT.fullmatch(name)
    return text is not None and text["kind"] == "removed"


def is_shared(name: str) -> bool:
    """Return whether a file of this name is one of the texts that all servers share."""
    return name.startswith(text_name(SHARED_FOLDER, "texts/"))


def _is_plain(part: str) -> bool:
    try:
        n_bytes = len(part.encode())
    except UnicodeEncodeError:
        return False
    return 0 < n_bytes <= _MAX_NAME_BYTES and _UNSAFE.search(part) is None


def read_manifest(told: object) -> Manifest:
    """Parse a manifest.

    Raises:
        ValueError: It is not a manifest.
    """
    match told:
        case {
            "format": int(number),
            "program": str(program),
            "schema": str(schema),
            "made_at": str(made_at),
            "counters": dict(counters),
            "files": dict(files),
        }:
            return Manifest(
                number,
                program,
                schema,
                made_at,
                {table: _count(last) for table, last in counters.items()},
                {name: _entry(entry) for name, entry in files.items()},
            )
    raise ValueError("its manifest is not valid")


def _entry(entry: object) -> tuple[int, str]:
    match entry:
        case [int(), str(digest)]:
            return _count(entry[0]), digest
    raise ValueError("its manifest is not valid")


def _count(number: object) -> int:
    # Not more than a database or a disk can count to.
    if isinstance(number, int) and 0 <= number < 2**62:
        return number
    raise ValueError("its manifest is not valid")
