"""Verify the files of a build, and open them memory-mapped."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.analysis.synonyms import Synonyms
from index.errors import IndexUnusableError, SynonymsError
from index.files import N_READERS, checksum
from index.lexical.fields import LexicalIndex
from index.passages.editions import NO_EDITIONS, Editions
from index.passages.lookup import PassageLookup
from index.passages.passage_file import PassageLines, open_first_copies
from index.storage.manifest import Manifest, read_manifest
from index.storage.source_table import SOURCES_NAME, SourceTable
from index.storage.synonym_files import open_synonyms, open_words
from index.vectors.similarity import PassageVectors

# An index up to this size is verified completely when it is opened, in some 20 ms. Of a larger one
# the sizes of the files are verified, and each passage when it is read; `verify_build` verifies the
# rest.
_MAX_VERIFIED_BYTES = 16 * 2**20

# A file up to this size is always verified when the index is opened.
_ALWAYS_VERIFIED_BYTES = 2**20


@dataclass(frozen=True)
class OpenedIndex:
    """An open index.

    Attributes:
        index_dir: The folder of the index.
        manifest: The manifest.
        passages: The passages in order; a passage's row is its position.
        lookup: Finds passages by document and paragraph.
        lexical: The words of the passages, and of the titles and headings above them.
        words: The commonest words of the passages, sorted.
        vectors: The vectors of the passages, memory-mapped; None without these.
        first_copies: For each passage the row of the first one that reads the same.
        synonyms: The owner's rules and the general ones.
        related: By stem, the words of the corpus that WordNet relates to it.
        editions: The texts that are the same page in several versions or languages.
    """

    index_dir: Path
    manifest: Manifest
    passages: PassageLines
    lookup: PassageLookup
    lexical: LexicalIndex
    words: list[str]
    vectors: PassageVectors | None
    first_copies: npt.NDArray[np.int64]
    synonyms: Synonyms
    related: dict[str, list[str]] = field(default_factory=dict)
    editions: Editions = NO_EDITIONS

    @cached_property
    def sources(self) -> SourceTable:
        """The table of the corpus' files; only for a build, whose lock protects the file."""
        return read_sources(self.index_dir, self.manifest)

    @property
    def folder(self) -> Path:
        """The folder of the build."""
        return self.index_dir / self.manifest.build

    def check(self, pause: Callable[[], None] | None = None) -> None:
        """Check every byte of the build; `pause` is called after each MiB.

        Raises:
            IndexUnusableError: A byte has changed, or the build was removed.
        """
        check_bytes(self.index_dir, self.manifest, pause)

    @cached_property
    def rows_of_documents(self) -> dict[str, range]:
        """The rows of each document's passages, by source."""
        return dict(zip(self.sources.documents, self.lookup.ranges(), strict=True))


def verify_build(index_dir: Path, *, thorough: bool) -> Manifest:
    """Check the published index and return its manifest.

    Args:
        index_dir: The folder of the index.
        thorough: Whether to check every byte of a large index too.

    Raises:
        IndexMissingError: There is no index.
        IndexUnusableError: It is corrupt, incomplete, or of another version or analysis.
    """
    manifest = read_manifest(index_dir)
    _check_files(index_dir, manifest, thorough=thorough)
    return manifest


def check_bytes(
    index_dir: Path, manifest: Manifest, pause: Callable[[], None] | None = None
) -> None:
    """Check every byte of a build, published or not; `pause` is called after each MiB.

    Raises:
        IndexUnusableError: A byte has changed.
    """
    _check_files(index_dir, manifest, thorough=True, pause=pause)


def open_build(index_dir: Path) -> OpenedIndex:
    """Open the published index; a small one is verified completely.

    Raises:
        IndexMissingError: There is no index.
        IndexUnusableError: It is corrupt, incomplete, or of another version or analysis.
    """
    manifest = read_manifest(index_dir)
    while True:
        try:
            return _open_files(index_dir, manifest)
        except IndexUnusableError:
            # A rebuild may have replaced and removed the build since its manifest was read.
            newer = read_manifest(index_dir)
            if newer.build == manifest.build:
                raise
            manifest = newer


def read_sources(index_dir: Path, manifest: Manifest) -> SourceTable:
    """Read and verify the table of the corpus' files of a build.

    Raises:
        IndexUnusableError: The table is corrupt or missing.
    """
    try:
        data = (index_dir / manifest.build / SOURCES_NAME).read_bytes()
    except OSError as error:
        raise IndexUnusableError(index_dir, f"{SOURCES_NAME} cannot be read") from error
    if hashlib.sha256(data).hexdigest() != manifest.files.get(SOURCES_NAME):
        raise IndexUnusableError(index_dir, f"the size or checksum of {SOURCES_NAME} is wrong")
    return SourceTable.from_json(data)


def _open_files(index_dir: Path, manifest: Manifest) -> OpenedIndex:
    _check_files(index_dir, manifest, thorough=False)
    folder = index_dir / manifest.build
    try:
        passages, first_sentences = PassageLines.open(folder)
        lexical = LexicalIndex.open(folder)
        editions = Editions.open(folder)
        opened = OpenedIndex(
            index_dir,
            manifest,
            passages,
            PassageLookup.open(folder, passages, editions),
            lexical,
            open_words(folder),
            PassageVectors.open(folder) if manifest.encoder_hash else None,
            open_first_copies(folder),
            *open_synonyms(folder, lexical.languages),
            editions=editions,
        )
        _check_lengths(opened, first_sentences)
    except (OSError, ValueError, SynonymsError) as error:
        raise IndexUnusableError(index_dir, f"a file of it cannot be read: {error}") from error
    return opened


def _check_lengths(opened: OpenedIndex, first_sentences: npt.NDArray[np.int64]) -> None:
    """Raise ValueError if the files do not belong together."""
    n_passages = opened.manifest.passages
    fitting = (
        len(opened.passages) == len(opened.first_copies) == n_passages
        and len(first_sentences) == n_passages + 1
        and len(opened.lookup) == opened.manifest.documents
        and opened.lexical.n_passages == n_passages
        and (opened.vectors is None or len(opened.vectors.files) == n_passages)
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
    """Raise IndexUnusableError if a file has not its size, or one that is read not its bytes."""
    every_byte = thorough or sum(manifest.sizes.values()) <= _MAX_VERIFIED_BYTES

    def is_right(name: str) -> bool:
        path = index_dir / manifest.build / name
        try:
            size = path.stat().st_size
            if size != manifest.sizes.get(name):
                return False
            is_read = every_byte or size <= _ALWAYS_VERIFIED_BYTES
            return not is_read or checksum(path, pause) == manifest.files[name]
        except OSError as error:
            raise IndexUnusableError(index_dir, f"{name} cannot be read") from error

    names = list(manifest.files)
    for name, right in zip(
        names, _map(is_right, names, is_long=thorough and not pause), strict=True
    ):
        if not right:
            raise IndexUnusableError(index_dir, f"the size or checksum of {name} is wrong")


def _map(check: Callable[[str], bool], names: list[str], *, is_long: bool) -> Iterator[bool]:
    """Yield the results of a check, of which two run at once if that is worth starting threads."""
    if not is_long:
        yield from map(check, names)
        return
    from concurrent.futures import ThreadPoolExecutor  # no question needs it

    with ThreadPoolExecutor(N_READERS) as pool:
        yield from pool.map(check, names)
