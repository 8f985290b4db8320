"""Measure how much of a query some words cover, rare words counting more."""

from collections.abc import Iterable, Sequence

from index.lexical.fields import Keys, LexicalIndex
from index.search.ranking.units import Unit


class QueryCoverage:
    """The units of a query, each with its weight times the idf of its rarest word.

    Attributes:
        total: The sum over all units; above 0 if there is a unit.
    """

    def __init__(self, units: Sequence[tuple[Unit, float]], lexical: LexicalIndex) -> None:
        """Weigh the units of a query.

        Args:
            units: Each unit with the weight of its part of the query.
            lexical: Gives the idf of each word.
        """
        self._keys = lexical.keys
        self._units = [(unit, weight * max(map(lexical.idf, unit.words))) for unit, weight in units]
        self.total = sum(weight for _, weight in self._units)

    def all_keys(self) -> set[str]:
        """Return the keys of the units' words and of their alternatives."""
        phrases = (p for u, _ in self._units for p in (u.words, *(o.words for o in u.alternatives)))
        return self._keys_of(word for phrase in phrases for word in phrase)

    def covered(self, words: Iterable[str]) -> float:
        """Return how much of the query the words cover, from 0 to `total`.

        Each unit counts by the share of it that is covered: 1 for its own words, the factor of an
        alternative for that alternative's words. A phrase is covered as much as the word of it
        that is covered least.
        """
        keys = self._keys_of(words)
        return sum(weight * self._unit_share(unit, keys) for unit, weight in self._units)

    def _keys_of(self, words: Iterable[str]) -> set[str]:
        return {key for word in words for of_kind in self._keys(word) for key in of_kind}

    def _unit_share(self, unit: Unit, keys: set[str]) -> float:
        own = self._phrase_share(unit.words, keys)
        others = (o.factor * self._phrase_share(o.words, keys) for o in unit.alternatives)
        return max(own, *others, 0.0)

    def _phrase_share(self, phrase: tuple[str, ...], keys: set[str]) -> float:
        return min(_word_share(self._keys(word), keys) for word in phrase)


def _word_share(word: tuple[Keys, Keys, Keys], keys: set[str]) -> float:
    """Return 1 if the keys hold the word or its stem, 0.5 if only its beginning, else 0."""
    stems, beginnings, words = word
    if not keys.isdisjoint(stems) or not keys.isdisjoint(words):
        return 1.0
    return 0.0 if keys.isdisjoint(beginnings) else 0.5
