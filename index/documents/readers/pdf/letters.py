"""Mend the letters of a PDF, and tell whether they are letters at all."""

import re
import unicodedata
from collections.abc import Iterable

# Accents that stand by themselves, and those that are joined to a letter.
_JOINED = {
    "\u00a8": "\u0308",
    "\u00b4": "\u0301",
    "\u02d8": "\u0306",
    "\u02c7": "\u030c",
    "\u02dd": "\u030b",
    "\u02da": "\u030a",
    "\u02dc": "\u0303",
    "\u02c6": "\u0302",
    "\u02d9": "\u0307",
}
_ACCENT = re.compile(rf"([{''.join(_JOINED)}])([A-Za-z\u0131])")

# Many people write an acute accent for an apostrophe, as in "it's" and the French "l'eau".
_APOSTROPHE = "\u00b4"
_ELIDED = re.compile(r"(?<![^\W\d_])(?:[cdjlmnst]|qu)\Z", re.IGNORECASE)
_VOWELS = "aeiouyAEIOUY\u0131"
# In a page whose font does not say which letters it draws, fewer of so many characters are letters
# or digits. Dots lead to the numbers of a table of contents.
_MIN_SHARE = 0.5
_MIN_CHARS = 200

_WITHOUT_DOT = "\u0131"


def with_accents(text: str) -> str:
    """Return a text in which an accent right before a letter is joined to it."""
    return _ACCENT.sub(_joined, text)


def _joined(found: re.Match[str]) -> str:
    letter = "i" if found[2] == _WITHOUT_DOT else found[2]
    if found[1] == _APOSTROPHE and (
        found[2] not in _VOWELS
        or _ELIDED.search(found.string, max(found.start() - 3, 0), found.start())
    ):
        return found[0]
    one = unicodedata.normalize("NFC", letter + _JOINED[found[1]])
    return one if len(one) == 1 else found[0]


def is_garbled(lines: Iterable[str]) -> bool:
    """Return whether the lines of a page are shapes without letters, as of a font without names."""
    text = "".join("".join(lines).replace(".", "").split())
    return len(text) >= _MIN_CHARS and sum(map(str.isalnum, text)) < len(text) * _MIN_SHARE
