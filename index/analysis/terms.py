"""Turn text into terms, in the same way for passages and questions."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import chain

from index.analysis.languages.codes import ENGLISH
from index.analysis.languages.folding import fold_accents, fold_script
from index.analysis.languages.scripts import has_word_before_number, is_unspaced, split_tokens
from index.analysis.languages.stems import stem
from index.analysis.stop_words import STOP_WORDS, names_among_stop_words

_DIGIT = re.compile(r"\d")
_THOUSANDS_SEPARATOR = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DOTTED_ACRONYM = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}")
_POSSESSIVE = re.compile(r"(?<=[^\W_])'s?(?![^\W_])")
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u2032`\u00b4", "'"))

_THOUSANDS = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d)?)k(?![^\W_])")
_MONTH = re.compile(r"(?<![^\W_])(jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)(?:\.|(?= \d))")
_MONTHS = {
    "jan": "january",
    "feb": "february",
    "mar": "march",
    "apr": "april",
    "jun": "june",
    "jul": "july",
    "aug": "august",
    "sep": "september",
    "sept": "september",
    "oct": "october",
    "nov": "november",
    "dec": "december",
}

# The borders between the parts of an identifier: "max|Berths", "HTTP|Server", "MP3|Player".
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z\d])(?=[A-Z][a-z]{2})")

# "v6.2.8" is "6.2.8", and "v2" is "v 2".
_VERSION = re.compile(r"(?<![^\W_])v(?=\d+(\.\d)?)")

# Numbers that are glued to a word: "python|3.11", "5|gb"; but not "12th" and "1980s".
_GLUED_VERSION = re.compile(r"(?<=[a-z])(?=\d+\.\d)")
_QUANTITY = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)*)(?!(?:st|nd|rd|th|s)(?![^\W_]))([^\W\d_]{1,4})(?![^\W_])"
)

# Signs that belong to a name: "c++", "notepad++", "c#", ".net".
_PLUS_PLUS = re.compile(r"(?<![^\W_])([a-z]{1,40})\+\+(?!\+)")
_SHARP = re.compile(r"(?<![^\W_])([cfjq])#(?![^\W\d]|#)")
_DOT_NET = re.compile(r"(?<![\w.])\.net(?![^\W_])")

# Up to so many letters before "++" are no word of their own.
_MAX_LETTERS = 2

# Words that are joined without a space: "Wi-Fi", "show_tide_table", "os.path", "maxBerths". A
# longer one is no word that people search for.
_COMPOUND = re.compile(r"[^\W_]+(?:[-_.&][^\W_]+)*")
_MAY_BE_COMPOUND = re.compile(
    r"[^\W_][-_.&][^\W_]|[a-z][A-Z]|[A-Z\d][A-Z][a-z]|\d[^\W\d_]|[^\W\d_]\d"
)
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_MAX_JOINED_CHARS = 64

# A token is a decimal number ("147.5") or a run of letters and digits.
_TOKEN = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")

# Words that lose their vowel and are written with the next word: "l'eau", "dell'arte".
_ELISIONS = {
    "fr": re.compile(
        r"(?<![^\W_])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=[^\W_])",
    ),
    "it": re.compile(
        r"(?<![^\W_])(?:[cdlmnstv]|un|gl|al|dal|del|nel|sul|[a-z]{1,3}ll|quest|quell)'(?=[^\W_])"
    ),
    "ca": re.compile(r"(?<![^\W_])[dlmnst]'(?=[^\W_])"),
}

# Turkish separates the endings of a name by an apostrophe.
_ENDING_OF_NAME = re.compile(r"(?<=[^\W_])'[^\W_]+")

# The version of this analysis. It is part of the manifest, so that an index of another analysis is
# rebuilt. Raise the number with every change of behaviour below.
ANALYSIS = "6-" + hashlib.sha256(" ".join(sorted(STOP_WORDS)).encode()).hexdigest()[:12]


def normalise(text: str, language: str = ENGLISH) -> str:
    """Fold different spellings of the same words into one.

    This folds case, width, letter forms, curly apostrophes, dotted acronyms ("U.S." becomes "us"),
    thousands ("20,000" and "20k"), quantities ("5GB" becomes "5 gb"), versions ("v6.2.8" becomes
    "6.2.8") and signs of names ("C++" becomes "cplusplus"), and separates the parts of identifiers
    ("maxBerths"). English loses accents, and possessives ("Biden's") and months ("Oct. 7") are
    folded; other languages keep accents for their stems. The length changes.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.islower():
        text = _HUMP.sub(" ", text)
    if text.isascii() and language != "tr":  # most text is ASCII, and then needs no folding
        folded = text.replace("`", "'").lower()
    else:
        folded = fold_script(text.translate(_APOSTROPHES), is_turkish=language == "tr")
        if language == ENGLISH:
            folded = fold_accents(folded)
    if "+" in folded:
        folded = _PLUS_PLUS.sub(_plus_plus, folded)
    if "#" in folded:
        folded = _SHARP.sub(r"\1sharp ", folded)
    if _DIGIT.search(folded):
        folded = _normalise_numbers(folded)
    if language == ENGLISH:
        folded = _MONTH.sub(lambda match: f"{_MONTHS[match[1]]} ", folded)
    if "." in folded:
        folded = _DOT_NET.sub("dotnet", folded)
        folded = _DOTTED_ACRONYM.sub(lambda match: match[0].replace(".", ""), folded)
    return _without_apostrophes(folded, language) if "'" in folded else folded


