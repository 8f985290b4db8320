"""Read a question as units: its words, and other words that may stand for them."""

import re
from collections.abc import Callable, Mapping, Sequence
from threading import Lock

import numpy as np
from cachetools import LRUCache

from index.analysis.synonyms import Synonyms
from index.analysis.terms import STOP_WORDS, extract_tokens, stem
from index.lexical.fields import LexicalIndex
from index.search.ranking.units import Alternative, Unit
from index.vectors.encoders import StaticEncoder
from index.vectors.similarity import WordVectors

# A word that no passage holds is taken for a typo of the nearest one that some passage does: one
# slip in five letters (optimal string alignment, which counts a swap of two letters once). A hair
# below 0.8, because rapidfuzz rounds.
_MIN_TYPO_SIMILARITY = 0.795
_MIN_TYPO_CHARS = 4

# A question of twice as many words as the longest of SQuAD 2.0 (40); a pasted page is no question,
# and each unknown word of it costs a look through the vocabulary.
_MAX_READ_TOKENS = 80

# A few megabytes.
_MAX_REMEMBERED_WORDS = 20_000

_DIGIT = re.compile(r"\d")

# A phrase of n words that stands for another counts 0.8 / sqrt(n), so that long ones do not win
# by their length.
_SYNONYM_FACTOR = 0.8

# Words near in meaning count their squared cosine. Between 0.3 and 0.5, and for 3 to 10 of them,
# SQuAD 2.0 and the shipped set stay within a point.
_MIN_NEIGHBOUR_COSINE = 0.3
_MAX_NEIGHBOURS = 5

# What somebody may have meant by a word is shown; more than two would be a list to read.
_MAX_SUGGESTIONS = 2

# A word that WordNet relates. From 0.25 to 0.4 hit@1 by words alone stays within a point.
_RELATED_FACTOR = 0.25


class QueryExpander:
    """Turns questions into units; remembers the words it has seen. Threads may share it."""

    def __init__(
        self,
        lexical: LexicalIndex,
        synonyms: Synonyms,
        word_vectors: WordVectors,
        static_encoder: Callable[[], StaticEncoder],
        *,
        related: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Prepare to read questions.

        Args:
            lexical: Which words the corpus holds.
            synonyms: Which phrases stand for which.
            word_vectors: The corpus' words.
            static_encoder: Gives the encoder of those vectors when it is first needed.
            related: By stem, the corpus' words that WordNet relates to it. None where words near
                in meaning are found by their vectors: both together rank no better.
        """
        self._lexical = lexical
        self._synonyms = synonyms
        self._word_vectors = word_vectors
        self._related = related
        self._static_encoder = static_encoder
        self._known_units: LRUCache[str, Unit] = LRUCache(_MAX_REMEMBERED_WORDS)
        self._lock = Lock()

    def units(self, text: str) -> list[Unit]:
        """Return the units of a question's first words in its order; stop words are none."""
        tokens = extract_tokens(text)[:_MAX_READ_TOKENS]
        units: list[Unit] = []
        position = 0
        for start, end, alternatives in self._synonyms.matches(tokens):
            units += self._single_units(tokens[position:start])
            units.append(self._phrase_unit(tuple(tokens[start:end]), alternatives))
            position = end
        return units + self._single_units(tokens[position:])

    def suggestions(self, text: str) -> dict[str, list[str]]:
        """Return the corpus words that a text's unknown words may mean, by unknown word.

        Returns:
            What the word is a typo of, else what is near it; a word without either is left out.
        """
        found: dict[str, list[str]] = {}
        for unit in self.units(text):
            unknown = " ".join(unit.words)
            if any(map(self._lexical.knows, unit.words)) or unknown in found:
                continue
            known = [o for o in unit.alternatives if all(map(self._lexical.knows, o.words))]
            typos = [other for other in known if other.why == "typo"]
            near = sorted(known, key=lambda other: -other.factor)[:_MAX_SUGGESTIONS]
            if suggestions := [" ".join(other.words) for other in typos or near]:
                found[unknown] = suggestions
        return found

    def is_unknown(self, unit: Unit) -> bool:
        """Return whether no passage has a unit's words, nor what is written or said for them."""
        if any(word in self._lexical or _DIGIT.search(word) for word in unit.words):
            return False
        return not any(other.why in ("typo", "synonym") for other in unit.alternatives)

    def _single_units(self, tokens: list[str]) -> list[Unit]:
        return [self._single_unit(token) for token in tokens if token not in STOP_WORDS]

    def _phrase_unit(
        self, words: tuple[str, ...], alternatives: tuple[tuple[str, ...], ...]
    ) -> Unit:
        synonyms = tuple(
            Alternative(other, _SYNONYM_FACTOR / len(other) ** 0.5, "synonym")
            for other in (_content(phrase) for phrase in alternatives)
            if other
        )
        near = self._single_unit(words[0]).alternatives if len(words) == 1 else ()
        return Unit(_content(words) or words, synonyms + near)

    def _single_unit(self, word: str) -> Unit:
        with self._lock:
            unit = self._known_units.get(word)
        if unit is None:
            unit = Unit((word,), self._alternatives(word))
            # `cachedmethod` would do all this, but it makes an object keep itself alive.
            with self._lock:
                self._known_units[word] = unit
        return unit

    def _alternatives(self, word: str) -> tuple[Alternative, ...]:
        corrected = self._correct_typo(word)
        if corrected is not None:
            return (Alternative((corrected,), 1.0, "typo"), *self._neighbours(corrected))
        return self._neighbours(word)

    def _correct_typo(self, word: str) -> str | None:
        """Return the corpus word that a misspelt word was meant to be, or None."""
        if len(word) < _MIN_TYPO_CHARS or self._lexical.knows(word) or _DIGIT.search(word):
            return None  # another number is not a typo
        from rapidfuzz import process  # few questions need it
        from rapidfuzz.distance import OSA

        found = process.extractOne(
            word,
            self._word_vectors.words,
            scorer=OSA.normalized_similarity,
            score_cutoff=_MIN_TYPO_SIMILARITY,
        )
        if found is None or self._static_encoder().is_common_word(word):
            return None
        return found[0]

    def _neighbours(self, word: str) -> tuple[Alternative, ...]:
        """Return the corpus words nearest in meaning, nearest first, other forms left out."""
        words, vectors = self._word_vectors.words, self._word_vectors.vectors
        if self._related is not None:
            related = self._related.get(stem(word), ())
            return tuple(Alternative((one,), _RELATED_FACTOR, "wordnet") for one in related)
        if not words:
            return ()
        cosines = vectors @ self._static_encoder().encode([word])[0]
        # Ten are enough to leave five after the word's own forms; sorting all would take 2 ms.
        few = np.argpartition(-cosines, min(2 * _MAX_NEIGHBOURS, len(words)) - 1)
        few = np.sort(few[: 2 * _MAX_NEIGHBOURS])
        nearest = few[np.argsort(-cosines[few], kind="stable")]
        return tuple(
            Alternative((words[position],), float(cosines[position]) ** 2, "meaning")
            for position in nearest
            if cosines[position] > _MIN_NEIGHBOUR_COSINE and stem(words[position]) != stem(word)
        )[:_MAX_NEIGHBOURS]


def _content(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in STOP_WORDS)
