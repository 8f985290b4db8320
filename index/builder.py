"""Build the index from the corpus, and only when the corpus changed."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar

from filelock import FileLock, Timeout

from index import wordnet
from index.documents import (
    DEFAULT_MAX_FILE_MB,
    CorpusFile,
    DocumentReader,
    Limits,
    SkippedFile,
    list_corpus,
)
from index.encoders import NeuralEncoder, static_encoder
from index.errors import (
    CorpusReadError,
    EmptyCorpusError,
    EncoderUnavailableError,
    IndexMissingError,
    IndexUnusableError,
    IndexWriteError,
    RebuildRunningError,
)
from index.passages import Passage, split_passages
from index.store import BuildWriter, Manifest, publish, sweep, verify_build
from index.synonyms import Synonyms
from index.terms import stem
from index.tiers import NEURAL, STATIC

T = TypeVar("T")


class Progress(Protocol):
    """Passes things through, so that a caller can show how far the build is."""

    def __call__(self, things: list[T], what: str) -> Iterable[T]:
        """Yield the things; `what` names the work for people."""


@dataclass(frozen=True, slots=True)
class NeuralChoice:
    """A neural model to make vectors with, where a fetched one is kept, whether to fetch it."""

    model: str
    models_dir: Path
    fetch: bool = False


# The owner's synonyms lie beside the texts.
SYNONYMS_NAME = "synonyms.txt"

# Comparing a word with this many takes under a millisecond (256 dimensions); rarer words are
# found by their letters only.
_MAX_COMPARED_WORDS = 20_000

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
    retry: bool = True,
    max_file_mb: int = DEFAULT_MAX_FILE_MB,
    progress: Progress = _silently,
) -> BuildReport:
    """Bring the index up to date with the corpus.

    The new index is written beside the one in force and published by one rename, so readers
    always see a whole one. An index that is up to date is left alone.

    Args:
        corpus_dir: The texts.
        index_dir: Where the index is, or will be.
        neural: The model whose vectors are wanted as well. Where it cannot be used, the index is
            built without and the report says why.
        retry: Whether to look again for what was missing the last time: the model, WordNet.
        max_file_mb: Size of the largest file that is read, in units of 1,048,576 bytes; what an
            archive may unpack to goes by it.
        progress: Shows how far the build is.

    Raises:
        SynonymsError: The owner's synonyms cannot be read; the index in force stays.
        WordNetUnusableError: WordNet is installed but cannot be read; the index in force stays.
        EmptyCorpusError: There is no text to index; the index in force stays.
        IndexWriteError: The index folder cannot be written; the index in force stays.
        RebuildRunningError: Another process is building there.
    """
    started = time.perf_counter()
    limits = Limits(max_file_mb)
    listed, skipped = list_corpus(corpus_dir, limits)
    files = [file for file in listed if file.source != SYNONYMS_NAME]
    if not files:
        raise EmptyCorpusError(corpus_dir, _why_empty(skipped))
    synonyms = _owners_synonyms(listed)
    fingerprint = _fingerprint(files, synonyms, limits)
    with _build_lock(index_dir):
        former, replaced = _verified_former(index_dir)
        if former or replaced is None:  # what cannot be read now may be read again
            sweep(index_dir, keep=former.build if former else None)
        if former and _is_up_to_date(former, fingerprint, neural, retry=retry):
            skipped += [SkippedFile(*item) for item in former.skipped.items()]
            return _report(former, former, skipped, replaced, started)
        writer = BuildWriter(index_dir)
        try:
            intake = _Intake(progress(files, "Reading texts"), limits)
            writer.write_passages(intake.passages())
            skipped += [SkippedFile(*item) for item in intake.skipped.items()]
            writer.write_synonyms(synonyms)
            manifest = _finish_build(writer, intake, fingerprint, neural, progress)
        except BaseException:
            writer.discard()
            raise
        if not intake.documents:
            writer.discard()
            raise EmptyCorpusError(corpus_dir, _why_empty(skipped))
        publish(index_dir, manifest)
    return _report(manifest, former, skipped, replaced, started)


def _is_up_to_date(
    former: Manifest, fingerprint: str, neural: NeuralChoice | None, *, retry: bool
) -> bool:
    if former.corpus_fingerprint != fingerprint:
        return False
    if retry and former.wordnet != wordnet.is_installed():
        return False
    if neural is None or former.neural_model == neural.model:
        return True
    # A model that could not be had is not tried again at every start.
    return former.neural_tried == neural.model and not retry


def _finish_build(
    writer: BuildWriter,
    intake: "_Intake",
    fingerprint: str,
    neural: NeuralChoice | None,
    progress: Progress,
) -> Manifest:
    """Write the vectors of what was taken in, and return the build's manifest."""
    encoder = static_encoder()
    words = sorted(intake.commonest_words())
    writer.write_words(words, encoder.encode(words))
    writer.write_related(wordnet.related_words(words))
    writer.write_vectors(STATIC, encoder.encode(intake.texts), encoder.encode(intake.sentences))
    neural_problem = _write_neural(writer, intake, neural, progress) if neural else None
    writer.finish()
    return Manifest(
        build=writer.build,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        corpus_fingerprint=fingerprint,
        documents=intake.documents,
        skipped=intake.skipped,
        files=writer.files,
        passages=len(intake.texts),
        terms=len({stem(word) for word in intake.word_counts}),
        wordnet=wordnet.is_installed(),
        neural_model=neural.model if neural and neural_problem is None else None,
        neural_tried=neural.model if neural else None,
        neural_problem=neural_problem,
    )


