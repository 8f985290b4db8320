"""Write the passages of texts, and the first row of each document."""

from array import array
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import numpy as np

from index.arrays import write_array
from index.documents import CorpusFile
from index.passages.lookup import CHANGED_AT_NAME, FIRST_ROWS_NAME
from index.passages.passage_file import PassageWriter
from index.passages.split_text import CopiedText, SplitText


def write_passages(
    folder: Path, texts: Generator[tuple[CorpusFile, SplitText | CopiedText], None, None]
) -> Generator[SplitText | CopiedText, None, None]:
    """Write the passages of each text when the caller asks for the text, then yield the text.

    `PassageLines` opens the passages. `PassageLookup` opens the first row of each document, which
    is written after the last text.

    Args:
        folder: The folder of the build.
        texts: Each text with its file, in the order of the files.

    Raises:
        OSError: A file cannot be written.
        IndexUnusableError: A passage of the former index is corrupt.
    """
    first_rows, changed_at_s = array("q", [0]), array("q")
    with closing(texts), PassageWriter(folder) as writer:
        for file, text in texts:
            if isinstance(text, CopiedText):
                writer.copy(text.former, text.rows)
            else:
                writer.add(text.passages)
            first_rows.append(len(writer))
            changed_at_s.append(file.mtime_ns // 10**9)
            yield text
        writer.finish()
    for name, values in ((FIRST_ROWS_NAME, first_rows), (CHANGED_AT_NAME, changed_at_s)):
        write_array(folder / name, np.array(values, dtype=np.int64))
