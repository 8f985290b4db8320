"""The documents of the passages of a build: what finds them, what scores them, what is quoted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from index.arrays import map_array
from index.cluster.documents.binary import to_text
from index.cluster.documents.passage_words import as_frequencies, encode, words_of_passages
from index.cluster.documents.schema import DOCUMENT, LINE, ROW, WORDS
from index.lexical.fields import FIELDS
from index.lexical.postings import Postings
from index.passages.lookup import FIRST_ROWS_NAME
from index.passages.passage_file import PassageLines


def passage_documents(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield id and content of the document of each passage of a build, in order.

    Raises:
        OSError: A file cannot be read.
        ValueError: A file is not an array.
        IndexUnusableError: The line of a passage is corrupt.
    """
    lines, _ = PassageLines.open(folder)
    first_rows = map_array(folder / FIRST_ROWS_NAME, np.int64)
    documents = np.repeat(np.arange(len(first_rows) - 1), np.diff(first_rows)).tolist()
    largest = [Postings.open(folder / field.name).largest for field in FIELDS]
    for row, words in enumerate(words_of_passages(folder)):
        searched = {
            field.name: as_frequencies(of_field, most)
            for field, of_field, most in zip(FIELDS, words, largest, strict=True)
            if len(of_field.term_ids)
        }
        yield (
            str(row),
            {
                ROW: row,
                DOCUMENT: documents[row],
                **searched,
                WORDS: to_text(encode(words)),
                LINE: to_text(lines.line(row)),
            },
        )