def _write_neural(
    writer: BuildWriter, intake: "_Intake", neural: NeuralChoice, progress: Progress
) -> str | None:
    """Write the neural vectors, or return why there can be none."""
    try:
        encoder = NeuralEncoder(neural.model, neural.models_dir, fetch=neural.fetch)
        passages = encoder.encode(progress(intake.texts, "Neural vectors of passages"))
        sentences = encoder.encode(progress(intake.sentences, "Neural vectors of sentences"))
    except EncoderUnavailableError as error:
        return str(error)
    writer.write_vectors(NEURAL, passages, sentences)
    return None


def _owners_synonyms(listed: list[CorpusFile]) -> str:
    """Return the text of the owner's synonyms after checking it; empty where there are none."""
    for file in listed:
        if file.source == SYNONYMS_NAME:
            Synonyms.load(file.path)
            return file.path.read_text(encoding="utf-8-sig")
    return ""


class _Intake:
    """Reads files into passages and keeps what the vectors and the manifest need of them."""

    def __init__(self, files: Iterable[CorpusFile], limits: Limits) -> None:
        self._files = files
        self._limits = limits
        self.documents: dict[str, str] = {}
        self.skipped: dict[str, str] = {}
        self.word_counts: Counter[str] = Counter()
        self.texts: list[str] = []
        self.sentences: list[str] = []

    def passages(self) -> Iterator[Passage]:
        """Yield the passages of the files in order; unreadable files are noted and passed over."""
        with DocumentReader(self._limits) as reader:
            for file in self._files:
                try:
                    document = reader.read(file)
                except CorpusReadError as error:
                    self.skipped[file.source] = error.reason
                    continue
                self.documents[file.source] = file.sha256
                for passage in split_passages(document):
                    self.word_counts.update(set(passage.words))
                    self.texts.append(passage.text)
                    self.sentences += passage.sentence_texts()
                    yield passage

    def commonest_words(self) -> list[str]:
        """Return the words that stand in most passages, as many as are compared by meaning."""
        return [word for word, _ in self.word_counts.most_common(_MAX_COMPARED_WORDS)]


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


def _fingerprint(files: list[CorpusFile], synonyms: str, limits: Limits) -> str:
    lines = "".join(f"{file.sha256} {file.source}\n" for file in files)
    return hashlib.sha256(f"{lines}\n{synonyms}\n{limits}".encode()).hexdigest()


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
        neural_problem=manifest.neural_problem,
    )


def _why_empty(skipped: list[SkippedFile]) -> str:
    if not skipped:
        return "there is no text in it"
    files = f"{len(skipped)} file" + ("" if len(skipped) == 1 else "s")
    return (
        f"no text in it can be indexed ({files} skipped; {skipped[0].source}: {skipped[0].reason})"
    )
