"""Vectors that no index holds yet: finished parts of an encoding, which survive a crash."""

import contextlib
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from index.files import link_or_copy, sync_file, sync_folder
from index.vectors.token_basis import TokenBasis
from index.vectors.vector_files import (
    EncodedPassage,
    EncoderRecord,
    VectorFiles,
    gather,
    write_encoded,
)

# Each part holds a few file descriptors; so many parts are joined.
MAX_PARTS = 32


class VectorParts:
    """The folder beside the builds where finished vectors wait until an index holds them.

    Each part is a folder of `VectorFiles`, written beside and renamed, so it is whole. Several
    processes may add parts.
    """

    def __init__(self, index_dir: Path) -> None:
        self._folder = index_dir / "vectors"

    def all(self) -> list[VectorFiles]:
        """Return the parts; a damaged one is left out. OSError if they cannot be opened."""
        found = []
        for folder in sorted(self._folder.glob("part-*")):
            # Another process may remove a part at any time.
            with contextlib.suppress(FileNotFoundError, ValueError):
                found.append(VectorFiles.open(folder))
        return found

    def add(
        self, record: EncoderRecord, basis: TokenBasis | None, encoded: Sequence[EncodedPassage]
    ) -> VectorFiles:
        """Write a part; OSError if it cannot be written."""
        written = self._new_folder()
        write_encoded(written, record, basis, encoded)
        return VectorFiles.open(self._publish(written))

    def keep(self, files: VectorFiles) -> None:
        """Keep the vectors of a build that is about to be removed; OSError if it is impossible."""
        written = self._new_folder()
        for path in files.folder.glob("encoder*"):
            link_or_copy(path, written / path.name)
        self._publish(written)

    def merge(
        self, record: EncoderRecord, basis: TokenBasis | None, parts: Sequence[VectorFiles]
    ) -> VectorFiles:
        """Join vectors on the same basis into one part; OSError if it cannot be written.

        The parts are removed, the vectors of an index stay there too.
        """
        written = self._new_folder()
        keys = dict.fromkeys(key for part in parts for key in part.keys.tolist())
        gather(written, record, basis, list(keys), parts)
        merged = VectorFiles.open(self._publish(written))
        for part in parts:
            if part.folder.parent == self._folder:
                shutil.rmtree(part.folder, ignore_errors=True)
        return merged

    def clear(self) -> None:
        """Remove all parts, after an index with their vectors was published."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _new_folder(self) -> Path:
        # Not the parents too: a server's index that was removed must stay so.
        self._folder.mkdir(exist_ok=True)
        folder = self._folder / f"new-{uuid.uuid4().hex[:12]}"
        folder.mkdir()
        return folder

    def _publish(self, written: Path) -> Path:
        for path in written.iterdir():
            sync_file(path)
        sync_folder(written)
        part = written.with_name(written.name.replace("new-", "part-"))
        written.rename(part)
        sync_folder(self._folder)
        return part
