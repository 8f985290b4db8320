"""Reduce token vectors to fewer dimensions, of one byte each."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import Vectors, map_array, write_array
from index.vectors.models.encoder import unit

TokenBytes = npt.NDArray[np.int8]

# With 64 dimensions ranking all passages loses nothing against 384, with 32 it loses 1 to 6 points.
# Those of some passages differ in other directions: an FAQ and a manual in one index, asked each in
# its scope, lose 6 points with 64, 3 with 128 and none with 384 (30 November 2026). So the tokens
# keep as many dimensions as fit the room; they are compared as fast as those of 1,300 passages.
FEWEST_DIRECTIONS = 64
_N_DIRECTIONS = (384, 128, FEWEST_DIRECTIONS)
_ROOM_BYTES = 8 * 2**20

# Tokens that a basis is made from; more change nothing that can be measured.
ENOUGH_TOKENS = 4_000

# The largest value of a byte: a unit vector's coordinate of 1.
BYTE_SCALE = 127

_MEAN_NAME, _DIRECTIONS_NAME = "encoder-token-mean.npy", "encoder-token-directions.npy"


def n_directions_for(n_tokens: float, max_bytes: int) -> int:
    """Return how many dimensions each of some tokens keeps, where all may take so many bytes."""
    room = min(_ROOM_BYTES, max_bytes)
    return next((n for n in _N_DIRECTIONS if n * n_tokens <= room), FEWEST_DIRECTIONS)


@dataclass(frozen=True, slots=True)
class TokenBasis:
    """The directions in which the token vectors of a corpus differ most.

    Attributes:
        mean: The mean of the tokens that it was made from, shape (n_dimensions,).
        directions: Orthonormal columns, shape (n_dimensions, n_directions).
    """

    mean: Vectors
    directions: Vectors

    @classmethod
    def of(cls, tokens: Vectors, n_directions: int) -> "TokenBasis":
        """Make the basis of at least one token vector: principal components.

        It has fewer directions if the vectors have fewer dimensions.
        """
        mean = tokens.mean(axis=0)
        centred = tokens - mean
        _, directions = np.linalg.eigh(centred.T @ centred)  # by rising variance
        kept = directions[:, ::-1][:, :n_directions]
        return cls(mean.astype(np.float32), np.ascontiguousarray(kept, dtype=np.float32))

    @classmethod
    def open(cls, folder: Path) -> "TokenBasis":
        """Open the files that `write` wrote; OSError or ValueError if one is damaged."""
        mean = map_array(folder / _MEAN_NAME, np.float32)
        return cls(mean, map_array(folder / _DIRECTIONS_NAME, np.float32, 2))

    @property
    def n_directions(self) -> int:
        """The number of dimensions that tokens keep."""
        return int(self.directions.shape[1])

    def write(self, folder: Path) -> None:
        """Write the basis; OSError if it cannot be written."""
        write_array(folder / _MEAN_NAME, self.mean)
        write_array(folder / _DIRECTIONS_NAME, self.directions)

    def project(self, tokens: Vectors) -> Vectors:
        """Return unit vectors of token vectors, shape (n_tokens, n_directions)."""
        projected: Vectors = np.matmul(tokens - self.mean, self.directions)
        return unit(projected)

    def to_bytes(self, tokens: Vectors) -> TokenBytes:
        """Return the vectors of `project` times 127, rounded."""
        return np.rint(self.project(tokens) * BYTE_SCALE).astype(np.int8)

    def equals(self, other: "TokenBasis") -> bool:
        """Return whether both are the same, byte for byte."""
        return np.array_equal(self.mean, other.mean) and np.array_equal(
            self.directions, other.directions
        )
