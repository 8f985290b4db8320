"""Write the passages of texts, and where those of each document begin."""

from array import array
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from index.arrays import write_array
from index.documents import CorpusFile
from index.passages.lookup import CHANGED_AT_NAME, FIRST_ROWS_NAME
from index.passages.passage_file import EncodedPassages, PassageWriter


class SplitText(Protocol):
    """A text whose passages are to be written."""

    @property
    def file(self) -> CorpusFile:
        """Its file."""

    @property
    def passages(self) -> EncodedPassages:
        """Its passages."""


T = TypeVar("T", bound=SplitText)


def write_passages(folder: Path, texts: Generator[T, None, None]) -> Generator[T, None, None]:
    """Write the passages of each text as it comes, and hand the text on.

    `PassageLines` opens what is written, and `PassageLookup` what is written after the last text:
    where each document begins.

    Raises:
        OSError: A file cannot be written.
    """
    first_rows, changed_at_s = array("q", [0]), array("q")
    with closing(texts), PassageWriter(folder) as writer:
        for text in texts:
            for line, n_sentences in text.passages:
                writer.add(line, n_sentences)
            first_rows.append(len(writer))
            changed_at_s.append(text.file.mtime_ns // 10**9)
            yield text
        writer.finish()
    for name, values in ((FIRST_ROWS_NAME, first_rows), (CHANGED_AT_NAME, changed_at_s)):
        write_array(folder / name, np.array(values, dtype=np.int64))
