"""Compounds of languages that write several words as one: a part finds the whole."""

from collections.abc import Sequence
from functools import cached_property

from index.analysis.languages.stems import stem

COMPOUNDING = frozenset("da de et fi fo hu is lb nl no sv".split())

# What stands between two parts: "Frühstück|s|büro", "Sonne|n|schein".
LINKS = ("", "s", "es", "n", "en", "er", "e")

# Shorter ones are endings as often as words.
_MIN_PART_CHARS = 4
_MIN_REST_CHARS = 3

# So many compounds of a word are searched; each costs as much as a word.
_MAX_FOUND = 8


class CompoundWords:
    """Finds the compounds of a corpus by their first and last parts. Threads may share it."""

    def __init__(self, words: Sequence[str], languages: Sequence[str]) -> None:
        """Look among words of the corpus.

        Args:
            words: The commonest words.
            languages: The languages of the corpus; only those of `COMPOUNDING` count.
        """
        self._words = words
        self._languages = [code for code in languages if code in COMPOUNDING]

    def holding(self, word: str) -> tuple[str, ...]:
        """Return the words of the corpus that begin or end with a word, the shortest first."""
        found: dict[str, None] = {}
        for language in self._languages:
            part = stem(word, language)
            if len(part) < _MIN_PART_CHARS:
                continue
            for stemmed, whole in self._stems[language]:
                is_longer = len(stemmed) >= len(part) + _MIN_REST_CHARS
                if is_longer and (stemmed.startswith(part) or stemmed.endswith(part)):
                    found[whole] = None
        return tuple(sorted(found, key=lambda whole: (len(whole), whole))[:_MAX_FOUND])

    @cached_property
    def _stems(self) -> dict[str, list[tuple[str, str]]]:
        return {
            language: [(stem(word, language), word) for word in self._words if word.isalpha()]
            for language in self._languages
        }
