"""Encode passages on all cores, and keep what is finished in files of its own."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from index.arrays import Vectors
from index.progress import Progress
from index.vectors.models.encoder import Encoder
from index.vectors.token_basis import ENOUGH_TOKENS, TokenBasis, TokenBytes
from index.vectors.vector_files import (
    EncodedPassage,
    EncoderRecord,
    PassageText,
    VectorFiles,
)
from index.vectors.vector_parts import MAX_PARTS, VectorParts

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

# Finished vectors are on the disk after at most this time: what a crash may cost.
_KEPT_EVERY_S = 30.0

# A first guess of the time needs this many passages.
_SAMPLE = 16

# So many passages wait for a thread at a time; all of a large corpus would take memory.
_MAX_SUBMITTED = 512

# The lowest priority, so that answers and other programs come first.
_LOWEST_NICENESS = 19

# With some 100 tokens each, half of these passages have enough tokens for the basis.
_SPREAD = 64

# What a text without token vectors has.
_NO_TOKENS: TokenBytes = np.empty((0, 0), dtype=np.int8)


def n_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def make_basis(
    encoder: Encoder, n_passages: int, text_of: Callable[[int], PassageText], n_directions: int
) -> tuple[TokenBasis, int]:
    """Make the basis of token vectors from passages that are spread over all.

    Returns:
        The basis, and the number of tokens that it was made from.
    """
    spread = range(0, n_passages, max(1, n_passages // _SPREAD))
    tokens: list[Vectors] = []
    for row in dict.fromkeys([*spread, *range(n_passages)]):
        if sum(map(len, tokens)) >= ENOUGH_TOKENS:
            break
        passage = text_of(row)
        if passage.is_read:
            tokens.append(encoder.encode_passage(passage.text).tokens)
    held = np.concatenate(tokens)[:ENOUGH_TOKENS]
    return TokenBasis.of(held, n_directions), len(held)


def encode_passage(
    encoder: Encoder, record: EncoderRecord, basis: TokenBasis | None, passage: PassageText
) -> EncodedPassage:
    """Encode a passage and, if the record says so, its lines and tokens."""
    if not passage.is_read:
        return _not_read(encoder, record, basis, passage)
    read = encoder.encode_passage(passage.text)
    n_dimensions = len(read.vector)
    lines = np.empty((0, n_dimensions), dtype=np.float32)
    if record.has_lines and passage.lines:
        texts = [passage.text[start:end] for start, end in passage.lines]
        lines = np.stack(
            [
                read.vector if text == passage.text else encoder.encode_passage(text).vector
                for text in texts
            ]
        )
    if basis is None:
        tokens, pieces = _NO_TOKENS, read.pieces[:0]
    else:
        tokens, pieces = basis.to_bytes(read.tokens), read.pieces
    ends = [end for _, end in passage.lines]
    # The tokens of a line are those behind the line before it that begin in it.
    line_ends = np.searchsorted(read.starts[: len(pieces)], ends, side="left")
    return EncodedPassage(
        passage.key, read.vector, lines, tokens, pieces, line_ends.astype(np.int64)
    )


def _not_read(
    encoder: Encoder, record: EncoderRecord, basis: TokenBasis | None, passage: PassageText
) -> EncodedPassage:
    """Return vectors of zeros, and no tokens."""
    n_dimensions = len(encoder.encode_question("").vector)
    n_lines = len(passage.lines)
    return EncodedPassage(
        passage.key,
        np.zeros(n_dimensions, dtype=np.float32),
        np.zeros((n_lines if record.has_lines else 0, n_dimensions), dtype=np.float32),
        basis.to_bytes(np.empty((0, n_dimensions), dtype=np.float32)) if basis else _NO_TOKENS,
        np.empty(0, dtype=np.uint32),
        np.zeros(n_lines, dtype=np.int64),
    )


def encode_all(
    encoder: Encoder,
    record: EncoderRecord,
    basis: TokenBasis | None,
    rows: Sequence[int],
    text_of: Callable[[int], PassageText],
    parts: VectorParts,
    *,
    progress: Progress,
    within_s: float | None = None,
    in_background: bool = False,
) -> list[VectorFiles] | None:
    """Encode passages on several threads, and keep the vectors.

    Args:
        encoder: The encoder.
        record: What the vectors are made with.
        basis: The basis of the token vectors.
        rows: The passages.
        text_of: Returns the text of a passage.
        parts: Gets the finished vectors.
        progress: Shows how far the encoding is.
        within_s: The longest time that it may take, in seconds; None without a limit. With one,
            some passages that are spread over all come first, to guess the time.
        in_background: Whether to encode on one thread of the lowest priority, where threads have
            priorities of their own; else on as many as the process has cores.

    Returns:
        The parts with the vectors; None if the first passages show that it would take longer, or
        it does. The vectors of what was encoded are kept.

    Raises:
        OSError: The vectors cannot be written.
        EncoderUnavailableError: The model fails.
    """
    from concurrent.futures import ThreadPoolExecutor  # no question needs it

    if within_s is not None:
        sample = list(rows[:: max(1, len(rows) // _SAMPLE)][:_SAMPLE])
        rows = list(dict.fromkeys([*sample, *rows]))
    made: list[VectorFiles] = []
    waiting: list[EncodedPassage] = []
    started = kept = time.monotonic()
    if in_background:
        pool = ThreadPoolExecutor(1, initializer=_lower_thread_priority)
    else:
        pool = ThreadPoolExecutor(n_cores())
    try:
        done = _in_turn(
            pool, lambda row: encode_passage(encoder, record, basis, text_of(row)), rows
        )
        waiting += islice(done, _SAMPLE)
        seconds_each = (time.monotonic() - started) / max(1, len(waiting))
        if within_s is not None and seconds_each * len(rows) > within_s:
            return None
        for _ in progress(list(rows[len(waiting) :]), "Vectors"):
            waiting.append(next(done))
            now = time.monotonic()
            if within_s is not None and now - started > within_s:
                return None
            if now - kept > _KEPT_EVERY_S:
                made.append(parts.add(record, basis, waiting))
                waiting, kept = [], now
                if len(made) == MAX_PARTS:
                    made = [parts.merge(record, basis, made)]
    finally:
        pool.shutdown(cancel_futures=True)
        if waiting:
            made.append(parts.add(record, basis, waiting))
    return made


def _in_turn(
    pool: "ThreadPoolExecutor", encode: Callable[[int], EncodedPassage], rows: Sequence[int]
) -> Iterator[EncodedPassage]:
    """Yield the encoded rows in order: first the sample, then the rest, some hundreds at a time."""
    yield from pool.map(encode, rows[:_SAMPLE])
    for start in range(_SAMPLE, len(rows), _MAX_SUBMITTED):
        yield from pool.map(encode, rows[start : start + _MAX_SUBMITTED])


def _lower_thread_priority() -> None:
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST_NICENESS)
