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
    ├── EncoderUnavailableError  the encoder cannot be used; words answer
    ├── ExtraMissingError     a setting needs a library that is not installed
    └── ClusterError          the cluster that holds the index
        ├── ClusterUnavailableError  does not answer, or not in time
        ├── ClusterLoginError    does not accept the user and the password
        ├── ClusterFullError     is read-only, because a disk is full
        ├── ClusterTooOldError   is too old, or another program
        ├── ClusterWriteError    has not stored all of an index
        └── ClusterBusyError     is written by another rebuild

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
    """No index was published in this folder, or at this address of a cluster."""

    def __init__(self, index_dir: Path | str) -> None:
        super().__init__(f"{index_dir}: no index yet; build it with 'pullquote rebuild'")
        self.index_dir = index_dir


class IndexUnusableError(PassageIndexError):
    """The published index is damaged, incomplete, or of another version."""

    def __init__(self, index_dir: Path | str, reason: str) -> None:
        super().__init__(
            f"{index_dir}: the index cannot be used ({reason}); build it with 'pullquote rebuild'"
        )
        self.index_dir = index_dir
        self.reason = reason


class IndexNewerError(PassageIndexError):
    """The published index has a newer format than this program knows."""

    def __init__(self, index_dir: Path | str, version: int, known: int) -> None:
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


class ExtraMissingError(PassageIndexError):
    """A setting needs a library that is not installed."""

    def __init__(self, setting: str, extra: str) -> None:
        super().__init__(
            f"{setting}: it needs a library that is not installed; install it with "
            f"'pip install pullquote[{extra}]'"
        )


class ClusterError(PassageIndexError):
    """The cluster that holds the index cannot be used; the address has no password."""

    def __init__(self, address: str, reason: str, advice: str) -> None:
        super().__init__(f"{address}: {reason}; {advice}")
        self.address = address
        self.reason = reason


class ClusterUnavailableError(ClusterError):
    """The cluster does not answer, or not in time."""

    def __init__(
        self, address: str, reason: str, advice: str = "check that its nodes run, then try again"
    ) -> None:
        super().__init__(address, reason, advice)


class ClusterLoginError(ClusterError):
    """The cluster does not accept the user and the password."""

    def __init__(self, address: str) -> None:
        super().__init__(
            address,
            "the cluster does not let this user in",
            "check user and password in INDEX_URL, and the rights of the user",
        )


class ClusterFullError(ClusterError):
    """The cluster does not write, because a disk is full."""

    def __init__(self, address: str) -> None:
        super().__init__(
            address,
            "the cluster is read-only, because the disk of a node is full",
            "free some space there, then run 'pullquote rebuild' again",
        )


class ClusterWriteError(ClusterError):
    """The cluster has not stored all of an index; the published one stays in use."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(
            address,
            f"the index could not be written ({reason})",
            "look into the log of its nodes, then run 'pullquote rebuild' again",
        )


class ClusterTooOldError(ClusterError):
    """The cluster has a version that this program does not know."""

    def __init__(self, address: str, version: str) -> None:
        super().__init__(
            address, f"the cluster is {version}", "update it to OpenSearch 2.19 or newer"
        )


class ClusterBusyError(ClusterError):
    """Another process publishes an index at the same address."""

    def __init__(self, address: str, owner: str, since: str) -> None:
        super().__init__(
            address,
            f"another rebuild is running ({owner}, since {since})",
            "try again when it is done",
        )


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
