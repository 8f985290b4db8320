"""Store passages as lines of a file, and read single passages back."""

import json
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import accumulate, islice
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.arrays import map_array, write_array
from index.documents.model import Mark
from index.errors import IndexUnusableError
from index.passages.passage import Passage, Sentence, line_above

_LINES = "passages.jsonl"
CHECKSUMS_NAME = "passage-checksums.npy"
_ARRAYS = "passage-starts.npy", CHECKSUMS_NAME, "first-sentences.npy"
_KINDS = np.int64, np.uint32, np.int64
_FIRST_COPIES = "first-copies.npy"
_HASHES = "passage-hashes.npy"

# Positions of some fields in the JSON of a line.
_SECTION, _TEXT, _SPANS, _LEAD_IN, _LANGUAGE = 2, 6, 7, 13, -1

# Rows that are copied at a time; to hold their numbers takes some megabytes.
_MAX_COPIED_ROWS = 50_000

# Enough to keep the passages of an article decoded; they take a few megabytes.
MAX_DECODED = 1_000


class PassagePlace(Protocol):
    """What lookups and headings read of a passage; see `Passage`."""

    @property
    def source(self) -> str:
        """The document."""

    @property
    def title(self) -> str:
        """The document's title."""

    @property
    def section(self) -> str | None:
        """The headings above it."""

    @property
    def paragraph(self) -> int:
        """Its first block."""

    @property
    def paragraph_end(self) -> int:
        """Its last block."""

    @property
    def url(self) -> str | None:
        """The address of the text."""

    @property
    def language(self) -> str:
        """The language that it is read in."""


class PassageLines:
    """The passages of an index by row; a passage is decoded from its line on access.

    Threads may share it.
    """

    def __init__(
        self,
        index_dir: Path,
        data: npt.NDArray[np.uint8],
        starts: npt.NDArray[np.int64],
        checksums: npt.NDArray[np.uint32],
    ) -> None:
        """Read from arrays, which may be memory-mapped.

        Args:
            index_dir: The folder that errors name.
            data: The bytes of all lines.
            starts: The offset of each line, then the end of the last; shape (n_passages + 1,).
            checksums: The CRC-32 of each line; shape (n_passages,).
        """
        self._checksums = checksums
        # Not a method: its cache would hold a reference to this object and keep it alive.
        self._line = partial(_line, index_dir, data, starts, checksums)
        self._decoded = lru_cache(maxsize=MAX_DECODED)(partial(_decode, self._line))

    @classmethod
    def open(cls, folder: Path) -> tuple["PassageLines", npt.NDArray[np.int64]]:
        """Open the files that a `PassageWriter` wrote.

        Returns:
            The passages, and the number of each passage's first sentence, counted over all
            passages from 0, then the number of sentences; shape (n_passages + 1,).

        Raises:
            OSError: A file cannot be read.
            ValueError: A file is empty or not an array.
        """
        starts, checksums, first_sentences = (
            map_array(folder / name, kind) for name, kind in zip(_ARRAYS, _KINDS, strict=True)
        )
        data = np.asarray(np.memmap(folder / _LINES, dtype=np.uint8, mode="r"))
        return cls(folder.parent, data, starts, checksums), first_sentences

    def __len__(self) -> int:
        return len(self._checksums)

    def __getitem__(self, row: int) -> Passage:
        """Return a passage.

        Raises:
            IndexError: There is no such row.
            IndexUnusableError: Its line is not the one that was written.
        """
        if not 0 <= row < len(self):
            raise IndexError(row)
        return self._decoded(int(row))

    def __iter__(self) -> Iterator[Passage]:
        return map(partial(_decode, self._line), range(len(self)))

    def place(self, row: int) -> PassagePlace:
        """Return what lookups and headings read of a passage; raises like `[]`."""
        return self[row]

    def read_ahead(self, rows: Iterable[int]) -> None:
        """Prepare to read some passages; a cluster sends them together."""

    def text_with_lines(self, row: int) -> tuple[str, tuple[tuple[int, int], ...], str]:
        """Return the text of a passage with the line above it, its lines, and its language.

        The lines are begin and end of the line above, if there is one, and of each sentence.
        Raises like `[]`.
        """
        fields = json.loads(self._line(row))
        text, spans = fields[_TEXT], [(start, end) for start, end, _ in fields[_SPANS]]
        above = line_above(fields[_SECTION], fields[_LEAD_IN])
        if not above:
            return text, tuple(spans), fields[_LANGUAGE]
        moved = len(above) + 1
        lines = ((0, len(above)), *((start + moved, end + moved) for start, end in spans))
        return f"{above}\n{text}", lines, fields[_LANGUAGE]

    def line(self, row: int) -> bytes:
        """Return a passage's line as it was written; raises like `[]`."""
        return self._line(row)


