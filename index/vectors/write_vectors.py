"""Write the vectors of passages and sentences; those of unchanged documents are copied."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.arrays import Vectors, new_array, write_array
from index.errors import EncoderUnavailableError
from index.files import write_file
from index.passages.passage_file import PassageHeadings, PassageLines
from index.progress import Progress
from index.vectors.encoders import NeuralChoice, PassageEncoder, static_encoder
from index.vectors.similarity import PARTS, WORDS_NAME, PassageVectors, vectors_path
from index.vectors.tiers import NEURAL, STATIC

# Passages in memory at a time.
_BATCH = 512

# One thread waits for the interpreter while the other adds up vectors; more threads only wait.
_STATIC_THREADS = 2


@dataclass(frozen=True, slots=True)
class ReusedRows:
    """A run of rows whose passages are copied from the former index, in the same order.

    Attributes:
        rows: The rows in the new index.
        former_first: The row of the first passage in the former index.
    """

    rows: range
    former_first: int


@dataclass(frozen=True, slots=True)
class FormerVectors:
    """The vectors of the former index that can be copied.

    Attributes:
        reused: The rows of unchanged documents, ascending.
        by_kind: All vectors of the former index, by kind; only kinds whose encoder is the same.
        headings: The texts of their headings.
    """

    reused: list[ReusedRows]
    by_kind: dict[str, PassageVectors]
    headings: list[str]


def write_vectors(
    folder: Path,
    words: list[str],
    neural: NeuralChoice | None,
    *,
    former: FormerVectors,
    progress: Progress,
) -> str | None:
    """Write the vectors of all passages and sentences of a build.

    The texts are read back from the passages' file, a batch at a time: the shape of the arrays is
    known only after the last text, and the texts of a million passages do not fit into memory.

    Args:
        folder: The folder of the build, after `write_passages` has finished.
        words: Words of the corpus, sorted, that also get static vectors.
        neural: The model that makes neural vectors in addition to the static ones, or None.
        former: The vectors to copy.
        progress: Shows how far the encoding is.

    Returns:
        Why the neural model could not be used; None if it could, or was not requested.

    Raises:
        OSError: A file cannot be written.
    """
    write_file(folder / WORDS_NAME, ["\n".join(words).encode()])
    write_array(vectors_path(folder, STATIC, "words"), static_encoder().encode(words))
    bulk = static_encoder().bulk_encoder()
    _write_kind(folder, STATIC, bulk, former=former, progress=progress, n_threads=_STATIC_THREADS)
    if neural is None:
        return None
    try:
        _write_kind(folder, NEURAL, neural.encoder(), former=former, progress=progress)
    except EncoderUnavailableError as error:
        for path in _paths(folder, NEURAL):
            path.unlink(missing_ok=True)
        return str(error)
    return None


def _write_kind(
    folder: Path,
    kind: str,
    encoder: PassageEncoder,
    *,
    former: FormerVectors,
    progress: Progress,
    n_threads: int = 1,
) -> None:
    """Write the vectors of one encoder, with `n_threads` batches at a time.

    An exception such as KeyboardInterrupt is raised only after the batches that are being encoded.
    """
    from concurrent.futures import ThreadPoolExecutor  # no question needs it

    passages, first_sentences = PassageLines.open(folder)
    n_dimensions = encoder.encode_with_parts(["a"], [["a"]])[0].shape[1]
    headings = PassageHeadings.open(folder)
    lengths = len(passages), int(first_sentences[-1]), len(headings.texts)
    of_passages, of_sentences, of_headings = (
        new_array(path, np.float32, (length, n_dimensions))
        for path, length in zip(_paths(folder, kind), lengths, strict=True)
    )
    made = PassageVectors(of_passages, of_sentences, of_headings, first_sentences, headings.numbers)
    known = _copy_reused(made, former.by_kind.get(kind), former.reused)
    _encode_headings(made, headings.texts, encoder, former.by_kind.get(kind), former.headings)

    def encode_rows(rows: range) -> None:
        texts, parts = zip(*map(passages.text_with_sentences, rows), strict=True)
        sentences = slice(first_sentences[rows.start], first_sentences[rows.stop])
        vectors = encoder.encode_with_parts(list(texts), list(parts))
        made.passages[rows.start : rows.stop], made.sentences[sentences] = vectors

    pool = ThreadPoolExecutor(n_threads)
    try:
        batches = list(_batches(known, len(passages)))
        done = pool.map(encode_rows, batches)
        for _ in progress(batches, f"Vectors ({kind})"):
            next(done)
    finally:
        pool.shutdown(cancel_futures=True)


def _encode_headings(
    made: PassageVectors,
    texts: list[str],
    encoder: PassageEncoder,
    former: PassageVectors | None,
    former_texts: list[str],
) -> None:
    """Encode the headings; vectors of headings that the former index has are copied."""
    known: dict[str, Vectors] = {}
    if former is not None and former.headings.shape[1:] == made.headings.shape[1:]:
        known = dict(zip(former_texts, former.headings, strict=True))
    unknown = [text for text in texts if text not in known]
    if unknown:
        vectors, _ = encoder.encode_with_parts(unknown, [[] for _ in unknown])
        known |= dict(zip(unknown, vectors, strict=True))
    for row, text in enumerate(texts):
        made.headings[row] = known[text]


def _copy_reused(
    made: PassageVectors, former: PassageVectors | None, reused: list[ReusedRows]
) -> list[ReusedRows]:
    """Copy the vectors of reused rows and return these rows; empty if nothing can be copied."""
    if former is None or former.passages.shape[1] != made.passages.shape[1]:
        return []  # another number of dimensions: another model has the same name
    for one in reused:
        end = one.former_first + len(one.rows)
        made.passages[one.rows.start : one.rows.stop] = former.passages[one.former_first : end]
        first, last = former.first_sentence[[one.former_first, end]]
        sentences = slice(made.first_sentence[one.rows.start], made.first_sentence[one.rows.stop])
        made.sentences[sentences] = former.sentences[first:last]
    return reused


def _paths(folder: Path, kind: str) -> list[Path]:
    return [vectors_path(folder, kind, part) for part in PARTS]


def _batches(known: list[ReusedRows], n_rows: int) -> Iterator[range]:
    """Yield the rows whose vectors must be computed, in batches of at most `_BATCH` rows."""
    ends = [*(one.rows for one in known), range(n_rows, n_rows)]
    first = 0
    for rows in ends:
        for start in range(first, rows.start, _BATCH):
            yield range(start, min(start + _BATCH, rows.start))
        first = rows.stop
