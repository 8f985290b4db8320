"""A table of where each passage stands, so that no passage is fetched to find another one."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import map_array, write_array
from index.passages.lookup import FIRST_ROWS_NAME
from index.passages.passage_file import PassageLines

_PARAGRAPHS, _ENDS, _HEADINGS = (
    "places-paragraphs.npy",
    "places-paragraph-ends.npy",
    "places-headings.npy",
)
_TEXTS, _DOCUMENTS = "places-headings.json", "places-documents.json"

PLACE_FILES = (_PARAGRAPHS, _ENDS, _HEADINGS, _TEXTS, _DOCUMENTS)

_Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands; the attributes are those of `Passage`."""

    source: str
    title: str
    section: str | None
    paragraph: int
    paragraph_end: int
    url: str | None
    language: str


class PassagePlaces:
    """The places of all passages. Threads may share it."""

    def __init__(
        self,
        first_rows: npt.NDArray[np.int64],
        arrays: tuple[_Numbers, _Numbers, _Numbers],
        headings: list[tuple[str, str | None, str]],
        documents: list[tuple[str, str | None]],
    ) -> None:
        """Use the tables.

        Args:
            first_rows: The row of each document's first passage, then the number of rows.
            arrays: Of each passage the first and last paragraph, and the number of its headings.
            headings: Each distinct title, section and language.
            documents: Source and address of each document.
        """
        self._first_rows = first_rows
        self._paragraphs, self._ends, self._headings_of = arrays
        self._headings = headings
        self._documents = documents

    @classmethod
    def open(cls, folder: Path) -> "PassagePlaces":
        """Open the files of `write_places`; OSError or ValueError if one is damaged."""
        paragraphs, ends, of_rows = (
            map_array(folder / name, np.int32) for name in (_PARAGRAPHS, _ENDS, _HEADINGS)
        )
        headings = [tuple(one) for one in json.loads((folder / _TEXTS).read_bytes())]
        documents = [tuple(one) for one in json.loads((folder / _DOCUMENTS).read_bytes())]
        first_rows = map_array(folder / FIRST_ROWS_NAME, np.int64)
        return cls(first_rows, (paragraphs, ends, of_rows), headings, documents)

    def document_of(self, row: int) -> int:
        """Return the position of a passage's document."""
        return int(self._first_rows.searchsorted(row, side="right")) - 1

    def documents_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the positions of the documents of passages."""
        return self._first_rows.searchsorted(rows, side="right") - 1

    def __getitem__(self, row: int) -> Place:
        """Return the place of a passage; IndexError if there is no such row."""
        source, url = self._documents[self.document_of(row)]
        title, section, language = self._headings[self._headings_of[row]]
        paragraph, end = int(self._paragraphs[row]), int(self._ends[row])
        return Place(source, title, section, paragraph, end, url, language)


def write_places(folder: Path, build_folder: Path) -> None:
    """Write the places of a build's passages to another folder; OSError if that is impossible."""
    passages, _ = PassageLines.open(build_folder)
    first_rows = map_array(build_folder / FIRST_ROWS_NAME, np.int64)
    paragraphs, ends, of_rows = (np.empty(len(passages), dtype=np.int32) for _ in range(3))
    headings: dict[tuple[str, str | None, str], int] = {}
    documents: dict[str, str | None] = {}
    for row, passage in enumerate(passages):
        key = (passage.title, passage.section, passage.language)
        of_rows[row] = headings.setdefault(key, len(headings))
        paragraphs[row], ends[row] = passage.paragraph, passage.paragraph_end
        documents.setdefault(passage.source, passage.url)
    if len(documents) != len(first_rows) - 1:
        raise ValueError("two documents have the same source")
    for name, array in ((_PARAGRAPHS, paragraphs), (_ENDS, ends), (_HEADINGS, of_rows)):
        write_array(folder / name, array)
    (folder / _TEXTS).write_text(json.dumps(list(headings)), encoding="utf-8")
    (folder / _DOCUMENTS).write_text(json.dumps(list(documents.items())), encoding="utf-8")
