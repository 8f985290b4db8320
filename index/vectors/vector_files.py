"""The files of an encoder's vectors: of an index, or of a part of the passages of one."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import Rows, Vectors, map_array, new_array, write_array
from index.files import write_file
from index.vectors.models.encoder import unit
from index.vectors.token_basis import BYTE_SCALE, TokenBasis, TokenBytes

_RECORD_NAME = "encoder.json"

# The name of each array's file, its element type and its number of dimensions.
_ARRAYS = {
    "keys": (np.uint64, 1),
    "passages": (np.float32, 2),
    "lines": (np.float32, 2),
    "first_line": (np.int64, 1),
    "tokens": (np.int8, 2),
    "first_token": (np.int64, 1),
    "pieces": (np.uint32, 1),
    "line_ends": (np.int64, 1),
}


@dataclass(frozen=True, slots=True)
class EncoderRecord:
    """What made the vectors.

    Attributes:
        name: The model as the setting names it; empty for that of the package.
        model_hash: See `Encoder`.
        has_lines: Whether lines have vectors.
        has_tokens: Whether passages have token vectors.
        basis_tokens: The number of tokens that the basis was made from; 0 without token vectors.
        revision: The commit of the model on the hub; blank for a folder.
        sha256: See `ModelId`.
    """

    name: str
    model_hash: str
    has_lines: bool
    has_tokens: bool
    basis_tokens: int
    revision: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class PassageText:
    """What an encoder reads of a passage.

    Attributes:
        text: The line above the passage, if it has one, and the text.
        lines: Begin and end of each line in it: of the line above, and of each sentence.
        is_read: Whether the encoder reads its language; else its vectors are zeros.
    """

    text: str
    lines: tuple[tuple[int, int], ...]
    is_read: bool = True

    @property
    def key(self) -> int:
        """A hash of 64 bits; passages of the same key have the same vectors."""
        data = json.dumps([self.text, self.lines, *([] if self.is_read else [False])]).encode()
        return int.from_bytes(blake2b(data, digest_size=8).digest(), "big")


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """The vectors of one passage.

    Attributes:
        key: See `PassageText.key`.
        vector: Of the passage, shape (n_dimensions,).
        lines: Of its lines, shape (n_lines, n_dimensions); (0, n_dimensions) without these.
        tokens: Shape (n_tokens, 64); (0, 0) without these.
        pieces: The word piece of each token, shape (n_tokens,).
        line_ends: The position behind the last token of each line, shape (n_lines,).
    """

    key: int
    vector: Vectors
    lines: Vectors
    tokens: TokenBytes
    pieces: npt.NDArray[np.uint32]
    line_ends: npt.NDArray[np.int64]


@dataclass(frozen=True)
class VectorFiles:
    """The vectors of some passages, memory-mapped. Unit vectors are float32.

    Attributes:
        folder: The folder of the files.
        record: What made them.
        keys: The `PassageText.key` of each passage, shape (n_passages,).
        passages: Shape (n_passages, n_dimensions); zeros for a passage that the encoder does not
            read, and for its lines.
        lines: Of each line, passage by passage: the line above if there is one, then the
            sentences; shape (n_lines, n_dimensions), or (0, n_dimensions) without these.
        first_line: The number of each passage's first line, then the number of lines; shape
            (n_passages + 1,).
        tokens: Of each token, passage by passage, see `TokenBasis.to_bytes`; shape (n_tokens, 64).
        first_token: The number of each passage's first token, then the number of tokens.
        pieces: The word piece of each token.
        line_ends: For each line the position, among the tokens of its passage, behind its last
            token; shape (n_lines,).
        basis: The basis of the token vectors; None without these.
    """

    folder: Path
    record: EncoderRecord
    keys: npt.NDArray[np.uint64]
    passages: Vectors
    lines: Vectors
    first_line: npt.NDArray[np.int64]
    tokens: TokenBytes
    first_token: npt.NDArray[np.int64]
    pieces: npt.NDArray[np.uint32]
    line_ends: npt.NDArray[np.int64]
    basis: TokenBasis | None

    @classmethod
    def open(cls, folder: Path) -> "VectorFiles":
        """Map the files; OSError or ValueError if one is damaged."""
        try:
            record = EncoderRecord(**json.loads((folder / _RECORD_NAME).read_bytes()))
        except TypeError as error:
            raise ValueError(f"{_RECORD_NAME} is not whole") from error
        basis = TokenBasis.open(folder) if record.has_tokens else None
        arrays = {name: map_array(_path(folder, name), *_ARRAYS[name]) for name in _ARRAYS}
        opened = cls(folder, record, **arrays, basis=basis)
        if not opened._are_whole():
            raise ValueError("the files of its vectors do not fit together")
        return opened

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def rows(self) -> dict[int, int]:
        """The row of each key."""
        return dict(zip(self.keys.tolist(), range(len(self)), strict=True))

    def centred(self, rows: Rows) -> tuple["VectorFiles", Vectors]:
        """Return vectors whose tokens, those of some passages, are centred around their mean.

        Args:
            rows: The passages, ascending; others have no tokens in the result.

        Returns:
            The vectors; and the mean, shape (n_directions,).
        """
        positions, _ = positions_of(self.first_token, rows)
        tokens = self.tokens[positions].astype(np.float32) / BYTE_SCALE
        mean = tokens.mean(axis=0) if len(tokens) else np.zeros(tokens.shape[1], dtype=np.float32)
        counts = np.zeros(len(self), dtype=np.int64)
        counts[rows] = np.diff(self.first_token)[rows]
        return replace(
            self,
            tokens=np.rint(unit(tokens - mean) * BYTE_SCALE).astype(np.int8),
            pieces=self.pieces[positions],
            first_token=np.concatenate(([0], np.cumsum(counts))),
        ), mean

    def _are_whole(self) -> bool:
        n_passages, n_lines = len(self.keys), len(self.line_ends)
        return (
            len(self.passages) == n_passages
            and len(self.first_line) == len(self.first_token) == n_passages + 1
            and self.first_line[-1] == n_lines
            and len(self.lines) == (n_lines if self.record.has_lines else 0)
            and self.first_token[-1] == len(self.tokens) == len(self.pieces)
        )


def positions_of(
    firsts: npt.NDArray[np.int64], rows: Rows
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the positions of the parts of some rows, and where each row begins among these."""
    counts = firsts[rows + 1] - firsts[rows]
    starts = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64)
    return np.arange(counts.sum()) + np.repeat(firsts[rows] - starts, counts), starts


