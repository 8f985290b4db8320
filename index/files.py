"""Write files durably, and compute their checksums."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

_CHUNK_BYTES = 2**20

# So many threads compute checksums, which needs more time than reading.
N_READERS = 2


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write chunks to a new file; call `sync_file` to make it durable."""
    with path.open("xb") as stream:
        for chunk in chunks:
            stream.write(chunk)


def sync_file(path: Path) -> str:
    """Sync a file to the disk and return its SHA-256."""
    _sync(path)
    return checksum(path)


def sync_files(paths: Sequence[Path]) -> list[str]:
    """Sync files to the disk, one after the other, and return the SHA-256 of each.

    Checksums are computed while the next files are synced.
    """
    from concurrent.futures import ThreadPoolExecutor  # no question needs it

    with ThreadPoolExecutor(N_READERS) as pool:
        checksums = []
        for path in paths:
            _sync(path)
            checksums.append(pool.submit(checksum, path))
        return [one.result() for one in checksums]


def _sync(path: Path) -> None:
    with path.open("r+b") as stream:  # Windows cannot sync a file that is only open for reading
        os.fsync(stream.fileno())


def checksum(path: Path, pause: Callable[[], None] | None = None) -> str:
    """Return a file's SHA-256; `pause` is called after each MiB, to let others use the disk."""
    with path.open("rb") as stream:
        if pause is None:
            return hashlib.file_digest(stream, "sha256").hexdigest()
        digest = hashlib.sha256()
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            pause()
        return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Sync the entries of a folder to the disk; does nothing on Windows, which cannot."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def link_or_copy(path: Path, other: Path) -> None:
    """Give a file a second name; where that is impossible, copy it."""
    try:
        other.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, other)
