"""Tell how much of a query's information some words hold."""

from collections.abc import Iterable, Sequence

from index.lexical.fields import LexicalIndex, word_keys
from index.search.ranking.units import Unit


class QueryInformation:
    """What the units of a query tell, by their rarity and weight.

    Attributes:
        total: Of all units together; above 0 where there is a unit.
    """

    def __init__(self, units: Sequence[tuple[Unit, float]], lexical: LexicalIndex) -> None:
        """Weigh units, given with the weights of their parts of the query, by their rarest word."""
        self._units = [
            (unit, weight * max(map(lexical.information, unit.words))) for unit, weight in units
        ]
        self.total = sum(information for _, information in self._units)

    def all_keys(self) -> set[str]:
        """Return the keys of the units' words and of what may stand for them."""
        phrases = (p for u, _ in self._units for p in (u.words, *(o.words for o in u.alternatives)))
        return {key for phrase in phrases for word in phrase for key in word_keys(word)}

    def held(self, words: Iterable[str]) -> float:
        """Return how much of it the words hold, 0 to `total`.

        A unit counts as far as its words are held or, by their factor, what may stand for them;
        of a phrase that is the word that is held least.
        """
        keys = {key for word in words for key in word_keys(word)}
        return sum(information * _held_share(unit, keys) for unit, information in self._units)


def _held_share(unit: Unit, keys: set[str]) -> float:
    whole = _least_held(unit.words, keys)
    return max(whole, *(o.factor * _least_held(o.words, keys) for o in unit.alternatives), 0.0)


def _least_held(phrase: tuple[str, ...], keys: set[str]) -> float:
    return min(_held_by_keys(word, keys) for word in phrase)


def _held_by_keys(word: str, keys: set[str]) -> float:
    """Return how much keys hold a word: fully by its stem or itself, by half by its beginning."""
    stemmed, beginning, itself = word_keys(word)
    if stemmed in keys or itself in keys:
        return 1.0
    return 0.5 if beginning in keys else 0.0