def _without_apostrophes(folded: str, language: str) -> str:
    if language == ENGLISH:
        folded = _POSSESSIVE.sub("", folded)
    elif language == "tr":
        folded = _ENDING_OF_NAME.sub("", folded)
    elif language in _ELISIONS:
        folded = _ELISIONS[language].sub(" ", folded)
    return folded.replace("'", "")


def _normalise_numbers(folded: str) -> str:
    folded = _THOUSANDS_SEPARATOR.sub("", folded)
    folded = _THOUSANDS.sub(lambda match: f"{float(match[1]) * 1000:.0f}", folded)
    folded = _VERSION.sub(lambda match: "" if match[1] else "v ", folded)
    return _QUANTITY.sub(r"\1 \2", _GLUED_VERSION.sub(" ", folded))


def _plus_plus(match: re.Match[str]) -> str:
    """Return "cplusplus" for "c++", and "notepad notepadplusplus" for "notepad++"."""
    word = match[1]
    return f"{word if len(word) > _MAX_LETTERS else ''} {word}plusplus "


def extract_tokens(text: str, language: str = ENGLISH) -> list[str]:
    """Return the normalised words and numbers of `text`, in order, stop words included."""
    normalised = normalise(text, language)
    return _TOKEN.findall(normalised) if normalised.isascii() else split_tokens(normalised)


def compounds(text: str, language: str = ENGLISH) -> Iterator[tuple[str, list[str]]]:
    """Yield each compound of a text as it is written, with its tokens; in order.

    A compound has no space inside: "Wi-Fi", "os.path", "5GB". Its tokens joined are the same for
    "tideTable", "tide_table" and "tide-table".
    """
    if not _MAY_BE_COMPOUND.search(text):
        return
    for compound in _COMPOUND.findall(unicodedata.normalize("NFC", text)):
        if len(compound) > _MAX_JOINED_CHARS or _INITIALS.fullmatch(compound):
            continue
        if has_word_before_number(compound) or is_unspaced(compound):
            continue
        if _MAY_BE_COMPOUND.search(compound):
            parts = extract_tokens(compound, language)
            joined = "".join(parts)
            if len(parts) > 1 and not joined.replace(".", "").isdigit():
                yield compound, parts


def extract_words(text: str, language: str = ENGLISH) -> list[str]:
    """Return the words of `text` that are searched for, in order, with repeats.

    These are the tokens, and the joined forms of compounds, which come somewhere behind their
    parts. Of English, stop words are left out, except those that are written as names. Lists of
    other languages have words with a meaning too, so only questions leave those out.
    """
    parts = text.split(" ")
    if language != ENGLISH:
        return list(chain.from_iterable(map(_words_of_parts(language).__getitem__, parts)))
    if len(parts) > 1 and parts[0].istitle():  # the capital that begins a sentence says nothing
        parts[0] = parts[0].lower()
    try:
        return list(chain.from_iterable(map(_WORDS_OF_PARTS.__getitem__, parts)))
    except KeyError:
        pass
    if not names_among_stop_words(text):
        parts = [part.lower() if part.istitle() or part.isupper() else part for part in parts]
    try:
        return list(chain.from_iterable(map(_WORDS_OF_PARTS.__getitem__, parts)))
    except KeyError:
        return _words(text)


