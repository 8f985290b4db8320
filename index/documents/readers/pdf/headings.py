"""Find the headings of a PDF without an outline by the size of their letters."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from index.documents.readers.pdf.layout import Line

# A heading is at least so much higher than the text, and shorter than a paragraph.
_MIN_RATIO = 1.18
_MAX_HEADING_CHARS = 200

# More lines of other sizes are a design, not headings.
_MAX_SHARE = 0.2

_MAX_LEVELS = 4

# Lines of one heading are at most so far apart, relative to their height.
_MAX_DISTANCE = 2.0


@dataclass(frozen=True, slots=True)
class SizedHeading:
    """A heading: its level from 1, its text, and the lines that it stands in."""

    level: int
    text: str
    lines: tuple[Line, ...]


def find_headings(pages: Iterable[Sequence[Line]]) -> list[SizedHeading]:
    """Return the headings in order; the largest letters are the highest level."""
    lines = [line for page in pages for line in page if not line.table]
    text_size = _text_size(lines)
    larger = [line for line in lines if _size(line) >= text_size * _MIN_RATIO]
    if not larger or len(larger) > max(1, len(lines) * _MAX_SHARE):
        return []
    found = [run for run in _runs(lines, text_size * _MIN_RATIO) if _is_heading(run)]
    sizes = sorted({_size(run[0]) for run in found}, reverse=True)
    return [
        SizedHeading(
            min(sizes.index(_size(run[0])) + 1, _MAX_LEVELS),
            " ".join(line.text for line in run),
            tuple(run),
        )
        for run in found
    ]


def _text_size(lines: Iterable[Line]) -> float:
    """Return the size in which most characters are."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[_size(line)] += len(line.text)
    return max(counts, key=lambda size: counts[size], default=0.0)


def _size(line: Line) -> float:
    return round(line.height * 2) / 2


def _runs(lines: Sequence[Line], min_size: float) -> Iterator[list[Line]]:
    """Yield lines of the same large size that follow each other closely."""
    for (size, _), some in groupby(lines, key=lambda line: (_size(line), line.page)):
        if size < min_size:
            continue
        run: list[Line] = []
        for line in some:
            if run and not 0 < run[-1].bottom - line.bottom <= _MAX_DISTANCE * line.height:
                yield run
                run = []
            run.append(line)
        yield run


def _is_heading(run: Sequence[Line]) -> bool:
    text = " ".join(line.text for line in run)
    is_sentence = text.endswith((".", ";", ",")) and len(run) > 1
    has_word = any(map(str.isalpha, text)) and len(text) > 1
    return has_word and len(text) <= _MAX_HEADING_CHARS and not is_sentence
