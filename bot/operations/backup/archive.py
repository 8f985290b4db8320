"""The file of a backup: a zip with a manifest; every byte is verified before it is read.

manifest.json             see `manifest.Manifest`
people.key                the key of people's hashes
tables/NAME.jsonl         the rows of a table, a line for each
servers/ID/texts/NAME     the own texts of servers, also in folders
servers/ID/removed/KEY/NAME   their removed texts, see `removed_texts`
servers/0/texts/NAME      the texts that all servers share, from PostgreSQL only
"""

import contextlib
import hashlib
import json
import stat
import zipfile
import zlib
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import IO

from bot.errors import BackupError
from bot.operations.backup.manifest import FORMAT, Manifest, is_name, read_manifest, table_name

_MANIFEST = "manifest.json"

# The sizes of a manifest with half a million texts, and of a row with eleven questions of the
# largest length.
_MAX_MANIFEST_BYTES = 64 * 2**20
_MAX_LINE_BYTES = 16 * 2**20
_CHUNK_BYTES = 2**20

# What zipfile raises for a damaged archive.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class BackupWriter:
    """Writes a backup to an open file."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)
        self._files: dict[str, tuple[int, str]] = {}

    def __enter__(self) -> "BackupWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close the zip; after an error its content does not matter, because it is deleted."""
        with contextlib.suppress(*([OSError, ValueError] if kind else [])):
            self._zip.close()

    def add(self, name: str) -> "_Member":
        """Return a context that takes the chunks of a file."""
        return _Member(self._zip.open(name, "w", force_zip64=True), name, self._files)

    def finish(self, *, program: str, schema: str, made_at: str, counters: dict[str, int]) -> None:
        """Write the manifest, after all else."""
        manifest = Manifest(FORMAT, program, schema, made_at, counters, self._files)
        self._zip.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))


class _Member:
    """One file that is being written into a backup."""

    def __init__(self, stream: IO[bytes], name: str, files: dict[str, tuple[int, str]]) -> None:
        self._stream, self._name, self._files = stream, name, files
        self._digest, self._size = hashlib.sha256(), 0

    def __enter__(self) -> "_Member":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._files[self._name] = self._size, self.digest

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes so far."""
        return self._digest.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._stream.write(chunk)
        self._digest.update(chunk)
        self._size += len(chunk)


class BackupReader:
    """A backup whose every byte was verified.

    Attributes:
        manifest: What it holds.
    """

    def __init__(self, path: Path) -> None:
        """Open and verify a file; nothing is extracted.

        Raises:
            BackupError: It is not a backup, or damaged, forged, or of a newer program.
            OSError: It cannot be read.
        """
        self._path = path
        with ExitStack() as opened:
            try:
                self._zip = opened.enter_context(zipfile.ZipFile(path))
                self.manifest = self._read_manifest()
                self._verify()
            except _BROKEN as error:
                raise self._refusal(str(error) or type(error).__name__) from error
            self._open = opened.pop_all()

    def __enter__(self) -> "BackupReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def lines(self, table: str) -> Generator[bytes]:
        """Yield the rows of a table, a line each; nothing if the backup has no such table."""
        name = table_name(table)
        if name not in self.manifest.files:
            return
        with self._zip.open(name) as stream:
            while line := stream.readline(_MAX_LINE_BYTES):
                yield line

    def chunks(self, name: str) -> Iterable[bytes]:
        """Yield the bytes of a file, in chunks; at most as many as the manifest says.

        Raises:
            BackupError: They differ from the manifest.
        """
        size, digest = self.manifest.files[name]
        found = hashlib.sha256()
        with self._zip.open(name) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                size -= len(chunk)
                if size < 0:
                    break
                found.update(chunk)
                yield chunk
        if size or found.hexdigest() != digest:
            raise self._refusal(f"{name} is not what was saved")

    def _read_manifest(self) -> Manifest:
        if self._zip.getinfo(_MANIFEST).file_size > _MAX_MANIFEST_BYTES:
            raise ValueError("its manifest is too long")
        with self._zip.open(_MANIFEST) as stream:
            told = json.loads(stream.read(_MAX_MANIFEST_BYTES))
        number = told.get("format") if isinstance(told, dict) else None
        if isinstance(number, int) and number > FORMAT:
            raise BackupError(
                f"{self._path} was made by a newer version of Pullquote "
                f"({told.get('program')}); update Pullquote"
            )
        return read_manifest(told)

    def _verify(self) -> None:
        infos = self._zip.infolist()
        names = [info.filename for info in infos]
        if sorted(names) != sorted({*self.manifest.files, _MANIFEST}):
            raise ValueError("its files are not those of its manifest")
        for info in infos:
            kind = stat.S_IFMT(info.external_attr >> 16)
            if info.filename != _MANIFEST and not is_name(info.filename):
                raise ValueError(f"{info.filename!r} is not the name of a file in a backup")
            if kind not in (0, stat.S_IFREG) or info.is_dir():
                raise ValueError(f"{info.filename!r} is not a plain file")
        for name in self.manifest.files:
            for _ in self.chunks(name):
                pass

    def _refusal(self, reason: str) -> BackupError:
        return BackupError(f"{self._path} is not a complete backup: {reason}; nothing was changed")
