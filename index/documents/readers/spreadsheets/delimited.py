"""Read rows of values with commas, semicolons, tabs or bars between them."""

import csv
import io

from index.documents.model import Content
from index.documents.readers.charset import decode
from index.documents.readers.composer import Composer
from index.documents.readers.spreadsheets.rows import RowComposer

_DELIMITERS = ",;\t|"

# A sign that no text has, for a file with one value in each line.
_NONE = "\x1f"

# The beginning of a file tells what stands between its values.
_SAMPLE_CHARS = 4096


def read_delimited(data: bytes, delimiter: str | None = None) -> Content:
    """Return each row as a paragraph; there is no title.

    Args:
        data: The bytes of a file.
        delimiter: What stands between values; None to tell it by the first rows.

    Raises:
        ValueError: The bytes are not text, or a cell is too long.
    """
    decoded = decode(data)
    text = decoded.text.replace("\0", "")
    delimiter = delimiter or _delimiter(text[:_SAMPLE_CHARS])
    composer = Composer()
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        RowComposer(composer).add_rows(reader)
    except csv.Error as error:
        most = f"{csv.field_size_limit():,}"
        raise ValueError(
            f"a cell has more than {most} characters; is a quotation mark missing?"
        ) from error
    return Content(*composer.reading(), remark=decoded.remark)


def _delimiter(sample: str) -> str:
    """Return the sign that cuts the first rows into equally many cells, as many as possible.

    If most rows have no such sign, each line is one value.
    """
    lines = sample.split("\n")
    whole = "\n".join(lines[:-1] if len(lines) > 1 else lines)

    def fit(delimiter: str) -> tuple[float, int]:
        counts = [len(row) for row in csv.reader(io.StringIO(whole), delimiter=delimiter) if row]
        usual = max(set(counts), key=counts.count, default=1)
        return (counts.count(usual) / len(counts) if usual > 1 else 0.0), usual

    best = max(_DELIMITERS, key=fit)
    return best if fit(best)[1] > 1 else _NONE