def write_encoded(
    folder: Path, record: EncoderRecord, basis: TokenBasis | None, encoded: Sequence[EncodedPassage]
) -> None:
    """Write the vectors of at least one passage; OSError if they cannot be written."""
    counts = {
        "first_line": [len(one.line_ends) for one in encoded],
        "first_token": [len(one.tokens) for one in encoded],
    }
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "keys": np.array([one.key for one in encoded], dtype=np.uint64),
        "passages": np.stack([one.vector for one in encoded]),
        "lines": np.concatenate([one.lines for one in encoded]),
        "tokens": np.concatenate([one.tokens for one in encoded]),
        "pieces": np.concatenate([one.pieces for one in encoded]),
        "line_ends": np.concatenate([one.line_ends for one in encoded]),
        **{name: np.concatenate(([0], np.cumsum(of))) for name, of in counts.items()},
    }
    for name, array in arrays.items():
        write_array(_path(folder, name), array.astype(_ARRAYS[name][0], copy=False))
    _write_record(folder, record, basis)


def gather(
    folder: Path,
    record: EncoderRecord,
    basis: TokenBasis | None,
    keys: Sequence[int],
    sources: Sequence[VectorFiles],
) -> None:
    """Write the vectors of passages, in order, from files that hold them.

    Args:
        folder: The folder to write to.
        record: What made the vectors; without lines those of the sources are left out.
        basis: The basis of all token vectors.
        keys: The key of each passage; each is in a source.
        sources: The files.

    Raises:
        OSError: A file cannot be written.
    """
    places = {
        key: (source, row) for source in reversed(sources) for key, row in source.rows.items()
    }
    runs = _runs([places[key] for key in keys])
    n_lines = sum(int(s.first_line[r.stop] - s.first_line[r.start]) for s, r in runs)
    n_tokens = sum(int(s.first_token[r.stop] - s.first_token[r.start]) for s, r in runs)
    n_tokens = n_tokens if record.has_tokens else 0
    n_dimensions = sources[0].passages.shape[1]
    shapes = {
        "keys": (len(keys),),
        "passages": (len(keys), n_dimensions),
        "lines": (n_lines if record.has_lines else 0, n_dimensions),
        "first_line": (len(keys) + 1,),
        "tokens": (n_tokens, basis.directions.shape[1] if basis else 0),
        "first_token": (len(keys) + 1,),
        "pieces": (n_tokens,),
        "line_ends": (n_lines,),
    }
    made = {
        name: new_array(_path(folder, name), _ARRAYS[name][0], of) for name, of in shapes.items()
    }
    row = line = token = 0
    for source, rows in runs:
        lines = slice(*source.first_line[[rows.start, rows.stop]])
        tokens = slice(*source.first_token[[rows.start, rows.stop]]) if n_tokens else slice(0, 0)
        held = slice(rows.start, rows.stop)
        ends = row + len(rows), line + lines.stop - lines.start, token + tokens.stop - tokens.start
        made["keys"][row : ends[0]] = source.keys[held]
        made["passages"][row : ends[0]] = source.passages[held]
        made["first_line"][row : ends[0]] = source.first_line[held] + (line - lines.start)
        if n_tokens:
            made["first_token"][row : ends[0]] = source.first_token[held] + (token - tokens.start)
            made["line_ends"][line : ends[1]] = source.line_ends[lines]
            made["tokens"][token : ends[2]] = source.tokens[tokens]
            made["pieces"][token : ends[2]] = source.pieces[tokens]
        if record.has_lines:
            made["lines"][line : ends[1]] = source.lines[lines]
        row, line, token = ends
    made["first_line"][row], made["first_token"][row] = line, token
    _write_record(folder, record, basis)


def _runs(places: list[tuple[VectorFiles, int]]) -> "list[tuple[VectorFiles, range]]":
    """Join places that follow each other in the same files."""
    runs: list[tuple[VectorFiles, range]] = []
    for source, row in places:
        if runs and runs[-1][0] is source and runs[-1][1].stop == row:
            runs[-1] = source, range(runs[-1][1].start, row + 1)
        else:
            runs.append((source, range(row, row + 1)))
    return runs


def _path(folder: Path, name: str) -> Path:
    return folder / f"encoder-{name.replace('_', '-')}.npy"


def _write_record(folder: Path, record: EncoderRecord, basis: TokenBasis | None) -> None:
    if basis is not None:
        basis.write(folder)
    write_file(folder / _RECORD_NAME, [json.dumps(asdict(record)).encode()])
