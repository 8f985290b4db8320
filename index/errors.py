"""The errors of building, opening and searching an index.

    PassageIndexError
    ├── CorpusReadError       a file of the corpus cannot be read; it is skipped
    ├── SynonymsError         a file of synonyms breaks the syntax
    ├── EmptyCorpusError      there is nothing to index
    ├── IndexMissingError     no index has been built yet
    ├── IndexUnusableError    the index is of another version, corrupt or incomplete
    ├── IndexNewerError       a newer version of the program made the index
    ├── IndexWriteError       the new index cannot be written or published
    ├── RebuildRunningError   another process builds in the same folder
    ├── WordNetUnusableError  NLTK's WordNet is installed but cannot be read
    └── EncoderUnavailableError  the encoder cannot be used; words answer

Every message says what happened, where, and what to do next.
"""

from pathlib import Path


class PassageIndexError(Exception):
    """Base class of the errors of this package."""


class CorpusReadError(PassageIndexError):
    """A file of the corpus cannot be read as a document."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class EmptyCorpusError(PassageIndexError):
    """The corpus folder is missing or has no text that can be indexed."""

    def __init__(self, corpus_dir: Path, reason: str) -> None:
        super().__init__(
            f"{corpus_dir}: {reason}; put .txt, .md, .html or other texts there, "
            "or name another folder with --corpus or CORPUS_DIR"
        )
        self.corpus_dir = corpus_dir
        self.reason = reason


class IndexMissingError(PassageIndexError):
    """No index was published in this folder."""

    def __init__(self, index_dir: Path) -> None:
        super().__init__(f"{index_dir}: no index yet; build it with 'pullquote rebuild'")
        self.index_dir = index_dir


class IndexUnusableError(PassageIndexError):
    """The published index is damaged, incomplete, or of another version."""

    def __init__(self, index_dir: Path, reason: str) -> None:
        super().__init__(
            f"{index_dir}: the index cannot be used ({reason}); build it with 'pullquote rebuild'"
        )
        self.index_dir = index_dir
        self.reason = reason


class IndexNewerError(PassageIndexError):
    """The published index has a newer format than this program knows."""

    def __init__(self, index_dir: Path, version: int, known: int) -> None:
        super().__init__(
            f"{index_dir}: a newer version of Pullquote made the index (format {version}, this one "
            f"writes {known}); update Pullquote, or name another folder with --data or DATA_DIR"
        )
        self.index_dir = index_dir


class IndexWriteError(PassageIndexError):
    """The new index cannot be written; the published one stays in use."""

    def __init__(self, index_dir: Path, reason: str) -> None:
        super().__init__(
            f"{index_dir}: the index could not be written ({reason}); "
            "check the folder's permissions and free space"
        )
        self.index_dir = index_dir
        self.reason = reason


class RebuildRunningError(PassageIndexError):
    """Another process holds the folder's build lock."""

    def __init__(self, index_dir: Path) -> None:
        super().__init__(
            f"{index_dir}: another rebuild is running in this folder; try again when it is done"
        )
        self.index_dir = index_dir


class EncoderUnavailableError(PassageIndexError):
    """The encoder is not found, cannot be fetched, or cannot be run."""

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(f"{model}: the encoder cannot be used ({reason})")
        self.model = model
        self.reason = reason


class WordNetUnusableError(PassageIndexError):
    """WordNet's data is installed but cannot be read."""

    def __init__(self, error: Exception) -> None:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        super().__init__(
            f"WordNet: its data cannot be read ({reason}); fetch it again with "
            "'python -m nltk.downloader wordnet' or remove it from NLTK's data folder"
        )


class SynonymsError(PassageIndexError):
    """A file of synonyms breaks the syntax; the whole file is rejected."""

    def __init__(self, path: Path, line_number: int, *, reason: str, advice: str = "") -> None:
        advice = advice or "write it like 'pm, prime minister' or 'potus => president'"
        super().__init__(f"{path}, line {line_number}: {reason}; {advice}")
        self.path = path
        self.line_number = line_number
        self.reason = reason
