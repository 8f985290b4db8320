"""Build the index from the corpus; unchanged texts are copied from the former index."""

import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from index.construction.build_report import BuildReport, BuiltIndex
from index.construction.build_vectors import write_vectors
from index.construction.corpus_state import CorpusState
from index.construction.corpus_texts import CorpusTexts, split
from index.construction.index_state import BuildRequest, IndexState
from index.documents import DEFAULT_MAX_FILE_MB, Limits, Remark, SkippedFile
from index.documents.read_corpus import read_corpus
from index.errors import IndexUnusableError
from index.lexical.fields import LexicalIndex, read_languages
from index.lexical.write_lexical import write_lexical
from index.passages.editions import Page, group_editions, write_editions
from index.passages.lookup import PassageLookup
from index.passages.passage_file import PassageLines
from index.passages.write_passages import write_passages
from index.progress import Progress, silently
from index.storage.build_files import OpenedIndex
from index.storage.build_folder import BuildFolder, build_lock
from index.storage.manifest import Manifest
from index.storage.synonym_files import write_synonyms
from index.vectors.vector_parts import VectorParts
from index.vectors.write_vectors import EncoderChoice

# The meant word of a typo is looked for among so many words, in a few milliseconds.
_MAX_COMPARED_WORDS = 20_000

# If encoding takes longer, the index is published before it.
MAX_WAIT_S = 15.0


def build_index(
    corpus_dir: Path,
    index_dir: Path,
    *,
    encoder: EncoderChoice | None = None,
    within_s: float | None = MAX_WAIT_S,
    thorough: bool = True,
    max_file_mb: int = DEFAULT_MAX_FILE_MB,
    names_authors: bool = False,
    current_version: str | None = None,
    progress: Progress = silently,
) -> BuildReport:
    """Bring the index up to date with the corpus.

    The new index is written beside the published one and replaces it by one rename, so readers
    always see a whole index. An index that is up to date is not written again. Otherwise the
    passages and vectors of unchanged files are copied from it. After an error the published index
    stays as it was.

    Args:
        corpus_dir: The folder of the texts.
        index_dir: The folder of the index; it is made if it does not exist.
        encoder: The encoder whose vectors the index also gets. If it cannot be used, the index is
            built without vectors and the report says why.
        within_s: If encoding would take longer than this many seconds, the index is published
            without vectors, and `add_vectors` adds them; None to wait for them.
        thorough: Whether to verify every byte of the published index, and to look again for the
            model or WordNet if the last build did not find them. A start of the bot does neither.
        max_file_mb: Size of the largest file that is read, in units of 1,048,576 bytes. The limit
            of what an archive may unpack to is a multiple of it.
        names_authors: Whether the authors of messages are named; else they are numbered.
        current_version: Which version of the texts is quoted; None for the highest.
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
    limits = Limits(max_file_mb, names_authors=names_authors)
    request = BuildRequest(
        corpus_dir, index_dir, limits, encoder, within_s, thorough, progress, current_version
    )
    if not thorough:  # most starts find nothing to do; these do not wait for a running build
        state = IndexState.of(request)
        if current := state.index_if_up_to_date():
            return _make_report(state, current, state.skipped(), [], started)
    with build_lock(index_dir):
        state = IndexState.of(request)
        state.remove_leftovers()
        if current := state.index_if_up_to_date():
            return _make_report(state, current, state.skipped(), [], started)
        state = state.verified_thoroughly()
        try:
            built, skipped, remarks = _write_index(request, state.corpus, state.open_former())
        except IndexUnusableError as error:  # the damage was found only while reading
            state = state.without_former(error.reason)
            built, skipped, remarks = _write_index(request, state.corpus, None)
    return _make_report(state, built, state.corpus.skipped + skipped, remarks, started)


def _write_index(
    request: BuildRequest, corpus: CorpusState, former: OpenedIndex | None
) -> tuple[BuiltIndex, list[SkippedFile], list[Remark]]:
    """Read the corpus, write the index and publish it.

    Texts pass through `read_corpus`, `in_order`, `write_passages` and `write_lexical` one at a
    time: each of these is a generator that the next one pulls from, and `write_lexical` pulls all
    texts. So the parts that grow with the corpus are not held in memory.

    From a former index that was read with other limits only the vectors are used.

    Returns:
        The published index, the files that could not be read, and what is to be known of others.
    """
    with BuildFolder.create(request.index_dir) as folder:
        is_read_alike = former is not None and former.manifest.limits == str(request.limits)
        copied = former if is_read_alike else None
        texts = CorpusTexts(corpus, request.limits, copied, retry_skipped=request.thorough)
        read = read_corpus(texts.to_read, request.limits, split)
        written = write_passages(folder.path, texts.in_order(read, request.progress))
        # Until here nothing has been read or written. After this call the passages are on the
        # disk, and `texts` knows which files were indexed, skipped and reused.
        lexical = write_lexical(
            folder.path, written, request.progress, copied.folder if copied else None
        )
        write_editions(folder.path, _group_editions(folder.path, texts, request.current_version))
        words = sorted(lexical.commonest_words(_MAX_COMPARED_WORDS))
        has_wordnet = write_synonyms(folder.path, corpus.synonyms, words)
        languages = read_languages(folder.path)
        vectors = former.vectors.files if former and former.vectors else None
        model_hash, problem = write_vectors(
            folder.path,
            request.index_dir,
            request.encoder,
            vectors,
            languages,
            within_s=request.within_s,
            progress=request.progress,
        )
        sources = texts.source_table()
        sources.write(folder.path)
        manifest = _make_manifest(
            folder,
            request,
            texts,
            lexical,
            languages,
            wordnet=has_wordnet,
            model_hash=model_hash,
            problem=problem,
        )
        manifest = folder.publish(manifest)
        if model_hash:
            VectorParts(request.index_dir).clear()
    return BuiltIndex(manifest, sources), texts.skipped, texts.remarks


def _make_manifest(
    folder: BuildFolder,
    request: BuildRequest,
    texts: CorpusTexts,
    lexical: LexicalIndex,
    languages: dict[str, int],
    *,
    wordnet: bool,
    model_hash: str | None,
    problem: str | None,
) -> Manifest:
    corpus = texts.corpus
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
        languages=languages,
        wordnet=wordnet,
        encoder=request.encoder.model if request.encoder else None,
        encoder_hash=model_hash,
        encoder_problem=problem,
        current_version=request.current_version,
    )


def _group_editions(folder: Path, texts: CorpusTexts, current: str | None) -> list[Page]:
    """Group the texts, whose passages are written, by the pages that they are editions of."""
    passages, _ = PassageLines.open(folder)
    ranges = PassageLookup.open(folder, passages).ranges()
    rows = {file.source: rows for file, rows in zip(texts.indexed, ranges, strict=True)}

    @cache
    def title_of(source: str) -> str:
        return passages[rows[source].start].title

    return group_editions(texts.versioned_texts(title_of), current)


def _make_report(
    state: IndexState,
    built: BuiltIndex,
    skipped: list[SkippedFile],
    remarks: list[Remark],
    started: float,
) -> BuildReport:
    return BuildReport.of(
        built,
        state.former,
        skipped=skipped,
        remarks=remarks,
        replaced=state.unusable,
        seconds=time.perf_counter() - started,
    )
