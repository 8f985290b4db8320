"""The input of a build: the files of the corpus and the owner's synonyms."""

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

from index.analysis.synonyms import Synonyms
from index.construction.build_report import BuiltIndex
from index.documents import SYNONYMS_NAME, CorpusFile, Limits, SkippedFile, list_corpus
from index.errors import EmptyCorpusError


@dataclass(frozen=True, slots=True)
class CorpusState:
    """The corpus as it was listed.

    Attributes:
        folder: The folder of the corpus.
        files: The texts, in the order of their sources.
        skipped: Files that were found unfit before they were read.
        synonyms: The text of the owner's synonyms; empty if there is no such file.
        fingerprint: A hash of the names and bytes of the texts, the synonyms and the limits.
        listed_at_ns: When the corpus was listed, in ns since 1970.
    """

    folder: Path
    files: list[CorpusFile]
    skipped: list[SkippedFile]
    synonyms: str
    fingerprint: str
    listed_at_ns: int

    @classmethod
    def of(
        cls, corpus_dir: Path, limits: Limits, excluded: list[Path], former: BuiltIndex | None
    ) -> "CorpusState":
        """List the corpus.

        Args:
            corpus_dir: The folder of the corpus.
            limits: How much of a file is read.
            excluded: Folders that do not belong to the corpus.
            former: An index whose hashes are trusted for files of the same size and time; None to
                hash every file.

        Raises:
            EmptyCorpusError: There is no text in the folder.
            SynonymsError: The owner's synonyms cannot be read.
        """
        listed_at_ns = time.time_ns()
        known = former.sources.known_files(former.manifest.listed_at_ns) if former else {}
        listed, skipped = list_corpus(corpus_dir, limits, known, excluded)
        files = [file for file in listed if file.source != SYNONYMS_NAME]
        if not files:
            raise _empty_corpus_error(corpus_dir, skipped)
        synonyms = _owners_synonyms(listed)
        fingerprint = _fingerprint(files, synonyms, limits)
        return cls(corpus_dir, files, skipped, synonyms, fingerprint, listed_at_ns)

    def empty_corpus_error(self, unreadable: list[SkippedFile]) -> EmptyCorpusError:
        """Return the error to raise when no text of the corpus can be read.

        Args:
            unreadable: The texts that were found unfit while they were read.
        """
        return _empty_corpus_error(self.folder, self.skipped + unreadable)


def _owners_synonyms(listed: list[CorpusFile]) -> str:
    """Return the checked text of the owner's synonyms; empty if there is no such file."""
    for file in listed:
        if file.source == SYNONYMS_NAME:
            return Synonyms.read_checked(file.path)
    return ""


def _fingerprint(files: list[CorpusFile], synonyms: str, limits: Limits) -> str:
    lines = "".join(f"{file.sha256} {file.source}\n" for file in files)
    return hashlib.sha256(f"{lines}\n{synonyms}\n{limits}".encode()).hexdigest()


def _empty_corpus_error(corpus_dir: Path, skipped: list[SkippedFile]) -> EmptyCorpusError:
    if not skipped:
        return EmptyCorpusError(corpus_dir, "there is no text in it")
    files = f"{len(skipped)} file" + ("" if len(skipped) == 1 else "s")
    first = f"{skipped[0].source}: {skipped[0].reason}"
    reason = f"no text in it can be indexed ({files} skipped; {first})"
    return EmptyCorpusError(corpus_dir, reason)
