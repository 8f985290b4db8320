"""List the files of a corpus folder, and read a file as a document."""

import hashlib
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from index.documents.formats import FORMATS
from index.documents.limits import DEFAULT_LIMITS, Limits
from index.documents.model import Content, Document
from index.documents.reasons import EMPTY, INVALID_TEXT, NO_PARAGRAPH, too_large
from index.errors import CorpusReadError, EmptyCorpusError

# The file of the owner's synonyms; it lies beside the texts.
SYNONYMS_NAME = "synonyms.txt"

# What to do where the text lies elsewhere.
_COPY = "copy the text itself into the folder"

# Files with these names are about the folder that they are in.
_NAMES_OF_FOLDERS = ("readme", "index")


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file that can be indexed.

    Attributes:
        source: Path below the corpus folder, with forward slashes.
        path_text: The path that is opened, as a string.
        sha256: SHA-256 of its bytes.
        size: Size in bytes.
        mtime_ns: Time of the last change, in ns since 1970.
    """

    source: str
    path_text: str
    sha256: str
    size: int
    mtime_ns: int

    @property
    def path(self) -> Path:
        """The path; a property because a Path for each of 10,000 files takes 50 ms of a start."""
        return Path(self.path_text)


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file of an earlier listing: SHA-256, size in bytes, and time of the last change in ns."""

    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file or folder that is left out, and the reason in words for the owner."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What the owner should know of how a file was read, such as a guessed encoding."""

    source: str
    remark: str


def list_corpus(
    corpus_dir: Path,
    limits: Limits = DEFAULT_LIMITS,
    known: Mapping[str, KnownFile] = MappingProxyType({}),
    excluded: Collection[Path] = (),
) -> tuple[list[CorpusFile], list[SkippedFile]]:
    """Find and hash the files to index, in the order of their source names.

    Hidden files and folders are ignored, and so is README.* in the corpus folder itself. Other
    files and folders that cannot be indexed are returned with the reason. Links to folders and
    links out of the corpus are not followed.

    Args:
        corpus_dir: The folder of the corpus.
        limits: How much of a file is read.
        known: Files of an earlier listing, by source. A file of the same size and time of change
            is not hashed again.
        excluded: Folders that do not belong to the corpus: those of this program's own files.

    Returns:
        The files to index, and the skipped ones, both sorted by source.

    Raises:
        EmptyCorpusError: The folder is missing or unreadable.
    """
    if not corpus_dir.is_dir():
        raise EmptyCorpusError(corpus_dir, "no such folder")
    files: list[CorpusFile] = []
    root = corpus_dir.resolve()
    entries, errors = _walk(corpus_dir, {folder.resolve() for folder in excluded})
    for source in sorted(entries):
        try:
            entry = entries[source]
            found = _inspect(entry, root, limits, known.get(source))
            files.append(CorpusFile(source, entry.path, found.sha256, found.size, found.mtime_ns))
        except CorpusReadError as error:
            errors.append(error)
    skipped = [_skipped(corpus_dir, error) for error in errors]
    return files, sorted(skipped, key=lambda file: file.source)


# The next build reads such a file.
CHANGED_WHILE_READ = "it changed while it was read; rebuild once more"


