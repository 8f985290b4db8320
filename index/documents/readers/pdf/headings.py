"""Find the headings of a PDF by the size and the weight of their letters."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from index.documents.readers.pdf.layout import Line, Words, joined

# A heading is at least so much higher than the text, and shorter than a paragraph.
_MIN_RATIO = 1.18
_MAX_HEADING_CHARS = 200

# A heading in bold letters may be as high as the text.
_MIN_BOLD_RATIO = 0.95
_MAX_BOLD_CHARS = 120
_MAX_BOLD_LINES = 2

# More lines of other sizes, and more bold letters, are a design, not headings.
_MAX_SHARE = 0.2

_MAX_LEVELS = 4

# Lines of one heading are at most so far apart, relative to their height.
_MAX_DISTANCE = 2.0

_SECTION_NUMBER = re.compile(r"(?:[\dA-Z]{1,3}(?:\.\d{1,3})*|[IVXLC]+)[.:)]?")
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)|tab(?:le|elle|leau|\.)|listing|example|abb(?:ildung|\.))\s?\d", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_\u02b0-\u02ff\U0001d400-\U0001d7ff]{2}|[\u3040-\u30ff\u4e00-\u9fff]")
_NO_BEGINNING = (",", ".", ";", ":", ")", "]")
_ENDS_SENTENCE = (".", ";", ",")
_ENDS_LABEL = (*_ENDS_SENTENCE, ":")


@dataclass(frozen=True, slots=True)
class SizedHeading:
    """A heading: its level from 1, its text, and the lines that it stands in."""

    level: int
    text: str
    lines: tuple[Line, ...]


def find_headings(
    pages: Iterable[Sequence[Line]], *, only_bold: bool = False
) -> list[SizedHeading]:
    """Return the headings in order; the largest letters are the highest level.

    Args:
        pages: The lines of each page.
        only_bold: Whether larger letters alone make no heading, as where an outline names others.
    """
    lines = [line for page in pages for line in page if not line.form and not line.is_turned]
    text_size = text_size_of(lines)
    larger = [line for line in lines if _size(line) >= text_size * _MIN_RATIO]
    is_design = len(larger) > max(1, len(lines) * _MAX_SHARE)
    has_bold = 0 < _share_of_bold(lines) <= _MAX_SHARE
    found = [
        run
        for run in _runs(lines)
        if (_size(run[0]) >= text_size * _MIN_RATIO and not is_design and not only_bold)
        or (has_bold and _is_bold_heading(run, text_size))
    ]
    found = [run for run in found if _is_heading(run)]
    words = Words(lines)
    styles = sorted({_style(run[0]) for run in found}, reverse=True)
    return [
        SizedHeading(
            min(styles.index(_style(run[0])) + 1, _MAX_LEVELS),
            _text_of(run, words),
            tuple(run),
        )
        for run in found
    ]


def _text_of(run: Sequence[Line], words: Words) -> str:
    parts = [run[0].text]
    for line in run[1:]:
        parts[-1:] = joined(parts[-1], line.text, words)
    return "".join(parts).replace("\n", " ")


def text_size_of(lines: Iterable[Line]) -> float:
    """Return the size in which most characters are."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[_size(line)] += len(line.text)
    return max(counts, key=lambda size: counts[size], default=0.0)


def _share_of_bold(lines: Sequence[Line]) -> float:
    n_bold = sum(len(line.text) for line in lines if line.is_bold)
    return n_bold / max(1, sum(len(line.text) for line in lines))


def _size(line: Line) -> float:
    return round(line.height * 2) / 2


def _style(line: Line) -> tuple[float, bool]:
    return _size(line), line.is_bold


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield lines of the same style that follow each other closely."""
    for _, some in groupby(lines, key=lambda line: (_style(line), line.page)):
        run: list[Line] = []
        for line in some:
            if run and not 0 < run[-1].bottom - line.bottom <= _MAX_DISTANCE * line.height:
                yield run
                run = []
            run.append(line)
        yield run


def _is_bold_heading(run: Sequence[Line], text_size: float) -> bool:
    text = " ".join(line.text for line in run)
    return (
        run[0].is_bold
        and _size(run[0]) >= text_size * _MIN_BOLD_RATIO
        and len(run) <= _MAX_BOLD_LINES
        and len(text) <= _MAX_BOLD_CHARS
        and not text.endswith(_ENDS_LABEL)
        and all(map(_is_one_text, run))
    )


def _is_one_text(line: Line) -> bool:
    """Return whether a line is no row of names; the number of a section may stand apart."""
    first, *others = line.chunks or (None,)
    return not others or (
        len(others) == 1 and first is not None and bool(_SECTION_NUMBER.fullmatch(first.text))
    )


def _is_heading(run: Sequence[Line]) -> bool:
    text = " ".join(line.text for line in run)
    is_sentence = text.endswith(_ENDS_SENTENCE) and len(run) > 1
    has_word = bool(_LETTERS.search(text)) and "@" not in text
    has_word = has_word and not text.startswith(_NO_BEGINNING)
    is_short = len(text) <= _MAX_HEADING_CHARS
    return has_word and is_short and not is_sentence and not _CAPTION.match(text)
