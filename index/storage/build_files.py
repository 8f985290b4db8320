"""The files of a build: written aside, then opened without reading more than is asked for."""

import hashlib
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.analysis.synonyms import Synonyms, general_synonyms
from index.arrays import map_array, write_array
from index.errors import IndexUnusableError, IndexWriteError, SynonymsError
from index.files import checksum, settle, sync_folder, write_file
from index.lexical.fields import LexicalIndex
from index.passages.passage_file import PassageLines
from index.storage.manifest import Manifest, read_manifest
from index.storage.source_table import SourceTable
from index.vectors.similarity import PassageVectors, WordVectors
from index.vectors.tiers import NEURAL, STATIC

# Up to this size all of an index is verified whenever it is opened, in some 20 ms. In a larger
# one the sizes of its files are, and each passage when it is read; the rest by `verify_build`.
_MAX_VERIFIED_BYTES = 16 * 2**20

# A small file of a large index is, too.
_ALWAYS_VERIFIED_BYTES = 2**20

_SYNONYMS = "synonyms.txt"
_RELATED = "related.txt"
_FIRST_ROWS = "first-rows.npy"
_SOURCES = "sources.json"
_CHANGED_AT = "changed-at.npy"


@dataclass(frozen=True)
class OpenedIndex:
    """An index that can be searched.

    Attributes:
        index_dir: Where it is.
        manifest: What it says of itself.
        passages: In their order; a passage's row is its place.
        lexical: Their words, and those of the titles and headings above them.
        words: The commonest words of the passages, with static vectors.
        vectors: Of passages and sentences, by the kind of encoder; memory-mapped.
        synonyms: The owner's rules and the general ones.
        first_rows: Row of each document's first passage, and at the end the number of rows.
        changed_at_s: When each document's file was last changed, in s since 1970.
        related: By stem, the words that WordNet relates to it.
    """

    index_dir: Path
    manifest: Manifest
    passages: PassageLines
    lexical: LexicalIndex
    words: WordVectors
    vectors: dict[str, PassageVectors]
    synonyms: Synonyms
    first_rows: npt.NDArray[np.int64]
    changed_at_s: npt.NDArray[np.int64]
    related: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def sources(self) -> SourceTable:
        """What was found of each file; only a build asks, while the lock keeps the file there."""
        return read_sources(self.index_dir, self.manifest)

    @cached_property
    def rows_of_documents(self) -> dict[str, range]:
        """The rows of each document's passages, by source, from the table of the sources."""
        firsts = self.first_rows.tolist()
        ranges = map(range, firsts[:-1], firsts[1:])
        return dict(zip(self.sources.documents, ranges, strict=True))


