"""Versions of documentation: how they are written, which one is higher, which one is meant."""

import re
from functools import lru_cache

from packaging.version import InvalidVersion, Version

# What Read the Docs, mike and MkDocs call the released version, in the order of preference where
# a page has several: "latest" is the development branch on Read the Docs if there is a "stable".
RELEASED_WORDS = ("stable", "latest", "current")

# What they and Docusaurus call a version that is not released yet, and the branches it is built of.
UNRELEASED_WORDS = frozenset(
    "next main master trunk head dev devel develop development nightly edge canary unstable "
    "unreleased".split()
)

# The version of `docs/` beside the `versioned_docs/` of Docusaurus.
NEXT = "next"

_PREFIX = re.compile(r"(?:version|release|ver|v)[-_. ]?(?=\d)", re.IGNORECASE)

# The pattern of a version with digits, in any case of its letters.
NUMBER = (
    r"\d{1,4}(?:\.\d{1,4}){0,3}(?:\.x)?"
    r"(?:[-_.]?(?:alpha|beta|preview|pre|dev|rc|a|b)[-_.]?\d{0,4}(?![\w.]))?"
)
_NUMBER = re.compile(NUMBER, re.IGNORECASE)

# A folder named "2026.03" or "2026.03.01" is of a month or day; "2026.1" is a version.
_DATE = re.compile(r"(?:19|20)\d\d\.(?:0\d|\d\d?\.\d\d?)(?:\.|\Z)")

# Stands for the last part of "1.x": 1.x is higher than 1.12.
_ANY = "99999"

# Longer ones are not names of versions, and do not fit a button's id.
_MAX_CHARS = 20


def read_version(written: str | None) -> str | None:
    """Return a version as it is shown, or None if the text names no version.

    "v2.1" and "version-2.1" are "2.1"; "2" is "v2", which alone says that it is a version.

    Args:
        written: What a text says its version is.
    """
    text = " ".join((written or "").split())
    word = text.lower()
    if word in RELEASED_WORDS or word in UNRELEASED_WORDS:
        return word
    number = _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text
    if len(number) > _MAX_CHARS or not _NUMBER.fullmatch(number) or _DATE.match(number):
        return None
    number = number.lower().replace("_", "-")
    return f"v{number}" if number.isdigit() else number


def read_folder(name: str) -> str | None:
    """Return the version that a folder's name says, or None.

    A number needs a dot or a prefix: "2.1", "1.x", "v2", "version-2"; "2" and "2026" are none.
    """
    return None if name.isdigit() else read_version(name)


def is_word(version: str) -> bool:
    """Return whether a version is a word such as "latest", and no number."""
    return _number(version) is None


def precedence(version: str | None) -> tuple[int, Version]:
    """Return the key that sorts versions of a page, the one to quote last.

    Versions that are not released come first, then pre-releases, then releases by number, then the
    text that names no version, then "current", "latest" and "stable".
    """
    if version is None:
        return 3, Version("0")
    if version in RELEASED_WORDS:
        return 4 + len(RELEASED_WORDS) - RELEASED_WORDS.index(version), Version("0")
    number = _number(version)
    if number is None:
        return 0, Version("0")
    return (1 if number.is_prerelease else 2), number


def fit(asked: str, version: str) -> int:
    """Return how well a version of a text fits the version that is asked for.

    Args:
        asked: What is asked for.
        version: The version of a text.

    Returns:
        2 if they are the same; 1 if one is a series that the other belongs to, as "2" and "2.x"
        are of "2.0.3"; else 0.
    """
    mine, theirs = _number(asked), _number(version)
    if mine is None or theirs is None:
        return 2 * (asked == version)
    if mine.pre == theirs.pre and mine.dev == theirs.dev and _parts(asked) == _parts(version):
        return 2
    shorter, longer = sorted((asked, version), key=lambda one: len(_parts(one)))
    is_series = not _is_prerelease(shorter)
    return int(is_series and _parts(longer)[: len(_parts(shorter))] == _parts(shorter))


@lru_cache(maxsize=4096)
def _number(version: str) -> Version | None:
    try:
        return Version(re.sub(r"\.x\b", f".{_ANY}", version))
    except InvalidVersion:
        return None


def _parts(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, without the "x"."""
    number = _number(version)
    return tuple(part for part in number.release if part != int(_ANY)) if number else ()


def _is_prerelease(version: str) -> bool:
    number = _number(version)
    return number is not None and number.is_prerelease