def read_document(file: CorpusFile, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one file with the reader for its suffix.

    Raises:
        CorpusReadError: The file cannot be read, has no paragraph or too much text, or has changed
            since it was listed.
    """
    suffix = file.path.suffix.lower()
    try:
        with file.path.open("rb") as stream:
            data = stream.read(limits.max_file_bytes + 1)
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise CorpusReadError(file.path, CHANGED_WHILE_READ)
        content = FORMATS[suffix].read(data, limits) if data else Content(None, ())
    except OSError as error:
        raise CorpusReadError(file.path, error.strerror or "cannot be read") from error
    except ValueError as error:
        raise CorpusReadError(file.path, _reason(error)) from error
    paragraphs = content.paragraphs
    if not paragraphs:
        raise CorpusReadError(file.path, NO_PARAGRAPH if data else EMPTY)
    if sum(len(paragraph.text) for paragraph in paragraphs) > limits.max_file_bytes:
        raise CorpusReadError(
            file.path, too_large(f"it unpacks to more than {limits.max_file_mb} MB of text")
        )
    title = content.title or _title_from_name(file.source)
    return Document(
        file.source,
        title,
        paragraphs,
        content.url,
        content.date,
        content.language,
        content.remark,
        content.declared,
    )


def _skipped(corpus_dir: Path, error: CorpusReadError) -> SkippedFile:
    source = error.path.relative_to(corpus_dir).as_posix()
    return SkippedFile(source.encode("utf-8", "replace").decode(), error.reason)


def _walk(
    corpus_dir: Path, excluded: set[Path]
) -> tuple[dict[str, "os.DirEntry[str]"], list[CorpusReadError]]:
    """Return the files below the corpus by source, and an error for each folder not entered.

    An entry knows the type of its file without another system call.
    """
    entries: dict[str, os.DirEntry[str]] = {}
    errors: list[CorpusReadError] = []
    folders = [("", os.fspath(corpus_dir))]
    while folders:
        prefix, folder = folders.pop()
        try:
            with os.scandir(folder) as listed:
                found = [entry for entry in listed if not entry.name.startswith(".")]
        except OSError as error:
            reason = error.strerror or "cannot be read"
            if not prefix:
                raise EmptyCorpusError(corpus_dir, reason) from error
            errors.append(CorpusReadError(Path(folder), reason))
            continue
        for entry in found:
            if not _is_folder(entry):
                if prefix or not entry.name.upper().startswith("README."):
                    entries[prefix + entry.name] = entry
            elif excluded and Path(entry.path).resolve() in excluded:
                continue
            elif entry.is_symlink():
                errors.append(
                    CorpusReadError(Path(entry.path), f"it is a link to a folder; {_COPY}")
                )
            else:
                folders.append((f"{prefix}{entry.name}/", entry.path))
    return entries, errors


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # such as a link that leads to itself
        return False


def _inspect(
    entry: "os.DirEntry[str]", root: Path, limits: Limits, known: KnownFile | None
) -> KnownFile:
    """Return hash, size and time of a file; CorpusReadError if it cannot be indexed."""
    try:
        entry.path.encode()
        if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root):
            raise _refused(entry, f"it is a link to a place outside the corpus; {_COPY}")
    except UnicodeEncodeError as error:
        raise _refused(entry, "its name is not valid text; rename it") from error
    except (OSError, RuntimeError) as error:  # a RuntimeError before Python 3.13
        raise _refused(entry, f"it is a link that leads to itself; {_COPY}") from error
    _, dot, ending = entry.name.rpartition(".")
    suffix = (dot + ending).lower()
    if suffix not in FORMATS:
        raise _refused(entry, f"only {', '.join(FORMATS)} files can be indexed")
    # Checked while listing, so that installing the library counts as a change of the corpus.
    if not FORMATS[suffix].is_installed():
        raise _refused(entry, f"reading {suffix} files needs: pip install 'pullquote[pandoc]'")
    try:
        if not entry.is_file():
            raise _refused(entry, f"it is not a regular file; {_COPY}")
        status = entry.stat()
        if status.st_size > limits.max_file_bytes:
            raise _refused(entry, too_large(f"it is larger than {limits.max_file_mb} MiB"))
        if known and (known.size, known.mtime_ns) == (status.st_size, status.st_mtime_ns):
            return known
        digest = hashlib.sha256(Path(entry.path).read_bytes()).hexdigest()
        return KnownFile(digest, status.st_size, status.st_mtime_ns)
    except OSError as error:
        raise _refused(entry, error.strerror or "cannot be read") from error


def _refused(entry: "os.DirEntry[str]", reason: str) -> CorpusReadError:
    return CorpusReadError(Path(entry.path), reason)


def _reason(error: ValueError) -> str:
    return INVALID_TEXT if isinstance(error, UnicodeError) else str(error)


def _title_from_name(source: str) -> str:
    """Return the name of a file as a title; that of its folder for a README or index file."""
    path = PurePosixPath(source)
    stem = path.stem
    if stem.lower() in _NAMES_OF_FOLDERS and path.parent.name:
        stem = path.parent.name
    return stem.replace("_", " ").replace("-", " ").strip() or path.name
