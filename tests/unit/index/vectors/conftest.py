"""What the tests of vectors share: the encoder of the package, and vectors at random."""

from pathlib import Path

import numpy as np
import pytest

from index.vectors.models.encoder import Encoder, open_encoder, unit
from index.vectors.token_basis import TokenBasis
from index.vectors.vector_files import EncodedPassage, EncoderRecord

N_DIMENSIONS = 8


@pytest.fixture(scope="session")
def packaged() -> Encoder:
    """The encoder of the package, loaded once."""
    return open_encoder("", Path("nowhere"))


def record_of(
    *, has_lines: bool = True, has_tokens: bool = True, sha256: str = "0"
) -> EncoderRecord:
    """Return a record of vectors with the given parts."""
    return EncoderRecord("", sha256, has_lines, has_tokens, 50 if has_tokens else 0)


def basis_of(seed: int = 0) -> TokenBasis:
    """Return a basis of vectors with 8 dimensions."""
    return TokenBasis.of(
        np.random.default_rng(seed).normal(size=(50, N_DIMENSIONS)).astype(np.float32),
        N_DIMENSIONS,
    )


def encoded_passage(key: int, record: EncoderRecord) -> EncodedPassage:
    """Return made-up vectors that depend on the key: of 0 to 3 lines and 0 to 4 tokens."""
    chooser = np.random.default_rng(key)
    n_lines, n_tokens = int(chooser.integers(4)), int(chooser.integers(5))
    vector, lines = chooser.normal(size=N_DIMENSIONS), chooser.normal(size=(n_lines, N_DIMENSIONS))
    tokens = chooser.integers(-127, 128, size=(n_tokens, N_DIMENSIONS)).astype(np.int8)
    pieces = chooser.integers(0, 99, size=n_tokens).astype(np.uint32)
    ends = np.sort(chooser.integers(0, n_tokens + 1, size=n_lines))
    if not record.has_tokens:
        tokens, pieces, ends = np.empty((0, 0), dtype=np.int8), pieces[:0], np.zeros_like(ends)
    return EncodedPassage(
        key,
        unit(vector.astype(np.float32)),
        unit(lines.astype(np.float32)) if record.has_lines else np.empty((0, 8), np.float32),
        tokens,
        pieces,
        ends,
    )
