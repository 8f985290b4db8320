"""What a build found of each file of the corpus; read to bring the index up to date, not to ask."""

import json
from dataclasses import dataclass
from pathlib import Path

from index.documents import KnownFile
from index.files import write_file

# The table's file in the folder of a build.
SOURCES_NAME = "sources.json"

# File systems note the time of a change to two seconds at worst.
_COARSEST_TIME_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The files that could be indexed, each by its source.

    Attributes:
        documents: SHA-256 of each indexed file, in the order of their passages.
        stamps: Size and time of last change (ns) of each file that could be indexed.
        skipped: SHA-256 of each file that turned out to be unreadable, and the reason.
    """

    documents: dict[str, str]
    stamps: dict[str, list[int]]
    skipped: dict[str, list[str]]

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of each file that was read, indexed or not, by source."""
        return self.documents | {source: sha256 for source, (sha256, _) in self.skipped.items()}

    def known_files(self, listed_at_ns: int) -> dict[str, KnownFile]:
        """Return the files whose time of change tells whether they changed since.

        Args:
            listed_at_ns: When the corpus was looked through, in ns since 1970.
        """
        told_apart = listed_at_ns - _COARSEST_TIME_NS
        hashes = self.hashes
        return {
            source: KnownFile(hashes[source], size, mtime_ns)
            for source, (size, mtime_ns) in self.stamps.items()
            if mtime_ns < told_apart and source in hashes
        }

    def write(self, folder: Path) -> None:
        """Write the table to the folder of a build; OSError where it cannot be."""
        fields = {"documents": self.documents, "stamps": self.stamps, "skipped": self.skipped}
        write_file(folder / SOURCES_NAME, [json.dumps(fields).encode()])

    @classmethod
    def from_json(cls, data: bytes) -> "SourceTable":
        """Return the table that `write` wrote; the caller has verified the bytes."""
        return cls(**json.loads(data))
