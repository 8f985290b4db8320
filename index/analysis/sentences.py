"""Find the sentences of a paragraph, as character offsets."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer


# Abbreviations that do not end a sentence, as Punkt expects them: lower case, no final dot.
# Titles, ranks, months, company forms and Latin short forms of general English.
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms mx dr prof rev fr sr jr st hon pres gov sen rep amb atty supt
    gen lt maj col capt cmdr adm brig sgt cpl pvt pfc
    jan feb mar apr jun jul aug sep sept oct nov dec
    inc ltd co corp bros dept univ assn est
    vs etc e.g i.e cf al viz approx ca fig figs vol nos pp ed eds ch sec art
    u.s u.s.a u.k u.n e.u d.c c.i.a f.b.i a.m p.m b.c a.d ph.d m.d b.a m.a
    """.split()
)

# An abbreviation followed by one of these words ends a sentence ("... in the U.S. He left.").
_SENTENCE_STARTERS = frozenset(
    "he she it they we i you the this that these those but and however in on at when while "
    "after before although there his her its their as if for".split()
)

_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]")
_MAX_ENUMERATOR_CHARS = len("(xviii)")

# Punkt takes 33 us for each final mark (2 cores, nltk 3.10). Lines up to this length are passed to
# it as a whole; no prose has longer ones.
_MAX_PIECE_CHARS = 20_000
_PIECE = re.compile(rf"\S.{{0,{_MAX_PIECE_CHARS - 1}}}(?!\S)|\S+")

# A piece longer than `_MAX_NOISE_CHARS` with a final mark more often than every
# `_MIN_CHARS_PER_MARK` characters is a table or noise, on which Punkt would spend seconds.
_MAX_NOISE_CHARS = 1_000
_MIN_CHARS_PER_MARK = 12
_MARK = re.compile(r"[.?!](?!\S)")

# A lower-case word that is not an abbreviation, a final mark and a capital: with fixed parameters
# Punkt always ends a sentence there, so it need not be called. It takes 100 us for a sentence, this
# check takes 1.
_MARK_AND_CAPITAL = re.compile(r"[.?!]\s+(?=[A-Z])")
_PLAIN_WORD = re.compile(r"(?<![\w.'\u2019-])[a-z]{2,}\Z")


@cache
def _splitter() -> "PunktSentenceTokenizer":
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer  # it takes 0.25 s

    parameters = PunktParameters()
    parameters.abbrev_types = set(_ABBREVIATIONS)
    parameters.sent_starters = set(_SENTENCE_STARTERS)
    return PunktSentenceTokenizer(parameters)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of `text` as half-open character offsets, in order.

    Punkt (Kiss & Strunk 2006) with fixed abbreviations: "Mr.", "Gen." and "U.S." do not end a
    sentence, and no trained model is needed. Sentences do not extend over lines, and an enumerator
    ("2.") belongs to the sentence after it. Only white space lies outside the spans.
    """
    spans: list[tuple[int, int]] = []
    line_start = 0
    for line in text.split("\n"):
        spans.extend(_line_sentences(line, line_start))
        line_start += len(line) + 1
    return spans


def ends_sentence(text: str) -> bool:
    """Return whether `text` ends with a final mark; closing quotes and brackets may follow it."""
    if text.endswith("."):
        return True
    return text.rstrip().rstrip("\"')]}\u2019\u201d\u00bb").endswith((".", "!", "?", "\u2026"))


def is_abbreviation(word: str) -> bool:
    """Return whether `word`, with its final dot, is an abbreviation such as "Inc." or "Jr."."""
    return word.endswith(".") and word[:-1].lower() in _ABBREVIATIONS


def _line_sentences(line: str, offset: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    enumerator_start: int | None = None
    for start, end in _pieces_sentences(line):
        if enumerator_start is not None:
            start, enumerator_start = enumerator_start, None
        if end - start <= _MAX_ENUMERATOR_CHARS and _ENUMERATOR.fullmatch(line, start, end):
            enumerator_start = start
            continue
        spans.append((offset + start, offset + end))
    if enumerator_start is not None:
        spans.append((offset + enumerator_start, offset + len(line.rstrip())))
    return spans


def _pieces_sentences(line: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a line; a very long line is first split at white space."""
    if len(line) <= _MAX_PIECE_CHARS:
        yield from _punkt_sentences(line, 0)
        return
    for piece in _PIECE.finditer(line):
        yield from _punkt_sentences(piece[0], piece.start())


def _punkt_sentences(piece: str, offset: int) -> list[tuple[int, int]]:
    """Return the sentences of a piece by Punkt; the whole piece as one if Punkt fails on it."""
    if not _is_noise(piece):
        try:
            return list(_sentences_between_plain_ends(piece, offset))
        except TimeoutError:  # from nltk 3.10 on, after 5 s with one regular expression
            pass
    return _whole(piece, offset)


def _sentences_between_plain_ends(piece: str, offset: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences that Punkt finds in the piece, calling it only between plain ends."""
    start = after_mark = 0
    for mark in _MARK_AND_CAPITAL.finditer(piece):
        word_from = max(after_mark, piece.rfind(" ", after_mark, mark.start()) + 1)
        word = _PLAIN_WORD.search(piece, word_from, mark.start())
        after_mark = mark.end()
        if word and word[0] not in _ABBREVIATIONS:
            yield from _between(piece[start : mark.start() + 1], offset + start)
            start = after_mark
    yield from _between(piece[start:], offset + start)


def _between(text: str, offset: int) -> list[tuple[int, int]]:
    inner = text[:-1]
    if "." in inner or "?" in inner or "!" in inner:
        return [(offset + a, offset + b) for a, b in _splitter().span_tokenize(text)]
    return _whole(text, offset)


def _whole(text: str, offset: int) -> list[tuple[int, int]]:
    """Return the text as one span without white space around it; empty if nothing is left."""
    stripped = text.strip()
    start = offset + text.find(stripped)
    return [(start, start + len(stripped))] if stripped else []


def _is_noise(piece: str) -> bool:
    if len(piece) <= _MAX_NOISE_CHARS:
        return False
    if len(piece) > _MAX_PIECE_CHARS:  # one word
        return True
    return len(_MARK.findall(piece)) * _MIN_CHARS_PER_MARK > len(piece)
