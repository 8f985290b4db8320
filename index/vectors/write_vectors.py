"""Make the vectors of passages and sentences, and take over those of unchanged documents."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import new_array, write_array
from index.files import write_file
from index.passages.passage_file import PassageLines
from index.progress import Progress
from index.vectors.encoders import PassageEncoder, static_encoder
from index.vectors.similarity import WORDS_NAME, PassageVectors, vectors_path
from index.vectors.tiers import STATIC

# Passages in memory at a time.
_BATCH = 512


@dataclass(frozen=True, slots=True)
class Reused:
    """Rows whose passages are those of a former index, in the same order.

    Attributes:
        rows: Half-open range here.
        former_first: The row of the first of them there.
    """

    rows: range
    former_first: int


def write_word_vectors(folder: Path, words: list[str]) -> None:
    """Write words of the corpus, sorted, and their static vectors; `WordVectors` opens them."""
    write_file(folder / WORDS_NAME, ["\n".join(words).encode()])
    write_array(vectors_path(folder, STATIC, "words"), static_encoder().encode(words))


def write_vectors(
    folder: Path,
    kind: str,
    encoder: PassageEncoder,
    *,
    passages: PassageLines,
    first_sentences: npt.NDArray[np.int64],
    progress: Progress,
    reused: list[Reused],
    former: PassageVectors | None,
    n_threads: int = 1,
) -> None:
    """Write one encoder's vectors of the passages and of all their sentences.

    Args:
        folder: The build's.
        kind: Names the files.
        encoder: Makes the vectors.
        passages: All of them.
        first_sentences: As in `PassageVectors`.
        progress: Shows how far it is.
        reused: What a former index has vectors of, ascending.
        former: That index's vectors, by the same encoder; None where there are none.
        n_threads: How many batches are made at a time; an interruption waits for them.

    Raises:
        OSError: A file cannot be written.
        EncoderUnavailableError: The encoder fails.
    """
    n_dimensions = encoder.encode_with_parts(["a"], [["a"]])[0].shape[1]
    shapes = (len(passages), n_dimensions), (int(first_sentences[-1]), n_dimensions)
    of_passages, of_sentences = (
        new_array(path, np.float32, shape)
        for path, shape in zip(_paths(folder, kind), shapes, strict=True)
    )
    if former is not None and former.passages.shape[1] != n_dimensions:
        former = None  # another model under the same name
    known = reused if former is not None else []
    for one in known:
        if former is not None:
            end = one.former_first + len(one.rows)
            of_passages[one.rows.start : one.rows.stop] = former.passages[one.former_first : end]
            first, last = former.first_sentence[[one.former_first, end]]
            sentences = slice(first_sentences[one.rows.start], first_sentences[one.rows.stop])
            of_sentences[sentences] = former.sentences[first:last]

    def make(rows: range) -> None:
        texts, parts = zip(*map(passages.text_with_sentences, rows), strict=True)
        sentences = slice(first_sentences[rows.start], first_sentences[rows.stop])
        made = encoder.encode_with_parts(list(texts), list(parts))
        of_passages[rows.start : rows.stop], of_sentences[sentences] = made

    pool = ThreadPoolExecutor(n_threads)
    try:
        batches = list(_batches(known, len(passages)))
        done = pool.map(make, batches)
        for _ in progress(batches, f"Vectors ({kind})"):
            next(done)
    finally:
        pool.shutdown(cancel_futures=True)


def remove_vectors(folder: Path, kind: str) -> None:
    """Remove what was written of one kind of vectors."""
    for path in _paths(folder, kind):
        path.unlink(missing_ok=True)


def _paths(folder: Path, kind: str) -> tuple[Path, Path]:
    return vectors_path(folder, kind, "passages"), vectors_path(folder, kind, "sentences")


def _batches(known: list[Reused], n_rows: int) -> Iterator[range]:
    """Yield the rows that are not known, some at a time."""
    ends = [*(one.rows for one in known), range(n_rows, n_rows)]
    first = 0
    for rows in ends:
        for start in range(first, rows.start, _BATCH):
            yield range(start, min(start + _BATCH, rows.start))
        first = rows.stop
