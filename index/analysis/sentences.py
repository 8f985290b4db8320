"""Find the sentences of a paragraph, as character offsets."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from index.analysis.languages.abbreviations import WRITES_ORDINALS, abbreviations_of
from index.analysis.languages.codes import ENGLISH
from index.analysis.languages.scripts import is_mark

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer


# Final marks of scripts that no letter or number is written with: of Chinese and Japanese,
# Arabic and Urdu, the danda of Indian scripts, Burmese, Khmer, Tibetan, Armenian and Ethiopic; and
# the quotation marks and brackets that close behind them.
_SCRIPT_MARKS = (
    "\u3002\uff01\uff1f\uff61\u061f\u06d4\u0964\u0965\u104b\u17d4\u17d5\u0f0d\u0589\u1362\u1367"
)
_CLOSING = "\"')\\]}\u2019\u201d\u00bb\u300d\u300f\uff09\u3011\u300b\u3009\uff3d"
_SCRIPT_END = re.compile(f"[{_SCRIPT_MARKS}]+[{_CLOSING}]*")

# Greek asks with the sign that other languages separate clauses with.
_GREEK_QUESTION = re.compile(rf"[;\u037e][{_CLOSING}]*(?=\s)")

# Thai and Lao have no final mark: a space ends a clause or a sentence. Clauses are read together up
# to about this length, two lines.
_UNMARKED = re.compile("[\u0e01-\u0eff]")
_MIN_CLAUSES_CHARS = 100
_CLAUSES = re.compile(rf"\S.{{{_MIN_CLAUSES_CHARS - 1},}}?(?=\s)|\S.*")

_CLOSING_CHARS = _CLOSING.replace("\\", "")
_FINAL_MARKS = (".", "!", "?", "\u2026", *_SCRIPT_MARKS)

_ORDINAL = re.compile(r"(?<![^\s(])\d{1,2}\.$")

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
def _splitter(language: str) -> "PunktSentenceTokenizer":
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer  # it takes 0.25 s

    parameters = PunktParameters()
    parameters.abbrev_types = set(abbreviations_of(language))
    if language == ENGLISH:
        parameters.sent_starters = set(_SENTENCE_STARTERS)
    return PunktSentenceTokenizer(parameters)


def split_sentences(text: str, language: str = ENGLISH) -> list[tuple[int, int]]:
    """Return the sentences of `text` as half-open character offsets, in order.

    Punkt (Kiss & Strunk 2006) with fixed abbreviations: "Mr.", "Gen." and "U.S." do not end a
    sentence, and no trained model is needed. Marks of other scripts end sentences too, and Thai and
    Lao are cut between clauses. Sentences do not extend over lines, and an enumerator ("2.")
    belongs to the sentence after it. Only white space lies outside the spans.
    """
    spans: list[tuple[int, int]] = []
    line_start = 0
    for line in text.split("\n"):
        spans.extend(_line_sentences(line, line_start, language))
        line_start += len(line) + 1
    return spans


def ends_sentence(text: str) -> bool:
    """Return whether `text` ends with a final mark; closing quotes and brackets may follow it.

    A text whose script has no final mark ends anywhere.
    """
    if text.endswith("."):
        return True
    rest = text.rstrip().rstrip(_CLOSING_CHARS)
    return rest.endswith(_FINAL_MARKS) or _UNMARKED.match(rest[-1:]) is not None


def is_abbreviation(word: str) -> bool:
    """Return whether `word`, with its final dot, is an abbreviation such as "Inc." or "Jr."."""
    return word.endswith(".") and word[:-1].lower() in abbreviations_of(ENGLISH)


def _line_sentences(line: str, offset: int, language: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    kept_from: int | None = None  # where a piece begins that is no sentence without the next one
    is_plain = line.isascii() and language != "el"
    found = _pieces_sentences if is_plain else _marked_sentences
    may_be_ordinal = language in WRITES_ORDINALS
    for start, end in found(line, 0, language):
        if kept_from is not None:
            start, kept_from = kept_from, None
        is_short = end - start <= _MAX_ENUMERATOR_CHARS
        if (is_short and _ENUMERATOR.fullmatch(line, start, end)) or (
            may_be_ordinal and _ORDINAL.search(line, start, end)
        ):
            kept_from = start
            continue
        spans.append((offset + start, offset + end))
    if kept_from is not None:
        spans.append((offset + kept_from, offset + len(line.rstrip())))
    return spans


def _marked_sentences(line: str, offset: int, language: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a line, which is first cut behind the marks of other scripts."""
    ends = [match.end() for match in _SCRIPT_END.finditer(line)]
    if language == "el":
        ends = sorted({*ends, *(match.end() for match in _GREEK_QUESTION.finditer(line))})
    ends = [end for end in ends if not is_mark(line[end : end + 1])]
    for after, end in pairwise([0, *ends, len(line)]):
        start = end - len(line[after:end].lstrip())
        for begin, stop in _pieces_sentences(line[start:end], start, language):
            for first, last in _clauses(line, begin, stop):
                yield offset + first, offset + last


def _clauses(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence, cut between clauses if a third of it is in a script without final marks.

    An English sentence may quote a Thai word, and a Thai one may hold many English words.
    """
    n_chars = end - start
    if n_chars <= _MIN_CLAUSES_CHARS or 3 * len(_UNMARKED.findall(line, start, end)) < n_chars:
        yield start, end
        return
    for clauses in _CLAUSES.finditer(line, start, end):
        yield clauses.start(), clauses.end()


def _pieces_sentences(line: str, offset: int, language: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a part of a line; a very long one is first split at white space."""
    if len(line) <= _MAX_PIECE_CHARS:
        yield from _punkt_sentences(line, offset, language)
        return
    for piece in _PIECE.finditer(line):
        yield from _punkt_sentences(piece[0], offset + piece.start(), language)


def _punkt_sentences(piece: str, offset: int, language: str) -> list[tuple[int, int]]:
    """Return the sentences of a piece by Punkt; the whole piece as one if Punkt fails on it."""
    if not _is_noise(piece):
        try:
            return list(_sentences_between_plain_ends(piece, offset, language))
        except TimeoutError:  # from nltk 3.10 on, after 5 s with one regular expression
            pass
    return _whole(piece, offset)


def _sentences_between_plain_ends(
    piece: str, offset: int, language: str
) -> Iterator[tuple[int, int]]:
    """Yield the sentences that Punkt finds in the piece, calling it only between plain ends."""
    start = after_mark = 0
    for mark in _MARK_AND_CAPITAL.finditer(piece):
        word_from = max(after_mark, piece.rfind(" ", after_mark, mark.start()) + 1)
        word = _PLAIN_WORD.search(piece, word_from, mark.start())
        after_mark = mark.end()
        if word and word[0] not in abbreviations_of(language):
            yield from _between(piece[start : mark.start() + 1], offset + start, language)
            start = after_mark
    yield from _between(piece[start:], offset + start, language)


def _between(text: str, offset: int, language: str) -> list[tuple[int, int]]:
    inner = text[:-1]
    if "." in inner or "?" in inner or "!" in inner:
        return [(offset + a, offset + b) for a, b in _splitter(language).span_tokenize(text)]
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
