"""Measure how much of a query some words cover, rare words counting more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from index.lexical.fields import Keys, LexicalIndex
from index.search.ranking.units import Unit


@dataclass(frozen=True, slots=True)
class QueryWord:
    """The keys of a word of the query.

    Attributes:
        whole: Its stems and the word itself.
        beginnings: The beginnings of its stems.
    """

    whole: frozenset[str]
    beginnings: frozenset[str]

    @classmethod
    def of(cls, keys: tuple[Keys, Keys, Keys]) -> "QueryWord":
        """Return the word of some keys."""
        stems, beginnings, words = keys
        return cls(frozenset(stems + words), frozenset(beginnings))

    def share(self, keys: frozenset[str]) -> float:
        """Return 1 if the keys hold the word or its stem, 0.5 if only its beginning, else 0."""
        if not self.whole.isdisjoint(keys):
            return 1.0
        return 0.0 if self.beginnings.isdisjoint(keys) else 0.5


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The words of a unit or of an alternative, and its factor."""

    words: tuple[QueryWord, ...]
    factor: float

    def share(self, keys: frozenset[str]) -> float:
        """Return the factor times the share of the word that is covered least."""
        return self.factor * min(word.share(keys) for word in self.words)


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
        self._weights = [weight * max(map(lexical.idf, unit.words)) for unit, weight in units]
        self.total = sum(self._weights)
        # By key, the phrases with a word of that key, each with the position of its unit. Most
        # sentences cover a few of a hundred phrases.
        self._phrases: dict[str, list[tuple[int, _Phrase]]] = {}
        for position, (unit, _) in enumerate(units):
            for phrase in self._phrases_of(unit):
                for key in frozenset(
                    chain.from_iterable(w.whole | w.beginnings for w in phrase.words)
                ):
                    self._phrases.setdefault(key, []).append((position, phrase))
        self._all_keys = frozenset(self._phrases)

    def all_keys(self) -> frozenset[str]:
        """Return the keys of the units' words and of their alternatives."""
        return self._all_keys

    def covered(self, words: Iterable[str]) -> float:
        """Return how much of the query the words cover, from 0 to `total`.

        Each unit counts by the share of it that is covered: 1 for its own words, the factor of an
        alternative for that alternative's words. A phrase is covered as much as the word of it
        that is covered least.
        """
        of_kinds = chain.from_iterable(map(self._keys, words))
        keys = self._all_keys.intersection(chain.from_iterable(of_kinds))
        shares: dict[int, float] = {}
        for key in keys:
            for position, phrase in self._phrases[key]:
                shares[position] = max(shares.get(position, 0.0), phrase.share(keys))
        return sum((self._weights[one] * shares[one] for one in sorted(shares)), 0.0)

    def _phrases_of(self, unit: Unit) -> tuple[_Phrase, ...]:
        own = [(unit.words, 1.0)]
        others = [(other.words, other.factor) for other in unit.alternatives]
        return tuple(
            _Phrase(tuple(QueryWord.of(self._keys(word)) for word in words), factor)
            for words, factor in own + others
        )
