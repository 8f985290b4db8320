"""The folder of a build: written beside the published one, then published by one atomic rename.

    DATA_DIR/index/
        manifest.json       names the published build, with checksums
        build-<id>/         the files of one build
        build.lock          held by the process that builds

After a crash before the rename the old manifest and its build are still published. The next build
removes the files of the crashed one.
"""

import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from index.errors import IndexWriteError, PassageIndexError, RebuildRunningError
from index.files import sync_file, sync_files, sync_folder, write_file
from index.storage.manifest import MANIFEST_NAME, Manifest, checksum_of_fields, read_manifest

# A build of one article takes a tenth of a second; only a large build holds the lock this long.
_LOCK_TIMEOUT_S = 10.0


@contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Hold the folder's lock, so that only one process at a time builds in it.

    Raises:
        RebuildRunningError: Another process holds the lock.
        IndexWriteError: The folder cannot be written.
    """
    from filelock import FileLock, Timeout  # only a build needs it

    lock = FileLock(index_dir / "build.lock", timeout=_LOCK_TIMEOUT_S)
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise RebuildRunningError(index_dir) from error
    except OSError as error:
        raise IndexWriteError(index_dir, error.strerror or str(error)) from error
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True, slots=True)
class BuildFolder:
    """The folder of one build; nobody reads it before its manifest is published."""

    index_dir: Path
    name: str

    @property
    def path(self) -> Path:
        """The path of the folder."""
        return self.index_dir / self.name

    @classmethod
    @contextmanager
    def create(cls, index_dir: Path) -> Iterator["BuildFolder"]:
        """Create a folder; after an error in the context it is removed unless it was published.

        Raises:
            IndexWriteError: An OSError was raised within the context.
        """
        folder = cls(index_dir, f"build-{uuid.uuid4().hex[:12]}")
        try:
            folder.path.mkdir(parents=True)
            yield folder
        except BaseException as error:
            if not folder._is_published():
                shutil.rmtree(folder.path, ignore_errors=True)
            if isinstance(error, OSError):
                raise IndexWriteError(index_dir, error.strerror or str(error)) from error
            raise

    def publish(self, manifest: Manifest) -> Manifest:
        """Publish the build by one atomic rename, then remove all other builds.

        Args:
            manifest: The manifest of the build, without the checksums and sizes of its files.

        Returns:
            The published manifest.

        Raises:
            OSError: A file cannot be written; the former build stays published.
        """
        checksums, sizes = self._sync_files()
        manifest = replace(manifest, files=checksums, sizes=sizes)
        fields = asdict(manifest)
        fields["checksum"] = checksum_of_fields(fields)
        new_manifest = self.index_dir / f"{MANIFEST_NAME}.{self.name}"
        try:
            write_file(new_manifest, [json.dumps(fields, indent=1).encode()])
            sync_file(new_manifest)
            new_manifest.replace(self.index_dir / MANIFEST_NAME)
            sync_folder(self.index_dir)
        except OSError:
            new_manifest.unlink(missing_ok=True)
            raise
        remove_leftovers(self.index_dir, keep=self.name)
        return manifest

    def _sync_files(self) -> tuple[dict[str, str], dict[str, int]]:
        """Sync all files to the disk; return SHA-256 and size of each, by path in the folder."""
        paths = sorted(self.path.rglob("*"))
        files = [path for path in paths if not path.is_dir()]
        hashes = sync_files(files)
        for folder in sorted({self.path, *paths} - {*files}, reverse=True):
            sync_folder(folder)
        names = [path.relative_to(self.path).as_posix() for path in files]
        sizes = [path.stat().st_size for path in files]
        return dict(zip(names, hashes, strict=True)), dict(zip(names, sizes, strict=True))

    def _is_published(self) -> bool:
        try:
            return read_manifest(self.index_dir).build == self.name
        except PassageIndexError:
            return False


def remove_leftovers(index_dir: Path, *, keep: str | None) -> None:
    """Remove all builds but one, and unpublished manifests; call it only with the lock held."""
    for leftover in index_dir.glob("build-*"):
        if leftover.name != keep:
            shutil.rmtree(leftover, ignore_errors=True)
    for leftover in index_dir.glob(f"{MANIFEST_NAME}.*"):
        leftover.unlink(missing_ok=True)
