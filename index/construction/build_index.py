"""Build the index from the corpus, and only what changed of it."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from index.analysis import wordnet
from index.analysis.synonyms import Synonyms
from index.documents import (
    DEFAULT_MAX_FILE_MB,
    SYNONYMS_NAME,
    CorpusFile,
    Limits,
    SkippedFile,
    list_corpus,
)
from index.errors import (
    EmptyCorpusError,
    EncoderUnavailableError,
    IndexMissingError,
    IndexUnusableError,
    IndexWriteError,
    PassageIndexError,
    RebuildRunningError,
)
from index.progress import Progress
from index.storage.build_files import open_build, read_sources, verify_build
from index.storage.manifest import Manifest, publish, read_manifest, sweep
from index.storage.source_table import SourceTable
from index.vectors.encoders import NeuralChoice

T = TypeVar("T")


# A build of one article takes a tenth of a second: whoever waits this long meets a large one.
_LOCK_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        documents: Number of texts in the index now in force.
        passages: Number of its passages.
        terms: Number of its distinct terms.
        seconds: Wall time of the build, reading included.
        added: Sources that the index before did not have.
        changed: Sources whose file has other bytes than in the index before.
        removed: Sources that only the index before had.
        skipped: Files of the corpus that were left out, with the reason.
        unchanged: True when the index was up to date and nothing was written.
        replaced: Why the index before could not be used; None where it could, or there was none.
        neural_problem: Why the neural model that was asked for could not be used, or None.
    """

    documents: int
    passages: int
    terms: int
    seconds: float
    added: list[str]
    changed: list[str]
    removed: list[str]
    skipped: list[SkippedFile]
    unchanged: bool
    replaced: str | None
    neural_problem: str | None


def _silently(things: list[T], what: str) -> Iterable[T]:
    del what
    return things


def build_index(
    corpus_dir: Path,
    index_dir: Path,
    *,
    neural: NeuralChoice | None = None,
    thorough: bool = True,
    max_file_mb: int = DEFAULT_MAX_FILE_MB,
    progress: Progress = _silently,
) -> BuildReport:
    """Bring the index up to date with the corpus.

    The new index is written beside the one in force and published by one rename, so readers
    always see a whole one. An index that is up to date is left alone; of one that is not, what
    belongs to unchanged files is taken over.

    Args:
        corpus_dir: The texts.
        index_dir: Where the index is, or will be.
        neural: The model whose vectors are wanted as well. Where it cannot be used, the index is
            built without and the report says why.
        thorough: Whether to verify every byte of the index in force, and to look again for what
            was missing the last time: the model, WordNet. A mere start does neither.
        max_file_mb: Size of the largest file that is read, in units of 1,048,576 bytes; what an
            archive may unpack to goes by it.
        progress: Shows how far the build is.

    Raises:
        SynonymsError: The owner's synonyms cannot be read; the index in force stays.
        WordNetUnusableError: WordNet is installed but cannot be read; the index in force stays.
        EmptyCorpusError: There is no text to index; the index in force stays.
        IndexNewerError: A newer version of the program made the index there; it stays.
        IndexWriteError: The index folder cannot be written; the index in force stays.
        RebuildRunningError: Another process is building there.
    """
    started = time.perf_counter()
    limits = Limits(max_file_mb)
    without = [index_dir, *([neural.models_dir] if neural else [])]
    if not thorough:  # most starts find nothing to do, and need not wait for a build under way
        former, _ = _Built.verified(index_dir, thorough=False)
        corpus = _Corpus.look_at(corpus_dir, limits, without, former)
        if former and corpus.is_in(former, neural, thorough=False):
            return _report(former, former, corpus.all_skipped(former), None, started)
    with _build_lock(index_dir):
        former, replaced = _Built.verified(index_dir, thorough=thorough)
        corpus = _Corpus.look_at(corpus_dir, limits, without, None if thorough else former)
        if former or replaced is None:  # what cannot be read now may be read again
            sweep(index_dir, keep=former.manifest.build if former else None)
        if former and corpus.is_in(former, neural, thorough=thorough):
            return _report(former, former, corpus.all_skipped(former), replaced, started)
        if former and not thorough:  # what is taken over gets new checksums
            former, replaced = _Built.verified(index_dir, thorough=True)
        # Half of what a start would load.
        from concurrent.futures.process import BrokenProcessPool

        from index.construction.build_run import Build, NothingToIndexError

        build = Build(index_dir, corpus.files, limits, neural, progress)
        try:
            same_limits = former is not None and former.manifest.limits == str(limits)
            try:
                taken_over = open_build(index_dir) if same_limits else None
                build.run(taken_over, corpus.synonyms, thorough=thorough)
            except IndexUnusableError as error:  # only reading showed that the former is damaged
                former, replaced = None, error.reason
                build.run(None, corpus.synonyms, thorough=thorough)
        except NothingToIndexError as error:
            skipped = corpus.skipped + build.skipped_files
            raise EmptyCorpusError(corpus_dir, _why_empty(skipped)) from error
        except BrokenProcessPool as error:
            reason = "a process that reads files was ended from outside; is there enough memory?"
            raise IndexWriteError(index_dir, reason) from error
        manifest = build.manifest(corpus.fingerprint, corpus.listed_at_ns)
        built = _Built(manifest, build.sources())
        try:
            publish(index_dir, manifest)
        except IndexWriteError:
            if not _is_in_force(index_dir, manifest):
                build.discard()
            raise
    return _report(built, former, corpus.skipped + build.skipped_files, replaced, started)