def _words(text: str) -> list[str]:
    names = names_among_stop_words(text)
    words = [token for token in extract_tokens(text) if token not in STOP_WORDS or token in names]
    words += ["".join(parts) for _, parts in compounds(text)]
    return words


# Marks that may stand before or after an ASCII word without changing its normalised form.
_BEFORE = '("'
_AFTER = '.,;:!?)"'
_QUOTES = '"`\u201c\u201d\u201e'

# A word of ASCII letters, with a capital only at its beginning, or in capitals.
_PLAIN = re.compile(r"[A-Za-z][a-z]*|[A-Z]+")

# Words that are read with those around them.
_READ_IN_CONTEXT = STOP_WORDS | _MONTHS.keys()


class _WordsOfParts(dict[str, tuple[str, ...]]):
    """Caches the words of each space-separated part of a text, because most parts repeat.

    `normalise` folds each part independently of the others, except for months ("oct 7"), and only
    a stop word with a capital or in quotation marks may be a name.
    """

    # 65,536 parts cover the vocabulary of a large collection and take 20 MB at most.
    _MAX_PARTS = 65_536

    def __missing__(self, part: str) -> tuple[str, ...]:
        words: tuple[str, ...]
        stripped = part.lstrip(_BEFORE).rstrip(_AFTER)
        word = stripped.lower()
        if _PLAIN.fullmatch(stripped) and word not in _READ_IN_CONTEXT:  # needs no other folding
            words = (word,)
        elif _may_be_name(part):
            raise KeyError(part)  # it depends on the words around it
        elif word in STOP_WORDS:
            words = ()
        else:
            words = tuple(_words(part))
            if words and words[-1] in _MONTHS:
                raise KeyError(part)  # whether it is a month depends on the next part
        _remember(self, part, words, self._MAX_PARTS)
        return words


# A longer part, or one of more words, hardly repeats: scripts without spaces write a clause as one
# part, and each of its letters begins a word.
_MAX_PART_CHARS = 40
_MAX_PART_WORDS = 4


def _remember(
    cached: dict[str, tuple[str, ...]], part: str, words: tuple[str, ...], max_parts: int
) -> None:
    """Add the words of a part to a cache, which is emptied when it is full."""
    if len(part) > _MAX_PART_CHARS or len(words) > _MAX_PART_WORDS:
        return
    if len(cached) >= max_parts:
        cached.clear()
    cached[part] = words


def _may_be_name(part: str) -> bool:
    """Return whether a part is a stop word with a capital, or one beside a quotation mark."""
    word = part.strip(_AFTER + _BEFORE + _QUOTES)
    lowered = word.lower()
    if len(word) < 2 or lowered not in STOP_WORDS:
        return False
    return word != lowered or any(mark in part for mark in _QUOTES)


_WORDS_OF_PARTS = _WordsOfParts()


class _WordsOfForeignParts(dict[str, tuple[str, ...]]):
    """Caches the words of each space-separated part of a text in a language other than English."""

    # 16,384 parts take 10 MB at most.
    _MAX_PARTS = 16_384

    def __init__(self, language: str) -> None:
        self._language = language

    def __missing__(self, part: str) -> tuple[str, ...]:
        words = extract_tokens(part, self._language)
        words += ["".join(parts) for _, parts in compounds(part, self._language)]
        _remember(self, part, tuple(words), self._MAX_PARTS)
        return tuple(words)


@cache
def _words_of_parts(language: str) -> _WordsOfForeignParts:
    return _WordsOfForeignParts(language)


def extract_terms(text: str, language: str = ENGLISH) -> list[str]:
    """Return the stems of the words of `text`, in order, with repeats."""
    return [stem(word, language) for word in extract_words(text, language)]
