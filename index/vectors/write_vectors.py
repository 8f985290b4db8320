"""Make the vectors of passages and sentences, and take over those of unchanged documents."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.arrays import new_array, write_array
from index.errors import EncoderUnavailableError
from index.files import write_file
from index.passages.passage_file import PassageLines
from index.progress import Progress
from index.vectors.encoders import NeuralChoice, PassageEncoder, static_encoder
from index.vectors.similarity import WORDS_NAME, PassageVectors, vectors_path
from index.vectors.tiers import NEURAL, STATIC

# Passages in memory at a time.
_BATCH = 512

# One waits for the interpreter while the other adds up vectors; more only wait.
_STATIC_THREADS = 2


@dataclass(frozen=True, slots=True)
class Reused:
    """Rows whose passages are those of a former index, in the same order.

    Attributes:
        rows: Half-open range here.
        former_first: The row of the first of them there.
    """

    rows: range
    former_first: int


@dataclass(frozen=True, slots=True)
class FormerVectors:
    """What a former index has of unchanged documents.

    Attributes:
        reused: The rows of their passages, ascending.
        by_kind: That index's vectors, by the kind of an encoder that is used again.
    """

    reused: list[Reused]
    by_kind: dict[str, PassageVectors]


def write_vectors(
    folder: Path,
    words: list[str],
    neural: NeuralChoice | None,
    *,
    former: FormerVectors,
    progress: Progress,
) -> str | None:
    """Write the vectors of the passages that a folder has, and of all their sentences.

    Args:
        folder: The build's; `write_passages` wrote there.
        words: Words of the corpus, sorted, that get static vectors as well.
        neural: The model whose vectors are wanted besides the static ones.
        former: What is taken over.
        progress: Shows how far it is.

    Returns:
        Why the neural model could not be used; None where it could, or is not wanted.

    Raises:
        OSError: A file cannot be written.
    """
    write_file(folder / WORDS_NAME, ["\n".join(words).encode()])
    write_array(vectors_path(folder, STATIC, "words"), static_encoder().encode(words))
    many = static_encoder().for_many()
    _write_kind(folder, STATIC, many, former=former, progress=progress, n_threads=_STATIC_THREADS)
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
    """Write one encoder's vectors, some batches at a time; an interruption waits for them."""
    from concurrent.futures import ThreadPoolExecutor  # no question needs it

    passages, first_sentences = PassageLines.open(folder)
    n_dimensions = encoder.encode_with_parts(["a"], [["a"]])[0].shape[1]
    shapes = (len(passages), n_dimensions), (int(first_sentences[-1]), n_dimensions)
    of_passages, of_sentences = (
        new_array(path, np.float32, shape)
        for path, shape in zip(_paths(folder, kind), shapes, strict=True)
    )
    made = PassageVectors(of_passages, of_sentences, first_sentences)
    known = _take_over(made, former.by_kind.get(kind), former.reused)

    def make(rows: range) -> None:
        texts, parts = zip(*map(passages.text_with_sentences, rows), strict=True)
        sentences = slice(first_sentences[rows.start], first_sentences[rows.stop])
        vectors = encoder.encode_with_parts(list(texts), list(parts))
        made.passages[rows.start : rows.stop], made.sentences[sentences] = vectors

    pool = ThreadPoolExecutor(n_threads)
    try:
        batches = list(_batches(known, len(passages)))
        done = pool.map(make, batches)
        for _ in progress(batches, f"Vectors ({kind})"):
            next(done)
    finally:
        pool.shutdown(cancel_futures=True)


def _take_over(
    made: PassageVectors, former: PassageVectors | None, reused: list[Reused]
) -> list[Reused]:
    """Copy what a former index has, and return which rows that were."""
    if former is None or former.passages.shape[1] != made.passages.shape[1]:
        return []  # the latter is another model under the same name
    for one in reused:
        end = one.former_first + len(one.rows)
        made.passages[one.rows.start : one.rows.stop] = former.passages[one.former_first : end]
        first, last = former.first_sentence[[one.former_first, end]]
        sentences = slice(made.first_sentence[one.rows.start], made.first_sentence[one.rows.stop])
        made.sentences[sentences] = former.sentences[first:last]
    return reused


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
