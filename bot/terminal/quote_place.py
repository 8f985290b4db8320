"""Where a quote stands in its file, as editors and terminals understand it."""

import re
from itertools import islice
from pathlib import Path

from bot.answering import Quote

# Of other formats, the lines of the file are not those of the text.
_TEXT_SUFFIXES = frozenset(
    {".txt", ".md", ".mdx", ".rst", ".adoc", ".csv", ".tsv", ".srt", ".vtt", ".html", ".htm"}
)

_WORD = re.compile(r"\w+")

# The first words of a quote are looked for; in the file, marks of the format may stand between.
_SOUGHT_WORDS = (8, 4, 2, 1)

# Of more places with the same words, the first ones are compared.
_MAX_PLACES = 1000


def place_of(quote: Quote, corpus_dir: Path) -> str:
    """Return "path:line" of the beginning of a quote; for formats without lines, the path.

    Raises:
        OSError: The file cannot be read.
    """
    path = corpus_dir / quote.source
    if path.suffix.lower() in _TEXT_SUFFIXES:
        text = path.read_bytes().decode("utf-8", "replace")
        start = _find(quote.text, text)
        if start is not None:
            return f"{path}:{text.count(chr(10), 0, start) + 1}"
    if not path.exists():
        raise FileNotFoundError(2, "No such file", str(path))
    return f"{path}, page {quote.page}" if quote.page else str(path)


def _find(quoted: str, text: str) -> int | None:
    """Return the offset at which a quote begins in its file; None if it is not found.

    Where its first words stand several times, the place counts that most of its words follow.
    """
    words = _WORD.findall(quoted)
    wanted = set(words)
    for n_words in _SOUGHT_WORDS:
        beginning = r"[\W_]{1,20}".join(map(re.escape, words[:n_words]))
        matches = re.finditer(rf"(?<!\w){beginning}(?!\w)", text)
        found = [match.start() for match in islice(matches, _MAX_PLACES)]
        if words and found:
            return max(
                found,
                key=lambda start: len(
                    wanted.intersection(_WORD.findall(text[start : start + 2 * len(quoted)]))
                ),
            )
    return None
