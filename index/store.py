"""The built index on disk: write it aside, publish it by one rename, open and verify it.

    DATA_DIR/index/
        manifest.json       what is published, with checksums; replaced by one atomic rename
        build-<id>/         the files of one build; the manifest names the one in force
        build.lock          held by the process that is building

A crash before the rename leaves the old manifest and its build in force; what the crashed build
left behind is swept away by the next one.
"""

import hashlib
import io
import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from index.encoders import STATIC_ENCODER, Vectors
from index.errors import IndexMissingError, IndexUnusableError, IndexWriteError
from index.expansion import WordVectors
from index.meaning import PassageVectors
from index.passages import MAX_PASSAGE_CHARS, Passage, Sentence
from index.synonyms import Synonyms, general_synonyms
from index.terms import ANALYSIS
from index.tiers import NEURAL, STATIC

# Raise it when the files below change their form; an index of another version is rebuilt.
FORMAT_VERSION = 3

# What the passages and terms of an index depend on besides the corpus.
ANALYSIS_SETTINGS = {
    "terms": ANALYSIS,
    "max_passage_chars": MAX_PASSAGE_CHARS,
    "static_encoder": STATIC_ENCODER,
    "reading": 1,  # raise it when files, sentences or names are read in another way
}

_MANIFEST = "manifest.json"
_PASSAGES = "passages.jsonl"
_WORDS = "words.txt"
_SYNONYMS = "synonyms.txt"
_RELATED = "related.txt"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index says of itself.

    Attributes:
        build: Name of the folder with the build's files.
        built_at: UTC, ISO 8601.
        corpus_fingerprint: Changes with the name or a byte of any file that could be indexed.
        documents: SHA-256 of each indexed file, by source.
        skipped: Reason for each of those files that turned out to be unreadable, by source.
        files: SHA-256 of each file of the build, by name.
        wordnet: Whether WordNet was installed when it was built.
        neural_model: Model of the neural vectors, as the setting names it; None without them.
        neural_tried: Model that was asked for, or None.
        neural_problem: Why that model could not be used, or None.
        passages: Number of passages.
        terms: Number of distinct terms.
        format_version, analysis: See FORMAT_VERSION and ANALYSIS_SETTINGS.
    """

    build: str
    built_at: str
    corpus_fingerprint: str
    documents: dict[str, str]
    skipped: dict[str, str]
    files: dict[str, str]
    passages: int
    terms: int
    wordnet: bool = False
    neural_model: str | None = None
    neural_tried: str | None = None
    neural_problem: str | None = None
    format_version: int = FORMAT_VERSION
    analysis: dict[str, Any] = field(default_factory=lambda: dict(ANALYSIS_SETTINGS))


@dataclass(frozen=True, slots=True)
class OpenedIndex:
    """A verified index.

    Attributes:
        manifest: What it says of itself.
        passages: In their order; a passage's id is its place in the list.
        words: The words of the passages, with static vectors.
        vectors: Of passages and sentences, by the kind of encoder; memory-mapped.
        synonyms: The owner's rules and the general ones.
        related: By stem, the words that WordNet relates to it.
    """

    manifest: Manifest
    passages: list[Passage]
    words: WordVectors
    vectors: dict[str, PassageVectors]
    synonyms: Synonyms
    related: dict[str, list[str]] = field(default_factory=dict)


class BuildWriter:
    """Writes a build's files aside; nothing of it is in force until `publish`."""

    def __init__(self, index_dir: Path) -> None:
        """Make the build's folder.

        Raises:
            IndexWriteError: The index folder cannot be written.
        """
        self.build = f"build-{uuid.uuid4().hex[:12]}"
        self.files: dict[str, str] = {}
        self._index_dir = index_dir
        self._folder = index_dir / self.build
        with self._write_errors():
            self._folder.mkdir(parents=True)

    def write_passages(self, passages: Iterable[Passage]) -> None:
        """Write the passages, one at a time."""
        self._write(_PASSAGES, (_to_line(passage) for passage in passages))

    def write_words(self, words: list[str], vectors: Vectors) -> None:
        """Write the words of the passages and their static vectors."""
        self._write(_WORDS, ["\n".join(words).encode()])
        self._write_array(_vectors_name(STATIC, "words"), vectors)

    def write_vectors(self, kind: str, passages: Vectors, sentences: Vectors) -> None:
        """Write one encoder's vectors of the passages and of all their sentences."""
        self._write_array(_vectors_name(kind, "passages"), passages)
        self._write_array(_vectors_name(kind, "sentences"), sentences)

    def write_synonyms(self, text: str) -> None:
        """Write the owner's synonyms."""
        self._write(_SYNONYMS, [text.encode()])

    def write_related(self, related: Mapping[str, Sequence[str]]) -> None:
        """Write which words WordNet relates to which stems."""
        lines = (f"{stemmed} {' '.join(words)}\n".encode() for stemmed, words in related.items())
        self._write(_RELATED, lines)

    def finish(self) -> None:
        """Force the folder's entries to the disk."""
        with self._write_errors():
            _sync_folder(self._folder)

    def discard(self) -> None:
        """Remove what was written."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write_array(self, name: str, array: Vectors) -> None:
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        self._write(name, [buffer.getvalue()])

    def _write(self, name: str, chunks: Iterable[bytes]) -> None:
        with self._write_errors():
            self.files[name] = _write_durably(self._folder / name, chunks)

    @contextmanager
    def _write_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.discard()
            raise IndexWriteError(self._index_dir, error.strerror or str(error)) from error


def publish(index_dir: Path, manifest: Manifest) -> None:
    """Put a build in force by one atomic rename, then remove the builds that are not.

    Raises:
        IndexWriteError: The manifest cannot be written; the former build stays in force.
    """
    fields = asdict(manifest)
    fields["checksum"] = _checksum_of_fields(fields)
    aside = index_dir / f"{_MANIFEST}.{manifest.build}"
    try:
        _write_durably(aside, [json.dumps(fields, indent=1).encode()])
        aside.replace(index_dir / _MANIFEST)
        _sync_folder(index_dir)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise IndexWriteError(index_dir, error.strerror or str(error)) from error
    sweep(index_dir, keep=manifest.build)


def sweep(index_dir: Path, *, keep: str | None) -> None:
    """Remove what crashed or outdated builds left; call it only with the build lock held."""
    for leftover in index_dir.glob("build-*"):
        if leftover.name != keep:
            shutil.rmtree(leftover, ignore_errors=True)
    for leftover in index_dir.glob(f"{_MANIFEST}.*"):
        leftover.unlink(missing_ok=True)


def read_manifest(index_dir: Path) -> Manifest:
    """Read and verify the manifest in force.

    Raises:
        IndexMissingError: There is none.
        IndexUnusableError: It is corrupt, or of another version or analysis.
    """
    try:
        fields = json.loads((index_dir / _MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise IndexMissingError(index_dir) from error
    except OSError as error:
        raise IndexUnusableError(index_dir, error.strerror or "unreadable") from error
    except (ValueError, RecursionError) as error:
        raise IndexUnusableError(index_dir, "its manifest is corrupt") from error
    if not isinstance(fields, dict):
        raise IndexUnusableError(index_dir, "its manifest is corrupt")
    if fields.get("format_version") != FORMAT_VERSION:
        version = fields.get("format_version")
        reason = f"it has format version {version}, this program writes {FORMAT_VERSION}"
        raise IndexUnusableError(index_dir, reason)
    if fields.pop("checksum", None) != _checksum_of_fields(fields):
        raise IndexUnusableError(index_dir, "its manifest is corrupt")
    if fields.get("analysis") != ANALYSIS_SETTINGS:
        raise IndexUnusableError(index_dir, "it was made with other analysis settings")
    try:
        return Manifest(**fields)
    except TypeError as error:
        raise IndexUnusableError(index_dir, "its manifest is corrupt") from error


def verify_build(index_dir: Path) -> Manifest:
    """Check the published index against its checksums and return its manifest.

    Raises:
        IndexMissingError: There is none.
        IndexUnusableError: It is corrupt, incomplete, or of another version or analysis.
    """
    manifest = read_manifest(index_dir)
    for name in manifest.files:
        _read_verified(index_dir, manifest, name)
    return manifest


def open_build(index_dir: Path) -> OpenedIndex:
    """Open the published index after verifying its checksums.

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


