"""Scripts: which marks belong to a letter, and which scripts are written without spaces."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

# Chinese characters, kana and Hangul: pairs are searched, as by Lucene's CJKBigramFilter. The
# middle dot of katakana (U+30FB) separates words.
_IDEOGRAPHS = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PAIRED = f"{_IDEOGRAPHS}\u3040-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uac00-\ud7a3"

# Thai, Lao, Burmese and Khmer letters with their marks. Their letters are those of an alphabet, so
# runs of three say as much as two Chinese characters: on the Thai part of XQuAD (612 questions)
# hit@1 is .928 with three, .908 with two.
_IN_THREES = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0eaf\u0eb0-\u0ece\u1000-\u103f\u1050-\u109f\u1780-\u17d3"
)
_IN_THREES_LENGTH = 3

_UNSPACED = re.compile(f"[{_PAIRED}{_IN_THREES}]")
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")

# Before a letter of all other scripts.
_OTHER = f"(?![{_PAIRED}{_IN_THREES}])"

# The last assigned block with letters that have marks ends before this code point.
_MAX_MARK = 0x1_2000

# Arabic and Hebrew write "and", "in" and other words without a space before a number.
_BEFORE_NUMBER = re.compile(r"(?<=[\u05d0-\u05ea\u0620-\u064a])-?(?=\d)")

# A decimal number ("147.5").
_NUMBER = r"\d+(?:\.\d+)+"


@cache
def marks() -> str:
    """Return the marks that belong to the letter before them, for a class of characters."""
    numbers = [
        number
        for number in range(0x300, _MAX_MARK)
        if unicodedata.category(chr(number)) in ("Mn", "Mc")
    ]
    starts = [n for n, before in zip(numbers, [-1, *numbers], strict=False) if n != before + 1]
    ends = [n for n, after in zip(numbers, [*numbers[1:], -1], strict=True) if after != n + 1]
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends, strict=True))


@cache
def _spaced_token() -> re.Pattern[str]:
    return re.compile(rf"{_NUMBER}|[^\W_](?:[^\W_]|[{marks()}])*")


@cache
def _token() -> re.Pattern[str]:
    return re.compile(
        rf"{_NUMBER}|(?P<paired>[{_PAIRED}](?:[{_PAIRED}]|[\u3099\u309a])*)|(?P<threes>[{_IN_THREES}]+)"
        rf"|{_OTHER}[^\W_](?:{_OTHER}(?:[^\W_]|[{marks()}]))*"
    )


@cache
def _letter_with_marks() -> re.Pattern[str]:
    return re.compile(rf"[^{marks()}][{marks()}]*|[{marks()}]+")


def split_tokens(normalised: str) -> list[str]:
    """Return the words and numbers of a normalised text, in order.

    A word is a run of letters with their marks, and digits. In scripts without spaces it is a run
    of two letters, or three; the runs overlap. Arabic and Hebrew letters before a number are a word
    of their own.
    """
    normalised = _BEFORE_NUMBER.sub(" ", normalised)
    if not _UNSPACED.search(normalised):
        return _spaced_token().findall(normalised)
    return list(_tokens_of_scripts(normalised))


def letters_of(text: str) -> list[str]:
    """Return the letters of a text in order, each with the marks that belong to it."""
    return _letter_with_marks().findall(text)


def is_mark(char: str) -> bool:
    """Return whether a character is a mark that belongs to the letter before it."""
    return char != "" and unicodedata.category(char) in ("Mn", "Mc", "Me")


def is_unspaced(text: str) -> bool:
    """Return whether a text has letters of a script that is written without spaces."""
    return _UNSPACED.search(text) is not None


def has_word_before_number(text: str) -> bool:
    """Return whether a text has an Arabic or Hebrew word that is written with a number."""
    return _BEFORE_NUMBER.search(text) is not None


def script_of(text: str) -> str:
    """Return the script of most letters of a text, as Unicode names it ("LATIN"); may be empty."""
    if text.isascii():
        return "LATIN" if any(map(str.isalpha, text)) else ""
    counts: dict[str, int] = {}
    for char in text:
        if char.isalpha():
            script = unicodedata.name(char, "").partition(" ")[0]
            counts[script] = counts.get(script, 0) + 1
    return max(counts, key=lambda script: counts[script], default="")


def _tokens_of_scripts(normalised: str) -> Iterator[str]:
    for match in _token().finditer(normalised):
        if match["paired"]:
            yield from _characters_and_pairs(match[0])
        elif match["threes"]:
            yield from _runs(letters_of(match[0]), _IN_THREES_LENGTH)
        else:
            yield match[0]


def _characters_and_pairs(run: str) -> Iterator[str]:
    """Yield each Chinese character and each pair, in the order of the text.

    A character is a word of its own more often than a letter of kana or Hangul: with them hit@1
    is .923 on the Chinese part of XQuAD (612 questions), with pairs alone .913.
    """
    letters = letters_of(run)
    if len(letters) == 1:
        yield run
        return
    for position, letter in enumerate(letters):
        if _IDEOGRAPH.match(letter):
            yield letter
        if position + 1 < len(letters):
            yield letter + letters[position + 1]


def _runs(letters: list[str], length: int) -> Iterator[str]:
    for start in range(max(len(letters) - length, 0) + 1):
        yield "".join(letters[start : start + length])
