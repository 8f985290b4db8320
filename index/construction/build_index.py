"""Build the index from the corpus; unchanged texts are copied from the former index."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from index.construction.build_report import BuildReport, BuiltIndex
from index.construction.corpus_state import CorpusState
from index.construction.corpus_texts import CorpusTexts, split
from index.construction.index_state import BuildRequest, IndexState
from index.documents import DEFAULT_MAX_FILE_MB, Limits, SkippedFile
from index.documents.read_corpus import read_corpus
from index.errors import IndexUnusableError
from index.lexical.fields import LexicalIndex
from index.lexical.write_lexical import write_lexical
from index.passages.write_passages import write_passages
from index.progress import Progress
from index.storage.build_files import OpenedIndex
from index.storage.build_folder import BuildFolder, build_lock
from index.storage.manifest import Manifest
from index.storage.synonym_files import write_synonyms
from index.vectors.encoders import NeuralChoice
from index.vectors.write_vectors import write_vectors

T = TypeVar("T")

# Comparing a word with the vectors of this many words takes under a millisecond (256 dimensions).
# Rarer words are found by their letters only.
_MAX_COMPARED_WORDS = 20_000


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

    The new index is written beside the published one and replaces it by one rename, so readers
    always see a whole index. An index that is up to date is not written again. Otherwise the
    passages and vectors of unchanged files are copied from it. After an error the published index
    stays as it was.

    Args:
        corpus_dir: The folder of the texts.
        index_dir: The folder of the index; it is made if it does not exist.
        neural: The model whose vectors the index also gets. If the model cannot be used, the index
            is built without these vectors and the report says why.
        thorough: Whether to verify every byte of the published index, and to look again for the
            model or WordNet if the last build did not find them. A start of the bot does neither.
        max_file_mb: Size of the largest file that is read, in units of 1,048,576 bytes. The limit
            of what an archive may unpack to is a multiple of it.
        progress: Shows how far the build is.

    Raises:
        SynonymsError: The owner's synonyms cannot be read.
        WordNetUnusableError: WordNet is installed but cannot be read.
        EmptyCorpusError: There is no text to index.
        IndexNewerError: A newer version of the program made the published index.
        IndexWriteError: The index folder cannot be written.
        RebuildRunningError: Another process builds in the same folder.
    """
    started = time.perf_counter()
    request = BuildRequest(corpus_dir, index_dir, Limits(max_file_mb), neural, thorough)
    if not thorough:  # most starts find nothing to do; these do not wait for a running build
        state = IndexState.of(request)
        if current := state.index_if_up_to_date():
            return _make_report(state, current, state.skipped(), started)
    with build_lock(index_dir):
        state = IndexState.of(request)
        state.remove_leftovers()
        if current := state.index_if_up_to_date():
            return _make_report(state, current, state.skipped(), started)
        state = state.verified_thoroughly()
        try:
            built, skipped = _write_index(request, state.corpus, state.open_former(), progress)
        except IndexUnusableError as error:  # the damage was found only while reading
            state = state.without_former(error.reason)
            built, skipped = _write_index(request, state.corpus, None, progress)
    return _make_report(state, built, state.corpus.skipped + skipped, started)


def _write_index(
    request: BuildRequest, corpus: CorpusState, former: OpenedIndex | None, progress: Progress
) -> tuple[BuiltIndex, list[SkippedFile]]:
    """Read the corpus, write the index and publish it.

    Texts pass through `read_corpus`, `in_order`, `write_passages` and `write_lexical` one at a
    time: each of these is a generator that the next one pulls from, and `write_lexical` pulls all
    texts. So the parts that grow with the corpus are not held in memory.

    Returns:
        The published index, and the files that could not be read.
    """
    with BuildFolder.create(request.index_dir) as folder:
        texts = CorpusTexts(corpus, former, retry_skipped=request.thorough)
        read = read_corpus(texts.to_read, request.limits, split)
        written = write_passages(folder.path, texts.in_order(read, progress))
        # Until here nothing has been read or written. After this call the passages are on the
        # disk, and `texts` knows which files were indexed, skipped and reused.
        lexical = write_lexical(folder.path, written, progress)
        words = sorted(lexical.commonest_words(_MAX_COMPARED_WORDS))
        has_wordnet = write_synonyms(folder.path, corpus.synonyms, words)
        known = texts.former_vectors(request.neural)
        problem = write_vectors(folder.path, words, request.neural, former=known, progress=progress)
        sources = texts.source_table()
        sources.write(folder.path)
        manifest = _make_manifest(
            folder, request, texts, lexical, wordnet=has_wordnet, problem=problem
        )
        manifest = folder.publish(manifest)
    return BuiltIndex(manifest, sources), texts.skipped


def _make_manifest(
    folder: BuildFolder,
    request: BuildRequest,
    texts: CorpusTexts,
    lexical: LexicalIndex,
    *,
    wordnet: bool,
    problem: str | None,
) -> Manifest:
    corpus = texts.corpus
    tried = request.neural.model if request.neural else None
    return Manifest(
        build=folder.name,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        listed_at_ns=corpus.listed_at_ns,
        # No corpus has an empty fingerprint, so the next build finds the index out of date.
        corpus_fingerprint="" if texts.changed_while_read else corpus.fingerprint,
        limits=str(request.limits),
        documents=len(texts.indexed),
        files={},
        sizes={},
        passages=lexical.n_passages,
        terms=lexical.n_terms,
        wordnet=wordnet,
        neural_model=tried if problem is None else None,
        neural_tried=tried,
        neural_problem=problem,
    )


def _make_report(
    state: IndexState, built: BuiltIndex, skipped: list[SkippedFile], started: float
) -> BuildReport:
    seconds = time.perf_counter() - started
    return BuildReport.of(
        built, state.former, skipped=skipped, replaced=state.unusable, seconds=seconds
    )