def manifest_stamp(index_dir: Path) -> tuple[int, int] | None:
    """Return a value that changes whenever another build is published; None without an index."""
    try:
        status = (index_dir / _MANIFEST).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


def _open_files(index_dir: Path, manifest: Manifest) -> OpenedIndex:
    data = _read_verified(index_dir, manifest, _PASSAGES)
    passages = [_from_line(line) for line in data.splitlines()]
    words = _read_verified(index_dir, manifest, _WORDS).decode().split()
    vectors_of_words = _map_array(index_dir, manifest, _vectors_name(STATIC, "words"))
    counts = [len(passage.sentences) for passage in passages]
    first_sentence = np.concatenate(([0], np.cumsum(counts))).astype(np.intp)
    kinds = [STATIC] if manifest.neural_model is None else [STATIC, NEURAL]
    vectors = {
        kind: PassageVectors(
            _map_array(index_dir, manifest, _vectors_name(kind, "passages")),
            _map_array(index_dir, manifest, _vectors_name(kind, "sentences")),
            first_sentence,
        )
        for kind in kinds
    }
    owners = _read_verified(index_dir, manifest, _SYNONYMS).decode()
    synonyms = Synonyms.parse(owners, Path(_SYNONYMS)).merge(general_synonyms())
    lines = _read_verified(index_dir, manifest, _RELATED).decode().splitlines()
    related = {stemmed: words for stemmed, *words in map(str.split, lines)}
    word_vectors = WordVectors(words, vectors_of_words)
    return OpenedIndex(manifest, passages, word_vectors, vectors, synonyms, related)


