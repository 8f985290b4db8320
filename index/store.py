"""The built index on disk: write it aside, publish it by one rename, open and verify it.

    DATA_DIR/index/
        manifest.json       what is published, with checksums; replaced by one atomic rename
        build-<id>/         the files of one build; the manifest names the one in force
        build.lock          held by the process that is building

A crash before the rename leaves the old manifest and its build in force; what the crashed build
left behind is swept away by the next one.
"""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.errors import IndexMissingError, IndexUnusableError, IndexWriteError
from index.passages import MAX_PASSAGE_CHARS, Passage, Sentence
from index.terms import ANALYSIS

# Raise it when the files below change their form; an index of another version is rebuilt.
FORMAT_VERSION = 1

# What the passages and terms of an index depend on besides the corpus.
ANALYSIS_SETTINGS = {"terms": ANALYSIS, "max_passage_chars": MAX_PASSAGE_CHARS}

_MANIFEST = "manifest.json"
_PASSAGES = "passages.jsonl"


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
    format_version: int = FORMAT_VERSION
    analysis: dict[str, Any] = field(default_factory=lambda: dict(ANALYSIS_SETTINGS))


def write_build(index_dir: Path, passages: Iterable[Passage]) -> tuple[str, dict[str, str]]:
    """Write a build's files aside; nothing of it is in force until `publish`.

    Returns:
        The build's folder name, and the SHA-256 of each of its files by name.

    Raises:
        IndexWriteError: The folder cannot be written.
    """
    build = f"build-{uuid.uuid4().hex[:12]}"
    try:
        (index_dir / build).mkdir(parents=True)
        lines = (_to_line(passage) for passage in passages)
        checksum = _write_durably(index_dir / build / _PASSAGES, lines)
        _sync_folder(index_dir / build)
    except OSError as error:
        shutil.rmtree(index_dir / build, ignore_errors=True)
        raise IndexWriteError(index_dir, error.strerror or str(error)) from error
    return build, {_PASSAGES: checksum}


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
    return Manifest(**fields)


def verify_build(index_dir: Path) -> Manifest:
    """Check the published index against its checksums and return its manifest.

    Raises:
        IndexMissingError: There is none.
        IndexUnusableError: It is corrupt, incomplete, or of another version or analysis.
    """
    manifest = read_manifest(index_dir)
    _read_verified(index_dir, manifest, _PASSAGES)
    return manifest


def open_build(index_dir: Path) -> tuple[Manifest, list[Passage]]:
    """Open the published index after verifying its checksums.

    Returns:
        The manifest, and the passages in their order; a passage's id is its place in the list.

    Raises:
        IndexMissingError: There is none.
        IndexUnusableError: It is corrupt, incomplete, or of another version or analysis.
    """
    manifest = read_manifest(index_dir)
    while True:
        try:
            return manifest, _read_passages(index_dir, manifest)
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


def _read_passages(index_dir: Path, manifest: Manifest) -> list[Passage]:
    data = _read_verified(index_dir, manifest, _PASSAGES)
    return [_from_line(line) for line in data.splitlines()]


def _read_verified(index_dir: Path, manifest: Manifest, name: str) -> bytes:
    try:
        data = (index_dir / manifest.build / name).read_bytes()
    except OSError as error:
        raise IndexUnusableError(index_dir, f"{name} cannot be read") from error
    if hashlib.sha256(data).hexdigest() != manifest.files.get(name):
        raise IndexUnusableError(index_dir, f"the checksum of {name} is wrong")
    return data


def _to_line(passage: Passage) -> bytes:
    sentences = [[s.start, s.end, " ".join(s.terms)] for s in passage.sentences]
    fields = [
        passage.source,
        passage.title,
        passage.section,
        passage.paragraph,
        passage.start,
        passage.text,
        sentences,
    ]
    return json.dumps(fields).encode() + b"\n"


def _from_line(line: bytes) -> Passage:
    source, title, section, paragraph, start, text, spans = json.loads(line)
    sentences = tuple(Sentence(a, b, tuple(terms.split())) for a, b, terms in spans)
    return Passage(source, title, section, paragraph, start, text, sentences)


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
