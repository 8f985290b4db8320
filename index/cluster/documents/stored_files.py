"""The files of a build in a cluster: each is cut into chunks, one document for each."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.cluster.client.connection import ClusterConnection
from index.cluster.documents.binary import to_bytes, to_text
from index.cluster.documents.schema import CHUNK, DATA, FILE, NO_STORED_FIELDS
from index.errors import IndexUnusableError
from index.lexical.fields import FIELDS
from index.lexical.postings import COUNT_KINDS, KINDS
from index.storage.source_table import SOURCES_NAME

_CHUNK_BYTES = 2**20
_CHUNKS_AT_ONCE = 8

# The lines of this file are in the documents of the passages.
LINES_NAME = "passages.jsonl"

# What of the postings is read when an index is opened.
_OPENED_ARRAYS = {"offsets", "largest", "row_count"}

# What only a build reads, and what the documents of the passages have instead.
_NOT_OPENED = {
    LINES_NAME,
    SOURCES_NAME,
    "passage-starts.npy",
    "passage-hashes.npy",
    "first-sentences.npy",
    *(
        f"{field.name}/{name}.npy"
        for field in FIELDS
        for name in {*KINDS, *COUNT_KINDS} - _OPENED_ARRAYS
    ),
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a file that a cluster holds.

    Attributes:
        sha256: Its checksum.
        size: Its size in bytes.
    """

    sha256: str
    size: int

    @property
    def n_chunks(self) -> int:
        """The number of its chunks; an empty file has one."""
        return max(1, -(-self.size // _CHUNK_BYTES))


def is_opened(name: str) -> bool:
    """Return whether a file of a build is read when an index is opened."""
    return name not in _NOT_OPENED and not name.startswith("encoder")


def chunks_of(name: str, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield id and content of the documents of a file; OSError if it cannot be read."""
    with path.open("rb") as stream:
        number = 0
        while (data := stream.read(_CHUNK_BYTES)) or not number:
            yield f"{name}:{number}", {FILE: name, CHUNK: number, DATA: to_text(data)}
            number += 1


def fetch_file(
    connection: ClusterConnection, index: str, name: str, stored: StoredFile, path: Path
) -> None:
    """Write a file that a cluster holds to a new path, and verify it.

    Raises:
        IndexUnusableError: It is not the file that was published.
        PassageIndexError: The cluster does not answer.
        OSError: The path cannot be written.
    """
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as stream:
        for first in range(0, stored.n_chunks, _CHUNKS_AT_ONCE):
            for data in _fetch_chunks(connection, index, name, first):
                digest.update(data)
                size += stream.write(data)
    if size != stored.size or digest.hexdigest() != stored.sha256:
        raise IndexUnusableError(
            str(connection.address), f"the size or checksum of {name} is wrong"
        )


def fetch_bytes(connection: ClusterConnection, index: str, name: str) -> bytes:
    """Return a small file that a cluster holds, empty if there is none; raises like `call`."""
    return b"".join(_fetch_chunks(connection, index, name, 0))


def _fetch_chunks(connection: ClusterConnection, index: str, name: str, first: int) -> list[bytes]:
    within = {"range": {CHUNK: {"gte": first, "lt": first + _CHUNKS_AT_ONCE}}}
    body = {
        "query": {"bool": {"filter": [{"term": {FILE: name}}, within]}},
        "sort": [{CHUNK: "asc"}],
        "docvalue_fields": [DATA],
        "size": _CHUNKS_AT_ONCE,
        **NO_STORED_FIELDS,
    }
    hits = connection.search(index, body, slow=True)["hits"]["hits"]
    return [to_bytes(hit["fields"][DATA][0]) for hit in hits]