def _map_array(index_dir: Path, manifest: Manifest, name: str) -> Vectors:
    _read_verified(index_dir, manifest, name)
    try:
        array: Vectors = np.load(
            index_dir / manifest.build / name, mmap_mode="r", allow_pickle=False
        )
    except (OSError, ValueError) as error:
        raise IndexUnusableError(index_dir, f"{name} cannot be read") from error
    return array


def _vectors_name(kind: str, what: str) -> str:
    return f"{kind}-{what}.npy"


def _read_verified(index_dir: Path, manifest: Manifest, name: str) -> bytes:
    try:
        data = (index_dir / manifest.build / name).read_bytes()
    except OSError as error:
        raise IndexUnusableError(index_dir, f"{name} cannot be read") from error
    if hashlib.sha256(data).hexdigest() != manifest.files.get(name):
        raise IndexUnusableError(index_dir, f"the checksum of {name} is wrong")
    return data


def _to_line(passage: Passage) -> bytes:
    sentences = [[s.start, s.end, " ".join(s.words)] for s in passage.sentences]
    fields = [
        passage.source,
        passage.title,
        passage.section,
        passage.paragraph,
        passage.page,
        passage.start,
        passage.text,
        sentences,
        " ".join(passage.introduced),
        " ".join(passage.completed),
    ]
    return json.dumps(fields).encode() + b"\n"


def _from_line(line: bytes) -> Passage:
    source, title, section, paragraph, page, start, text, spans, *names = json.loads(line)
    sentences = tuple(
        Sentence(a, b, tuple(words.split(" ") if words else ())) for a, b, words in spans
    )
    introduced, completed = (tuple(words.split()) for words in names)
    place = source, title, section, paragraph, page
    return Passage(*place, start, text, sentences, introduced, completed)


def _checksum_of_fields(fields: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def _write_durably(path: Path, chunks: Iterable[bytes]) -> str:
    """Write chunks to a new file, force them to the disk, and return their SHA-256."""
    digest = hashlib.sha256()
    with path.open("xb") as stream:
        for chunk in chunks:
            stream.write(chunk)
            digest.update(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Force a folder's entries to the disk, where the platform can open a folder."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