def _line(
    index_dir: Path,
    data: npt.NDArray[np.uint8],
    starts: npt.NDArray[np.int64],
    checksums: npt.NDArray[np.uint32],
    row: int,
) -> bytes:
    line = data[starts[row] : starts[row + 1]].tobytes()
    if zlib.crc32(line) != checksums[row]:
        raise IndexUnusableError(index_dir, f"the text of passage {row} is corrupt")
    return line


def _decode(line: Callable[[int], bytes], row: int) -> Passage:
    return from_line(line(row))


@dataclass(frozen=True, slots=True)
class EncodedPassages:
    """The passages of a document, in order.

    Attributes:
        lines: Each as a line.
        n_sentences: The number of sentences of each.
        hashes: The `shown_hash` of each.
    """

    lines: list[bytes]
    n_sentences: list[int]
    hashes: list[int]

    @classmethod
    def of(cls, passages: Iterable[Passage]) -> "EncodedPassages":
        """Encode passages, in order."""
        held = list(passages)
        n_sentences = [len(passage.sentences) for passage in held]
        return cls(list(map(to_line, held)), n_sentences, [one.shown_hash for one in held])


@dataclass(frozen=True, slots=True)
class WrittenPassages:
    """The files of a `PassageWriter`, from which passages are copied without being decoded.

    Attributes:
        index_dir: The folder that errors name.
        data: The bytes of all lines.
        starts: The offset of each line, then the end of the last; shape (n_passages + 1,).
        checksums: The CRC-32 of each line; shape (n_passages,).
        first_sentences: See `PassageLines.open`; shape (n_passages + 1,).
        hashes: The `shown_hash` of each passage; shape (n_passages,).
    """

    index_dir: Path
    data: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]
    checksums: npt.NDArray[np.uint32]
    first_sentences: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.int64]

    @classmethod
    def open(cls, folder: Path) -> "WrittenPassages":
        """Open the files of a build; raises OSError or ValueError as `PassageLines.open` does."""
        starts, checksums, first_sentences = (
            map_array(folder / name, kind) for name, kind in zip(_ARRAYS, _KINDS, strict=True)
        )
        data = np.asarray(np.memmap(folder / _LINES, dtype=np.uint8, mode="r"))
        hashes = map_array(folder / _HASHES, np.int64)
        return cls(folder.parent, data, starts, checksums, first_sentences, hashes)

    def lines(self, rows: range) -> memoryview:
        """Return the lines of consecutive passages.

        Raises:
            IndexUnusableError: One of them is not the line that was written.
        """
        starts = self.starts[rows.start : rows.stop + 1].tolist()
        lines = self.data.data[starts[0] : starts[-1]]
        checksums = self.checksums[rows.start : rows.stop].tolist()
        for row, start, end, checksum in zip(rows, starts, starts[1:], checksums, strict=False):
            if zlib.crc32(lines[start - starts[0] : end - starts[0]]) != checksum:
                raise IndexUnusableError(self.index_dir, f"the text of passage {row} is corrupt")
        return lines


