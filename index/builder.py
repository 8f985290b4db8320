"""Build the index from the corpus, and only when the corpus changed."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.documents import CorpusFile, SkippedFile, list_corpus, read_document
from index.errors import (
    CorpusReadError,
    EmptyCorpusError,
    IndexMissingError,
    IndexUnusableError,
    IndexWriteError,
    RebuildRunningError,
)
from index.passages import Passage, split_passages
from index.store import Manifest, publish, sweep, verify_build, write_build

# Wraps the files to read, so that a caller can show how far the build is.
Progress = Callable[[list[CorpusFile]], Iterable[CorpusFile]]

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


def build_index(corpus_dir: Path, index_dir: Path, *, progress: Progress = iter) -> BuildReport:
    """Bring the index up to date with the corpus.

    The new index is written beside the one in force and published by one rename, so readers
    always see a whole one. An index that is up to date is left alone.

    Raises:
        EmptyCorpusError: There is no text to index; the index in force stays.
        IndexWriteError: The index folder cannot be written; the index in force stays.
        RebuildRunningError: Another process is building there.
    """
    started = time.perf_counter()
    files, skipped = list_corpus(corpus_dir)
    if not files:
        raise EmptyCorpusError(corpus_dir, _why_empty(skipped))
    fingerprint = _fingerprint(files)
    with _build_lock(index_dir):
        former, replaced = _verified_former(index_dir)
        sweep(index_dir, keep=former.build if former else None)
        if former and former.corpus_fingerprint == fingerprint:
            skipped += [SkippedFile(*item) for item in former.skipped.items()]
            return _report(former, former, skipped, replaced, started)
        intake = _Intake()
        build, checksums = write_build(index_dir, intake.passages(progress(files)))
        skipped += [SkippedFile(*item) for item in intake.skipped.items()]
        if not intake.documents:
            sweep(index_dir, keep=former.build if former else None)
            raise EmptyCorpusError(corpus_dir, _why_empty(skipped))
        manifest = Manifest(
            build=build,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            corpus_fingerprint=fingerprint,
            documents=intake.documents,
            skipped=intake.skipped,
            files=checksums,
            passages=intake.n_passages,
            terms=len(intake.vocabulary),
        )
        publish(index_dir, manifest)
    return _report(manifest, former, skipped, replaced, started)


class _Intake:
    """Reads files into passages and counts what came through."""

    def __init__(self) -> None:
        self.documents: dict[str, str] = {}
        self.skipped: dict[str, str] = {}
        self.vocabulary: set[str] = set()
        self.n_passages = 0

    def passages(self, files: Iterable[CorpusFile]) -> Iterator[Passage]:
        """Yield the passages of the files in order; unreadable files are noted and passed over."""
        for file in files:
            try:
                document = read_document(file)
            except CorpusReadError as error:
                self.skipped[file.source] = error.reason
                continue
            self.documents[file.source] = file.sha256
            for passage in split_passages(document):
                self.n_passages += 1
                self.vocabulary.update(passage.terms)
                yield passage


@contextmanager
def _build_lock(index_dir: Path) -> Iterator[None]:
    """Hold the folder's lock, so that one process at a time builds in it."""
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


def _fingerprint(files: list[CorpusFile]) -> str:
    lines = "".join(f"{file.sha256} {file.source}\n" for file in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def _verified_former(index_dir: Path) -> tuple[Manifest | None, str | None]:
    """Return the manifest in force, or None and why it cannot be used."""
    try:
        return verify_build(index_dir), None
    except IndexMissingError:
        return None, None
    except IndexUnusableError as error:
        return None, error.reason


def _report(
    manifest: Manifest,
    former: Manifest | None,
    skipped: list[SkippedFile],
    replaced: str | None,
    started: float,
) -> BuildReport:
    now, before = manifest.documents, former.documents if former else {}
    return BuildReport(
        documents=len(now),
        passages=manifest.passages,
        terms=manifest.terms,
        seconds=time.perf_counter() - started,
        added=[source for source in now if source not in before],
        changed=[source for source in now if before.get(source, now[source]) != now[source]],
        removed=[source for source in before if source not in now],
        skipped=sorted(skipped, key=lambda file: file.source),
        unchanged=manifest is former,
        replaced=replaced,
    )


def _why_empty(skipped: list[SkippedFile]) -> str:
    if not skipped:
        return "there is no text in it"
    files = f"{len(skipped)} file" + ("" if len(skipped) == 1 else "s")
    return (
        f"no text in it can be indexed ({files} skipped; {skipped[0].source}: {skipped[0].reason})"
    )