class BuildWriter:
    """A build's folder; nothing of it is in force until its manifest is published.

    Leaving the context by an error removes the folder; an OSError becomes an IndexWriteError.
    """

    def __init__(self, index_dir: Path) -> None:
        self.build = f"build-{uuid.uuid4().hex[:12]}"
        self.folder = index_dir / self.build
        self.files: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self._index_dir = index_dir

    @contextmanager
    def writing(self) -> Iterator["BuildWriter"]:
        """Make the folder, and at the end of the context make all that is in it last.

        Raises:
            IndexWriteError: It cannot be written.
        """
        try:
            self.folder.mkdir(parents=True)
            yield self
            self._settle()
        except OSError as error:
            self.discard()
            raise IndexWriteError(self._index_dir, error.strerror or str(error)) from error
        except BaseException:
            self.discard()
            raise

    def write_synonyms(self, text: str) -> None:
        """Write the owner's synonyms."""
        write_file(self.folder / _SYNONYMS, [text.encode()])

    def write_related(self, related: Mapping[str, Sequence[str]]) -> None:
        """Write which words WordNet relates to which stems."""
        lines = (f"{stemmed} {' '.join(words)}\n".encode() for stemmed, words in related.items())
        write_file(self.folder / _RELATED, lines)

    def write_first_rows(self, first_rows: list[int]) -> None:
        """Write the row of each document's first passage, and the number of rows."""
        self.write_array(_FIRST_ROWS, np.array(first_rows, dtype=np.int64))

    def write_sources(self, sources: SourceTable) -> None:
        """Write what was found of each file."""
        write_file(self.folder / _SOURCES, [sources.to_json()])

    def write_changed_at(self, times_s: list[int]) -> None:
        """Write when each document's file was last changed, in s since 1970."""
        self.write_array(_CHANGED_AT, np.array(times_s, dtype=np.int64))

    def write_array(self, name: str, array: npt.NDArray[Any]) -> None:
        """Write an array that fits into memory."""
        write_array(self.folder / name, array)

    def discard(self) -> None:
        """Remove all that was written."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _settle(self) -> None:
        folders = {self.folder}
        for path in sorted(self.folder.rglob("*")):
            if path.is_dir():
                folders.add(path)
                continue
            name = path.relative_to(self.folder).as_posix()
            self.files[name], self.sizes[name] = settle(path), path.stat().st_size
        for folder in sorted(folders, reverse=True):
            sync_folder(folder)


def verify_build(index_dir: Path, *, thorough: bool) -> Manifest:
    """Check the published index and return its manifest.

    Args:
        index_dir: Where it is.
        thorough: Whether to check every byte also where it is large.

    Raises:
        IndexMissingError: There is none.
        IndexUnusableError: It is corrupt, incomplete, or of another version or analysis.
    """
    manifest = read_manifest(index_dir)
    _check_files(index_dir, manifest, thorough=thorough)
    return manifest


def check_bytes(
    index_dir: Path, manifest: Manifest, pause: Callable[[], None] | None = None
) -> None:
    """Check every byte of a build, in force or not; `pause` is called after each MiB.

    Raises:
        IndexUnusableError: One is not what was written.
    """
    _check_files(index_dir, manifest, thorough=True, pause=pause)


def open_build(index_dir: Path) -> OpenedIndex:
    """Open the published index; how far it is verified goes by its size.

    Raises:
        IndexMissingError: There is none.
        IndexUnusableError: It is corrupt, incomplete, or of another version or analysis.
    """
    manifest = read_manifest(index_dir)
    while True:
        try:
            return _open_files(index_dir, manifest)
        except IndexUnusableError:
            # A rebuild may have replaced and swept the build since its manifest was read.
            newer = read_manifest(index_dir)
            if newer.build == manifest.build:
                raise
            manifest = newer


def read_sources(index_dir: Path, manifest: Manifest) -> SourceTable:
    """Read and verify what a build found of each file of the corpus.

    Raises:
        IndexUnusableError: It is corrupt or missing.
    """
    try:
        data = (index_dir / manifest.build / _SOURCES).read_bytes()
    except OSError as error:
        raise IndexUnusableError(index_dir, f"{_SOURCES} cannot be read") from error
    if hashlib.sha256(data).hexdigest() != manifest.files.get(_SOURCES):
        raise IndexUnusableError(index_dir, f"the size or checksum of {_SOURCES} is wrong")
    return SourceTable.from_json(data)


def _open_files(index_dir: Path, manifest: Manifest) -> OpenedIndex:
    _check_files(index_dir, manifest, thorough=False)
    folder = index_dir / manifest.build
    try:
        passages, first_sentences = PassageLines.open(folder)
        kinds = [STATIC] if manifest.neural_model is None else [STATIC, NEURAL]
        vectors = {kind: PassageVectors.open(folder, kind, first_sentences) for kind in kinds}
        owners = (folder / _SYNONYMS).read_text(encoding="utf-8")
        related = (folder / _RELATED).read_text(encoding="utf-8").splitlines()
        opened = OpenedIndex(
            index_dir,
            manifest,
            passages,
            LexicalIndex.open(folder),
            WordVectors.open(folder),
            vectors,
            Synonyms.parse(owners, Path(_SYNONYMS)).merge(general_synonyms()),
            map_array(folder / _FIRST_ROWS, np.int64),
            map_array(folder / _CHANGED_AT, np.int64),
            {stemmed: words for stemmed, *words in map(str.split, related)},
        )
        _check_lengths(opened, first_sentences)
    except (OSError, ValueError, SynonymsError) as error:
        raise IndexUnusableError(index_dir, f"a file of it cannot be read: {error}") from error
    return opened


def _check_lengths(opened: OpenedIndex, first_sentences: npt.NDArray[np.int64]) -> None:
    """Raise ValueError where the files do not belong together."""
    n_passages, n_documents = opened.manifest.passages, opened.manifest.documents
    fitting = (
        len(opened.passages) == n_passages
        and len(first_sentences) == n_passages + 1
        and len(opened.first_rows) == n_documents + 1
        and len(opened.changed_at_s) == n_documents
        and int(opened.first_rows[-1]) == n_passages
        and opened.lexical.n_passages == n_passages
        and len(opened.words.words) == len(opened.words.vectors)
        and all(
            len(v.passages) == n_passages and len(v.sentences) == first_sentences[-1]
            for v in opened.vectors.values()
        )
    )
    if not fitting:
        raise ValueError("its files do not fit together")


def _check_files(
    index_dir: Path,
    manifest: Manifest,
    *,
    thorough: bool,
    pause: Callable[[], None] | None = None,
) -> None:
    every_byte = thorough or sum(manifest.sizes.values()) <= _MAX_VERIFIED_BYTES
    for name, expected in manifest.files.items():
        path = index_dir / manifest.build / name
        try:
            size = path.stat().st_size
            verified = every_byte or size <= _ALWAYS_VERIFIED_BYTES
            if size == manifest.sizes.get(name) and (
                not verified or checksum(path, pause) == expected
            ):
                continue
        except OSError as error:
            raise IndexUnusableError(index_dir, f"{name} cannot be read") from error
        raise IndexUnusableError(index_dir, f"the size or checksum of {name} is wrong")
