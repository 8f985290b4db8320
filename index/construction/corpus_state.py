"""What a build is made from: the files of the corpus and the owner's synonyms."""

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
        folder: Where it is.
        files: The texts, in the order of their sources.
        skipped: Files that are left out from the start.
        synonyms: The owner's.
        fingerprint: Changes with the name or a byte of any of these, and with the limits.
        listed_at_ns: When it was listed, in ns since 1970.
    """

    folder: Path
    files: list[CorpusFile]
    skipped: list[SkippedFile]
    synonyms: str
    fingerprint: str
    listed_at_ns: int

    @classmethod
    def of(
        cls, corpus_dir: Path, limits: Limits, without: list[Path], former: BuiltIndex | None
    ) -> "CorpusState":
        """List the corpus.

        Args:
            corpus_dir: Where it is.
            limits: What is read of a file.
            without: Folders that are no part of it.
            former: An index whose record of unchanged files is trusted; None to read each file.

        Raises:
            EmptyCorpusError: There is no text.
            SynonymsError: The owner's synonyms cannot be read.
        """
        listed_at_ns = time.time_ns()
        known = former.sources.known_files(former.manifest.listed_at_ns) if former else {}
        listed, skipped = list_corpus(corpus_dir, limits, known, without)
        files = [file for file in listed if file.source != SYNONYMS_NAME]
        if not files:
            raise _empty_corpus_error(corpus_dir, skipped)
        synonyms = _owners_synonyms(listed)
        fingerprint = _fingerprint(files, synonyms, limits)
        return cls(corpus_dir, files, skipped, synonyms, fingerprint, listed_at_ns)

    def empty_corpus_error(self, unreadable: list[SkippedFile]) -> EmptyCorpusError:
        """Return the error for a corpus without a text that can be read."""
        return _empty_corpus_error(self.folder, self.skipped + unreadable)


def _owners_synonyms(listed: list[CorpusFile]) -> str:
    """Return the text of the owner's synonyms after checking it; empty where there are none."""
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
