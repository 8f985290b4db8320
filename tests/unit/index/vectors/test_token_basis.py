"""Token vectors in 64 bytes: nearly the cosines of the vectors themselves."""

import numpy as np
import pytest

from index.vectors.models.encoder import unit
from index.vectors.token_basis import BYTE_SCALE, TokenBasis, n_directions_for

PARAGRAPHS = [
    "Herring boats leave the harbour of Lowmere before dawn and return with the tide.",
    "The lighthouse burned in 1802; the keeper's family rebuilt it from grey stone.",
    "Taxes on salt rose sharply that spring, so the shopkeepers of the town complained.",
    "A physician cured the ill child with herbs that grow on the moor behind the mill.",
]


@pytest.fixture(scope="module")
def tokens(packaged):
    """The vectors of the tokens of some sentences."""
    return np.concatenate([packaged.encode_passage(text).tokens for text in PARAGRAPHS])


def test_bytes_keep_the_cosines_of_centred_tokens(tokens):
    """With as many directions as tokens differ in, only the rounding to bytes is lost."""
    basis = TokenBasis.of(tokens, 64)
    held = basis.to_bytes(tokens).astype(np.float32) / BYTE_SCALE
    centred = unit(tokens - tokens.mean(axis=0))
    of_question = basis.project(tokens[:10])
    assert (held @ of_question.T) == pytest.approx(centred @ centred[:10].T, abs=0.06)
    assert (held @ of_question.T) == pytest.approx(basis.project(tokens) @ of_question.T, abs=0.02)


def test_kept_directions_are_those_in_which_tokens_differ_most():
    """What varies little is left out: the cosines stay nearly the same without it."""
    chooser = np.random.default_rng(3)
    spread = np.concatenate([np.ones(40), np.full(160, 0.02)])
    tokens = (chooser.normal(size=(900, 200)) * spread + 5).astype(np.float32)
    basis = TokenBasis.of(tokens, 64)
    assert basis.directions.shape == (200, 64)
    assert basis.directions.T @ basis.directions == pytest.approx(np.eye(64), abs=1e-4)
    full = unit(tokens - tokens.mean(axis=0))
    assert basis.project(tokens) @ basis.project(tokens[:5]).T == pytest.approx(
        full @ full[:5].T, abs=0.02
    )


def test_bytes_are_symmetric_and_use_their_range(tokens):
    """The opposite vector has the opposite bytes; -128 is not used, so nothing overflows."""
    basis = TokenBasis.of(tokens, 64)
    held = basis.to_bytes(tokens)
    assert (held.dtype, held.shape) == (np.dtype(np.int8), (len(tokens), 64))
    assert basis.to_bytes(2 * basis.mean - tokens).tolist() == (-held).tolist()
    along = basis.mean + 3 * basis.directions[:, :2].T
    assert basis.to_bytes(along)[:, :2].tolist() == [[BYTE_SCALE, 0], [0, BYTE_SCALE]]
    assert held.min() >= -BYTE_SCALE


@pytest.mark.parametrize(("n_tokens", "n_dimensions"), [(1, 8), (5, 8), (100, 8), (3, 64)])
def test_vectors_with_few_dimensions_keep_them_all(n_tokens, n_dimensions):
    """Fewer dimensions than 64 are all kept, and few tokens make a basis too."""
    tokens = np.random.default_rng(0).normal(size=(n_tokens, n_dimensions)).astype(np.float32)
    basis = TokenBasis.of(tokens, 64)
    assert basis.directions.shape == (n_dimensions, n_dimensions)
    others = np.random.default_rng(1).normal(size=(9, n_dimensions)).astype(np.float32)
    assert np.linalg.norm(basis.project(others), axis=1) == pytest.approx(np.ones(9), abs=1e-5)
    centred = unit(others - basis.mean)
    assert basis.project(others) @ basis.project(others).T == pytest.approx(
        centred @ centred.T, abs=1e-5
    )


def test_token_at_the_mean_and_no_tokens_have_no_direction():
    """The mean itself has bytes of zeros; no tokens have no bytes."""
    basis = TokenBasis.of(np.random.default_rng(0).normal(size=(9, 8)).astype(np.float32), 64)
    assert not basis.to_bytes(basis.mean[np.newaxis]).any()
    assert basis.to_bytes(np.empty((0, 8), dtype=np.float32)).shape == (0, 8)


def test_written_basis_is_the_same(tmp_path):
    """A basis comes back byte for byte; another one differs."""
    basis, other = (
        TokenBasis.of(np.random.default_rng(seed).normal(size=(99, 70)).astype(np.float32), 64)
        for seed in range(2)
    )
    basis.write(tmp_path)
    assert TokenBasis.open(tmp_path).equals(basis)
    assert not TokenBasis.open(tmp_path).equals(other)


@pytest.mark.parametrize(
    ("n_tokens", "max_bytes", "n_directions"),
    [
        (1, 2**30, 384),
        (8 * 2**20 // 384, 2**30, 384),
        (8 * 2**20 // 384 + 1, 2**30, 128),
        (8 * 2**20 // 128 + 1, 2**30, 64),
        (10**9, 2**30, 64),
        (2**20 // 384 + 1, 2**20, 128),
    ],
)
def test_tokens_keep_as_many_dimensions_as_fit_the_room(n_tokens, max_bytes, n_directions):
    """Few tokens keep all of them, and a large corpus as few as before."""
    assert n_directions_for(n_tokens, max_bytes) == n_directions
