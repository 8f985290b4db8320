"""The versions that a question names, of those that the texts have."""

import re
from dataclasses import dataclass
from itertools import islice

from index.analysis.languages.stop_lists import stop_form, stop_words_of
from index.analysis.terms import extract_words
from index.documents.versions import NUMBER, RELEASED_WORDS, UNRELEASED_WORDS, fit, read_version
from index.search.protocol import AnySearcher

# "version" in the languages that people ask in.
_VERSION = (
    r"(?:versi\w+|vers\u00e3o|vers\u00f5es|releases?|ver|v|\u0432\u0435\u0440\u0441\u0438\w+"
    r"|\u0432\u0435\u0440\u0441\u0456\w+|wersj\w+|verz[ei]\w*|s\u00fcr\u00fcm\w*"
    r"|\u03ad\u03ba\u03b4\u03bf\u03c3\u03b7\u03c2?|\u7248\u672c|\u30d0\u30fc\u30b8\u30e7\u30f3|\ubc84\uc804)"
)

# What is counted or measured is no version: "2.0 GB", "1.5 %".
_NO_UNIT = r"(?!\s?(?:[%\u00b0]|[kmgt]i?b\b|[kmg]?hz\b|(?:[mck]?m|[mk]?g|m?s|[mk]?[vw])\b))"

_BEFORE = r"(?<![A-Za-z0-9_.,/$\u20ac\u00a3-])"
_AFTER = r"(?![A-Za-z0-9_%]|[.,/]\d)"
_NUMBERS = re.compile(
    rf"{_BEFORE}(?:(?P<said>{_VERSION})[ .:-]{{0,2}})?(?P<number>{NUMBER}){_AFTER}{_NO_UNIT}",
    re.IGNORECASE,
)

_NAMES = "|".join(sorted({*RELEASED_WORDS, *UNRELEASED_WORDS}))
_WORDS = re.compile(
    rf"\b(?:(?P<before>{_NAMES})\s+(?:version|release|branch|docs|documentation)"
    rf"|{_VERSION}\s+(?P<after>{_NAMES}))\b",
    re.IGNORECASE,
)

# Nobody asks about more; a list of numbers is pasted.
_MAX_NUMBERS = 10

_MAX_WORD_CHARS = 50
_LAST_WORD = re.compile(r"(?<![\w-])[\d_-]*([^\W\d_][\w-]*)\s+\Z")


@dataclass(frozen=True, slots=True)
class NamedVersions:
    """The versions that a question names.

    Attributes:
        versions: As the question names them, each once; at least one.
        mentions: The parts of the question that name them.
    """

    versions: tuple[str, ...]
    mentions: tuple[str, ...]

    def taken_from(self, question: str) -> str:
        """Return the question without the versions, unless nothing to search for is left."""
        rest = question
        for mention in self.mentions:
            rest = rest.replace(mention, " ", 1)
        rest = re.sub(" {2,}", " ", rest).strip()
        return rest if extract_words(rest) else question


def named_versions(question: str, searcher: AnySearcher) -> NamedVersions | None:
    """Return the versions that a question names and the texts have; None without any.

    A number counts as a version if it has a dot, or stands behind "version" or "v", or behind the
    name of a folder above texts with versions, such as that of a product. It does not if the
    current texts hold it together with another word before it, such as "USB 2.0", unless that word
    is in a title of texts with versions.
    """
    held = searcher.editions.versions
    if not held:
        return None
    found: dict[str, list[str]] = {}
    for match in islice(_NUMBERS.finditer(question), _MAX_NUMBERS):
        version = read_version(match["number"])
        if version is None or not any(fit(version, one) for one in held):
            continue
        before = question[max(0, match.start() - _MAX_WORD_CHARS) : match.start()]
        if match["said"] is None and not _is_of_texts(before, match["number"], searcher):
            continue
        found.setdefault(version, []).append(match[0])
    for match in _WORDS.finditer(question):
        word = (match["before"] or match["after"]).lower()
        if word in held:
            found.setdefault(word, []).append(match[0])
    if not found:
        return None
    return NamedVersions(tuple(found), tuple(one for each in found.values() for one in each))


def _is_of_texts(before: str, number: str, searcher: AnySearcher) -> bool:
    """Return whether a number is a version of the texts, by what stands before it."""
    last = _LAST_WORD.search(before)
    word = last[1].casefold() if last else ""
    if word in searcher.editions.folders:
        return True
    if "." not in number:
        return False
    language = searcher.language_of(before)
    if not word or stop_form(word, language) in stop_words_of(language):
        return True
    if not searcher.of_current_versions().holds_phrase(f"{word} {number}"):
        return True
    return any(word in text.title.casefold() for text in searcher.sources() if text.version)
