"""Write files so that they outlive a crash, and read them back verified."""

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

_CHUNK_BYTES = 2**20


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write chunks to a new file; `settle` makes it last."""
    with path.open("xb") as stream:
        for chunk in chunks:
            stream.write(chunk)


def settle(path: Path) -> str:
    """Force a file to the disk and return its SHA-256."""
    with path.open("r+b") as stream:  # Windows forces nothing that is only open for reading
        os.fsync(stream.fileno())
    return checksum(path)


def checksum(path: Path, pause: Callable[[], None] | None = None) -> str:
    """Return a file's SHA-256; `pause` is called after each MiB, to leave others the disk."""
    with path.open("rb") as stream:
        if pause is None:
            return hashlib.file_digest(stream, "sha256").hexdigest()
        digest = hashlib.sha256()
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            pause()
        return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to the disk, where the platform can open a folder."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
