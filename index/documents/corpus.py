"""List the files of a corpus folder and read each into a document."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.documents.decoding import decode_text
from index.documents.front_matter import split_front_matter
from index.documents.markdown import read_markdown
from index.documents.model import Document, Paragraph
from index.documents.plain_text import read_plain_text
from index.errors import CorpusReadError, EmptyCorpusError

_Reader = Callable[[str], tuple[str | None, tuple[Paragraph, ...]]]

_READERS: dict[str, _Reader] = {
    ".txt": read_plain_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
}

# Two orders of magnitude above the longest novel; guards memory against a stray dump.
_MAX_FILE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file that can be indexed: its path below the corpus, its place, the hash of its bytes."""

    source: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file or folder that is left out, and why, in words for the owner."""

    source: str
    reason: str


def list_corpus(corpus_dir: Path) -> tuple[list[CorpusFile], list[SkippedFile]]:
    """Find and hash the files to index, in the order of their source names.

    Hidden files and folders and files named README.* are passed over silently; other files and
    folders that cannot be indexed are returned with the reason. Links to folders are not followed,
    nor links that lead out of the corpus.

    Raises:
        EmptyCorpusError: The folder is missing or unreadable.
    """
    if not corpus_dir.is_dir():
        raise EmptyCorpusError(corpus_dir, "no such folder")
    files: list[CorpusFile] = []
    root = corpus_dir.resolve()
    paths, errors = _walk(corpus_dir)
    for path in sorted(paths, key=lambda path: path.relative_to(corpus_dir).as_posix()):
        source = path.relative_to(corpus_dir).as_posix()
        try:
            files.append(CorpusFile(source, path, _hash_file(path, root)))
        except CorpusReadError as error:
            errors.append(error)
    skipped = [_skipped(corpus_dir, error) for error in errors]
    return files, sorted(skipped, key=lambda file: file.source)


def read_document(file: CorpusFile) -> Document:
    """Read one file with the reader for its ending.

    Raises:
        CorpusReadError: It is no text, its header is broken, or it holds no paragraph.
    """
    try:
        header, text = split_front_matter(decode_text(file.path.read_bytes()))
    except OSError as error:
        raise CorpusReadError(file.path, error.strerror or "cannot be read") from error
    except ValueError as error:
        raise CorpusReadError(file.path, _reason(error)) from error
    title, paragraphs = _READERS[file.path.suffix.lower()](text)
    if not paragraphs:
        raise CorpusReadError(file.path, "it holds no paragraph")
    title = header.get("title", "").strip() or title or _title_from_name(file.path)
    return Document(file.source, title, paragraphs)


def _skipped(corpus_dir: Path, error: CorpusReadError) -> SkippedFile:
    source = error.path.relative_to(corpus_dir).as_posix()
    return SkippedFile(source.encode("utf-8", "replace").decode(), error.reason)


def _walk(corpus_dir: Path) -> tuple[list[Path], list[CorpusReadError]]:
    """Return the files below the corpus, and the folders that are not walked."""
    paths: list[Path] = []
    errors: list[CorpusReadError] = []

    def note(error: OSError) -> None:
        folder, reason = Path(error.filename), error.strerror or "cannot be read"
        if folder == corpus_dir:
            raise EmptyCorpusError(corpus_dir, reason) from error
        errors.append(CorpusReadError(folder, reason))

    for name, subfolders, names in os.walk(corpus_dir, onerror=note):
        folder = Path(name)
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        errors += [
            CorpusReadError(folder / name, "it is a link to a folder")
            for name in subfolders
            if (folder / name).is_symlink()
        ]
        paths += [
            folder / name
            for name in names
            if not name.startswith(".") and not name.upper().startswith("README.")
        ]
    return paths, errors


def _hash_file(path: Path, root: Path) -> str:
    """Return the SHA-256 of a file's bytes, or raise CorpusReadError if it must not be indexed."""
    try:
        path.as_posix().encode()
        if not path.resolve().is_relative_to(root):
            raise CorpusReadError(path, "it is a link to a place outside the corpus")
    except UnicodeEncodeError as error:
        raise CorpusReadError(path, "its name is not valid text") from error
    except (OSError, RuntimeError) as error:  # a RuntimeError before Python 3.13
        raise CorpusReadError(path, "it is a link that leads to itself") from error
    if path.suffix.lower() not in _READERS:
        raise CorpusReadError(path, f"only {', '.join(_READERS)} files can be indexed")
    try:
        if not path.is_file():
            raise CorpusReadError(path, "it is not a regular file")
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise CorpusReadError(path, f"it is larger than {_MAX_FILE_BYTES >> 20} MiB")
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise CorpusReadError(path, error.strerror or "cannot be read") from error


def _reason(error: ValueError) -> str:
    return "not a valid text" if isinstance(error, UnicodeError) else str(error)


def _title_from_name(path: Path) -> str:
    return path.stem.replace("_", " ").replace("-", " ").strip() or path.name
