"""Other spellings of a question's words: joined and apart, umlauts written out, and codes."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from index.analysis.languages.codes import ENGLISH
from index.analysis.stop_words import STOP_WORDS
from index.analysis.terms import compounds, extract_tokens

# Words that verbs are joined with: "log in" and "login", "back up" and "backup".
_PARTICLES = frozenset("in out up on off over down back away through".split())

# Many words end in "in" or "on" without a particle ("dragon").
_ENDINGS = _PARTICLES - {"in", "on"}

# A shorter part of a word is seldom a word of its own.
_MIN_PART_CHARS = 3

_WITH_NUMBER = re.compile(r"\A([^\W\d_]{2,})(\d+)")

# Error codes are hexadecimal. A shorter one may be a count, which means another number with "0x".
_HEXADECIMAL = re.compile(r"\A(0x)?((?=[a-f]*\d)[\da-f]{5,16})")
_VERSION = re.compile(r"\A\d+(?:\.\d+)+")

# A version that is asked for is looked for with each last part below this number.
_MAX_LAST_PART = 40

_WRITTEN_OUT = re.compile("(a|o|u)e")
_UMLAUTS = str.maketrans({"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue"})


def joined_forms(
    text: str, tokens: Sequence[str], knows: Callable[[str], bool], language: str = ENGLISH
) -> dict[str, tuple[str, ...]]:
    """Return, by token, the words of the texts that it is a part of when it is written joined.

    Args:
        text: A question.
        tokens: Its tokens.
        knows: Returns whether the texts hold a word.
        language: The language that the question is read in.

    Returns:
        "wifi" for each part of "Wi-Fi", "login" for each part of "log in", and "0x8007000e" for
        each part of "8007000E".
    """
    found: dict[str, dict[str, None]] = {}
    pairs = _pairs(tokens) if language == ENGLISH else ()
    for parts in (*(parts for _, parts in compounds(text, language)), *pairs):
        joined = "".join(parts)
        for known in (joined,) if knows(joined) else other_numbers(joined, knows):
            for part in parts:
                found.setdefault(part, {})[known] = None
    return {part: tuple(joined) for part, joined in found.items()}


def _pairs(tokens: Sequence[str]) -> Iterator[list[str]]:
    """Yield the pairs of words that may be written as one."""
    for first, second in pairwise(tokens):
        if first not in STOP_WORDS and (second not in STOP_WORDS or second in _PARTICLES):
            yield [first, second]


def glued_words(
    text: str, knows: Callable[[str], bool], language: str = ENGLISH
) -> dict[tuple[str, ...], str]:
    """Return the words of the texts that a question writes without any sign between their parts.

    Args:
        text: A question.
        knows: Returns whether the texts hold a word.
        language: The language that the question is read in.

    Returns:
        By the parts ("tide", "table"), the word "tidetable" of "tideTable".
    """
    found = compounds(text, language)
    glued = (tuple(parts) for compound, parts in found if compound.isalnum())
    return {parts: joined for parts in glued if knows(joined := "".join(parts))}


def parts_of(
    word: str, knows: Callable[[str], bool], links: Sequence[str] = ("",)
) -> tuple[str, ...] | None:
    """Return the two words of the texts that a word is made of, or None.

    Args:
        word: A word that the texts do not hold.
        knows: Returns whether the texts hold a word.
        links: What may stand between the two.

    Returns:
        ("tide", "table") for "tidetable", ("lamp", "3") for "lamp3". A particle, which no index
        holds, is left out: only ("set",) for "setup".
    """
    if with_number := _WITH_NUMBER.fullmatch(word):
        both = with_number.groups()
        return both if all(map(knows, both)) else None
    for ending in sorted(_ENDINGS):
        verb = word.removesuffix(ending)
        if verb != word and len(verb) >= _MIN_PART_CHARS and knows(verb):
            return (verb,)
    for end in range(len(word) - _MIN_PART_CHARS, _MIN_PART_CHARS - 1, -1):
        if not knows(word[end:]):
            continue
        for link in links:
            first = word[:end].removesuffix(link)
            if len(first) >= _MIN_PART_CHARS and len(first) + len(link) == end and knows(first):
                return first, word[end:]
    return None


def other_numbers(word: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the numbers of the texts that an error code or a version is short or long for.

    Args:
        word: A normalised word that the texts do not hold.
        knows: Returns whether the texts hold a word.

    Returns:
        "0x80070005" for "80070005" and the other way round; "6.3.0" and "6.3.1", but not "6.30",
        for "6.3". Empty for other words.
    """
    if code := _HEXADECIMAL.fullmatch(word):
        return tuple(filter(knows, (code[2] if code[1] else f"0x{word}",)))
    if not _VERSION.fullmatch(word):
        return ()
    return tuple(filter(knows, (f"{word}.{last}" for last in range(_MAX_LAST_PART))))


def folded_umlauts(word: str) -> str | None:
    """Return the normalised word if its "ae", "oe" and "ue" stand for umlauts; None without any."""
    folded = _WRITTEN_OUT.sub(r"\1", word)
    return folded if folded != word else None


def written_out(text: str, language: str = ENGLISH) -> dict[str, str]:
    """Return the tokens of a text that have umlauts, each with the token that writes them out."""
    lowered = unicodedata.normalize("NFC", text.lower())
    if lowered.translate(_UMLAUTS) == lowered:
        return {}
    pairs: Iterable[tuple[list[str], list[str]]] = (
        (extract_tokens(word, language), extract_tokens(word.translate(_UMLAUTS), language))
        for word in lowered.split()
    )
    return {
        token: spelled
        for tokens, of_spelled in pairs
        for token, spelled in zip(tokens, of_spelled, strict=False)
        if token != spelled
    }
