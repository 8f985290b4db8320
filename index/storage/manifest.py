"""The manifest of an index: it describes the published build and lists its files."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.analysis.terms import ANALYSIS
from index.errors import (
    IndexMissingError,
    IndexNewerError,
    IndexUnusableError,
    PassageIndexError,
)
from index.passages.split_passages import MAX_PASSAGE_CHARS

# Raise it when the format of a build's files changes. An index of an older version is rebuilt, one
# of a newer version is not touched; so "format_version" and "checksum" must stay in the manifest.
FORMAT_VERSION = 10

# The passages, terms and vectors of an index depend on these and on the corpus.
ANALYSIS_SETTINGS = {
    "terms": ANALYSIS,
    "max_passage_chars": MAX_PASSAGE_CHARS,
    "reading": 7,  # raise it when the reading of files, sentences or names changes
}

MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a build.

    Attributes:
        build: Name of the folder with the build's files.
        built_at: The time of the build in UTC, ISO 8601.
        listed_at_ns: When the corpus was listed, in ns since 1970.
        corpus_fingerprint: See `CorpusState`; empty if a file changed during the build.
        limits: The `Limits` of reading, as a string.
        documents: Number of indexed files; the build's `SourceTable` names them.
        files: SHA-256 of each file of the build, by path below its folder.
        sizes: Size of each file of the build in bytes, by the same path.
        passages: Number of passages.
        terms: Number of distinct terms.
        languages: Number of passages in each language, by its code.
        wordnet: Whether WordNet was installed at the time of the build.
        encoder: The encoder that was asked for, as the setting names it; None without one.
        encoder_hash: SHA-256 of the files of the encoder that made the vectors; None without
            vectors.
        encoder_problem: Why the encoder could not be used, or None.
        current_version: The version that the owner calls the current one, or None.
        format_version, analysis: See FORMAT_VERSION and ANALYSIS_SETTINGS.
    """

    build: str
    built_at: str
    listed_at_ns: int
    corpus_fingerprint: str
    limits: str
    documents: int
    files: dict[str, str]
    sizes: dict[str, int]
    passages: int
    terms: int
    languages: dict[str, int] = field(default_factory=dict)
    wordnet: bool = False
    encoder: str | None = None
    encoder_hash: str | None = None
    encoder_problem: str | None = None
    current_version: str | None = None
    format_version: int = FORMAT_VERSION
    analysis: dict[str, Any] = field(default_factory=lambda: dict(ANALYSIS_SETTINGS))

    @property
    def vectors_are_pending(self) -> bool:
        """Whether the vectors that were asked for are still to be made."""
        return self.encoder is not None and not self.encoder_hash and not self.encoder_problem


def read_manifest(index_dir: Path) -> Manifest:
    """Read and verify the published manifest.

    Raises:
        IndexMissingError: There is no manifest.
        IndexNewerError: It is of a newer version.
        IndexUnusableError: It is corrupt, or of an older version or another analysis.
    """
    try:
        data = (index_dir / MANIFEST_NAME).read_bytes()
    except FileNotFoundError as error:
        raise IndexMissingError(index_dir) from error
    except OSError as error:
        raise IndexUnusableError(index_dir, error.strerror or "unreadable") from error
    return parse_manifest(index_dir, data)


def parse_manifest(place: Path | str, data: bytes) -> Manifest:
    """Return the manifest that these bytes are; raises like `read_manifest`.

    Args:
        place: The folder or address that errors name.
        data: The bytes.
    """
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise IndexUnusableError(place, "its manifest is corrupt") from error
    if not isinstance(fields, dict):
        raise IndexUnusableError(place, "its manifest is corrupt")
    version = fields.get("format_version")
    is_whole = fields.pop("checksum", None) == checksum_of_fields(fields)
    if is_whole and isinstance(version, int) and version > FORMAT_VERSION:
        raise IndexNewerError(place, version, FORMAT_VERSION)
    if version != FORMAT_VERSION:
        reason = f"it has format version {version}, this program writes {FORMAT_VERSION}"
        raise IndexUnusableError(place, reason)
    if not is_whole:
        raise IndexUnusableError(place, "its manifest is corrupt")
    if fields.get("analysis") != ANALYSIS_SETTINGS:
        raise IndexUnusableError(place, "it was made with other analysis settings")
    try:
        return Manifest(**fields)
    except TypeError as error:
        raise IndexUnusableError(place, "its manifest is corrupt") from error


def manifest_stamp(index_dir: Path) -> tuple[int, int] | None:
    """Return a value that changes with every published build; None without an index."""
    try:
        status = (index_dir / MANIFEST_NAME).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


def vectors_are_pending(index_dir: Path) -> bool:
    """Return whether an index that can be used lacks vectors that were asked for."""
    try:
        return read_manifest(index_dir).vectors_are_pending
    except PassageIndexError:
        return False


def checksum_of_fields(fields: dict[str, Any]) -> str:
    """Return the SHA-256 of a manifest's fields."""
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