@dataclass(frozen=True, slots=True)
class _Built:
    """What an index says of itself and of the files that it was built from."""

    manifest: Manifest
    sources: SourceTable

    @classmethod
    def verified(cls, index_dir: Path, *, thorough: bool) -> tuple["_Built | None", str | None]:
        """Return the index in force, or None and why it cannot be used."""
        try:
            manifest = verify_build(index_dir, thorough=thorough)
            return cls(manifest, read_sources(index_dir, manifest)), None
        except IndexMissingError:
            return None, None
        except IndexUnusableError as error:
            return None, error.reason


@dataclass(frozen=True, slots=True)
class _Corpus:
    """What a build is made from.

    Attributes:
        files: The texts, in the order of their sources.
        skipped: Files that are left out from the start.
        synonyms: The owner's.
        fingerprint: Changes with the name or a byte of any of these, and with the limits.
        listed_at_ns: When it was looked at, in ns since 1970.
    """

    files: list[CorpusFile]
    skipped: list[SkippedFile]
    synonyms: str
    fingerprint: str
    listed_at_ns: int

    @classmethod
    def look_at(
        cls, corpus_dir: Path, limits: Limits, without: list[Path], former: _Built | None
    ) -> "_Corpus":
        """List the corpus, by a former index's word for what did not change.

        Raises as `build_index` does.
        """
        listed_at_ns = time.time_ns()
        known = former.sources.known_files(former.manifest.listed_at_ns) if former else {}
        listed, skipped = list_corpus(corpus_dir, limits, known, without)
        files = [file for file in listed if file.source != SYNONYMS_NAME]
        if not files:
            raise EmptyCorpusError(corpus_dir, _why_empty(skipped))
        synonyms = _owners_synonyms(listed)
        fingerprint = _fingerprint(files, synonyms, limits)
        return cls(files, skipped, synonyms, fingerprint, listed_at_ns)

    def all_skipped(self, former: _Built) -> list[SkippedFile]:
        """Return what is left out of an index that is up to date."""
        unreadable = former.sources.skipped.items()
        return [*self.skipped, *(SkippedFile(source, why) for source, (_, why) in unreadable)]

    def is_in(self, former: _Built, neural: NeuralChoice | None, *, thorough: bool) -> bool:
        """Say whether an index is up to date."""
        manifest = former.manifest
        if manifest.corpus_fingerprint != self.fingerprint:
            return False
        if thorough and manifest.wordnet != wordnet.is_installed():
            return False
        if neural is None or manifest.neural_model == neural.model:
            return True
        if manifest.neural_tried != neural.model:
            return False
        # A model that could not be had is not tried again at every start.
        return not thorough or not _can_be_had(neural)


def _is_in_force(index_dir: Path, manifest: Manifest) -> bool:
    try:
        return read_manifest(index_dir).build == manifest.build
    except PassageIndexError:
        return False


def _can_be_had(neural: NeuralChoice) -> bool:
    try:
        neural.encoder()
    except EncoderUnavailableError:
        return False
    return True


def _owners_synonyms(listed: list[CorpusFile]) -> str:
    """Return the text of the owner's synonyms after checking it; empty where there are none."""
    for file in listed:
        if file.source == SYNONYMS_NAME:
            return Synonyms.read_checked(file.path)
    return ""


@contextmanager
def _build_lock(index_dir: Path) -> Iterator[None]:
    """Hold the folder's lock, so that one process at a time builds in it."""
    from filelock import FileLock, Timeout  # only a build needs it

    lock = FileLock(index_dir / "build.lock", timeout=_LOCK_TIMEOUT_S)
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise RebuildRunningError(index_dir) from error
    except OSError as error:
        raise IndexWriteError(index_dir, error.strerror or str(error)) from error
    try:
        yield
    finally:
        lock.release()


def _fingerprint(files: list[CorpusFile], synonyms: str, limits: Limits) -> str:
    lines = "".join(f"{file.sha256} {file.source}\n" for file in files)
    return hashlib.sha256(f"{lines}\n{synonyms}\n{limits}".encode()).hexdigest()


def _report(
    built: _Built,
    former: _Built | None,
    skipped: list[SkippedFile],
    replaced: str | None,
    started: float,
) -> BuildReport:
    manifest = built.manifest
    now, before = built.sources.documents, former.sources.documents if former else {}
    return BuildReport(
        documents=len(now),
        passages=manifest.passages,
        terms=manifest.terms,
        seconds=time.perf_counter() - started,
        added=[source for source in now if source not in before],
        changed=[source for source in now if before.get(source, now[source]) != now[source]],
        removed=[source for source in before if source not in now],
        skipped=sorted(skipped, key=lambda file: file.source),
        unchanged=built is former,
        replaced=replaced,
        neural_problem=manifest.neural_problem,
    )


def _why_empty(skipped: list[SkippedFile]) -> str:
    if not skipped:
        return "there is no text in it"
    files = f"{len(skipped)} file" + ("" if len(skipped) == 1 else "s")
    return (
        f"no text in it can be indexed ({files} skipped; {skipped[0].source}: {skipped[0].reason})"
    )