class PassageWriter:
    """Writes the lines of passages and what is known of each, see `EncodedPassages`."""

    def __init__(self, folder: Path) -> None:
        """Create the files; this and the methods raise OSError if they cannot be written."""
        self._folder = folder
        self._stream = (folder / _LINES).open("xb")
        self._starts, self._checksums, self._sentences = (
            array("q", [0]),
            array("I"),
            array("q", [0]),
        )
        self._hashes = array("q")
        # What `copy` was called with and has not written yet.
        self._former: WrittenPassages | None = None
        self._copied = range(0)

    def __enter__(self) -> "PassageWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def __len__(self) -> int:
        return len(self._checksums) + len(self._copied)

    def add(self, passages: EncodedPassages) -> None:
        """Write passages."""
        self._write_copied()
        self._stream.write(b"".join(passages.lines))
        for counted, counts in (
            (self._starts, map(len, passages.lines)),
            (self._sentences, passages.n_sentences),
        ):
            counted.extend(islice(accumulate(counts, initial=counted[-1]), 1, None))
        self._checksums.extend(map(zlib.crc32, passages.lines))
        self._hashes.extend(passages.hashes)

    def copy(self, former: WrittenPassages, rows: range) -> None:
        """Write consecutive passages of another build, together with those that follow them there.

        So they may be written by a later call only.

        Raises:
            IndexUnusableError: One of the lines that are written is corrupt.
        """
        held = self._copied
        if held.stop == rows.start and len(held) < _MAX_COPIED_ROWS and former is self._former:
            self._copied = range(held.start, rows.stop)
        else:
            self._write_copied()
            self._former, self._copied = former, rows

    def _write_copied(self) -> None:
        """Write the passages that are still to be copied, if there are any."""
        former = self._former
        if former is None:
            return
        rows, self._former, self._copied = self._copied, None, range(0)
        first, last = rows.start, rows.stop
        self._stream.write(former.lines(rows))
        for counted, other in (
            (self._starts, former.starts),
            (self._sentences, former.first_sentences),
        ):
            moved = other[first + 1 : last + 1] + (counted[-1] - other[first])
            counted.frombytes(moved.tobytes())
        self._checksums.frombytes(former.checksums[first:last].tobytes())
        self._hashes.frombytes(former.hashes[first:last].tobytes())

    def finish(self) -> None:
        """Write the arrays; call it once, after the last passage."""
        self._write_copied()
        self._stream.flush()
        held = self._starts, self._checksums, self._sentences
        for name, kind, values in zip(_ARRAYS, _KINDS, held, strict=True):
            write_array(self._folder / name, np.array(values, dtype=kind))
        hashes = np.array(self._hashes, dtype=np.int64)
        write_array(self._folder / _HASHES, hashes)
        _, firsts, copied = np.unique(hashes, return_index=True, return_inverse=True)
        write_array(self._folder / _FIRST_COPIES, firsts[copied].astype(np.int64))


def open_first_copies(folder: Path) -> npt.NDArray[np.int64]:
    """Return for each passage the row of the first one that reads the same; mostly its own.

    Raises:
        OSError: The file of the `PassageWriter` cannot be read.
        ValueError: It is no array.
    """
    return map_array(folder / _FIRST_COPIES, np.int64)


def to_line(passage: Passage) -> bytes:
    """Return a passage as a line of JSON."""
    sentences = [[s.start, s.end, " ".join(s.words)] for s in passage.sentences]
    fields = [
        passage.source,
        passage.title,
        passage.section,
        passage.paragraph,
        passage.page if passage.time is None else passage.time,  # no text has both
        passage.start,
        passage.text,
        sentences,
        " ".join(passage.introduced),
        " ".join(passage.completed),
        passage.url,
        passage.n_blocks,
        [[mark.kind, mark.start, mark.end, mark.value] for mark in passage.marks],
        passage.lead_in,
        passage.header,
        passage.blocks,
        passage.date,
        passage.language,
    ]
    return json.dumps(fields).encode() + b"\n"


def from_line(line: bytes) -> Passage:
    """Return the passage that `to_line` made this line of."""
    first, rest = (fields := json.loads(line))[:7], fields[7:]
    source, title, section, paragraph, page_or_time, start, text = first
    time = page_or_time if isinstance(page_or_time, str) else None
    spans, introduced, completed, url, n_blocks, marks, lead_in, header, blocks, date, language = (
        rest
    )
    sentences = tuple(
        Sentence(a, b, tuple(words.split(" ") if words else ())) for a, b, words in spans
    )
    return Passage(
        source,
        title,
        section,
        paragraph,
        None if time else page_or_time,
        start,
        text,
        sentences,
        tuple(introduced.split()),
        tuple(completed.split()),
        url,
        n_blocks,
        tuple(Mark(*mark) for mark in marks),
        lead_in,
        header,
        tuple((number, fingerprint) for number, fingerprint in blocks),
        date,
        language,
        time,
    )
