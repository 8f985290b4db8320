"""The table of the corpus' files in a build; only the next build reads it."""

import json
from dataclasses import dataclass, fields
from pathlib import Path

from index.documents import KnownFile
from index.documents.model import DeclaredVersion
from index.files import write_file

# The table's file in the folder of a build.
SOURCES_NAME = "sources.json"

# The coarsest file systems store times of changes in steps of two seconds.
_COARSEST_TIME_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The files of the corpus at a build, by source.

    Attributes:
        documents: SHA-256 of each indexed file, in the order of their passages.
        stamps: Size in bytes and time of last change in ns, of each file that was listed.
        skipped: SHA-256 of each file that could not be read, and the reason.
        languages: The language of each indexed file.
        guessed: The indexed files whose language is that of their neighbours.
        versions: Of each indexed file that says anything of its version: the version or None, and
            whether it is the latest.
    """

    documents: dict[str, str]
    stamps: dict[str, list[int]]
    skipped: dict[str, list[str]]
    languages: dict[str, str]
    guessed: list[str]
    versions: dict[str, tuple[str | None, bool]]

    def declared(self, source: str) -> DeclaredVersion:
        """Return what a file says of its version."""
        return DeclaredVersion(*self.versions.get(source, ()))

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of each file, whether it was indexed or skipped, by source."""
        return self.documents | {source: sha256 for source, (sha256, _) in self.skipped.items()}

    def known_files(self, listed_at_ns: int) -> dict[str, KnownFile]:
        """Return the files that are known to be unchanged if size and time are the same.

        A file that was changed just before the listing is left out: a later change might have the
        same time.

        Args:
            listed_at_ns: When the corpus was listed, in ns since 1970.
        """
        told_apart = listed_at_ns - _COARSEST_TIME_NS
        hashes = self.hashes
        return {
            source: KnownFile(hashes[source], size, mtime_ns)
            for source, (size, mtime_ns) in self.stamps.items()
            if mtime_ns < told_apart and source in hashes
        }

    def write(self, folder: Path) -> None:
        """Write the table to the folder of a build; OSError if it cannot be written."""
        table = {field.name: getattr(self, field.name) for field in fields(self)}
        write_file(folder / SOURCES_NAME, [json.dumps(table).encode()])

    @classmethod
    def from_json(cls, data: bytes) -> "SourceTable":
        """Return the table that `write` wrote; the caller must verify the bytes."""
        return cls(**json.loads(data))
