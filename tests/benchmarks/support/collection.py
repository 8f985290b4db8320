"""A made-up collection of any size, always the same: passages of about 60 words, drawn by Zipf.

The word of rank r stands at each place with probability 1 / (r * H), where H makes the sum 1, no
matter what stands around it. A passage has 30 to 90 words, each length alike. Words are made of
syllables, so that the collection is text too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

# With this many, the most frequent word is 7.8 % of a text, about as often as "the" is in English.
VOCABULARY_SIZE = 200_000
SHORTEST, LONGEST = 30, 90
MOST_QUERY_WORDS = 8

_SENTENCE_WORDS = 12
_CHUNK_PASSAGES = 10_000
_SEED = 20_231_107
_SYLLABLES = [consonant + vowel for consonant in "bdfghjklmnprstvz" for vowel in "aeiou"]

# Of some passages: the terms' ids, one passage after the other, and each passage's length.
Chunk = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]


def word(rank: int) -> str:
    """Return the word of a rank, counted from 0: two syllables or more, no two alike."""
    syllables = []
    rank += len(_SYLLABLES)
    while rank:
        rank, digit = divmod(rank, len(_SYLLABLES))
        syllables.append(_SYLLABLES[digit])
    return "".join(reversed(syllables))


@dataclass(frozen=True)
class Collection:
    """The first passages of the collection, as ids of its sorted words.

    Attributes:
        n_passages: How many; the first of a larger collection are those of a smaller one.
    """

    n_passages: int

    def words(self) -> list[str]:
        """Return the vocabulary, sorted; a word's id is its place."""
        return sorted(word(rank) for rank in range(VOCABULARY_SIZE))

    def chunks(self) -> Iterator[Chunk]:
        """Yield the passages, some thousands at a time, in order."""
        words = [word(rank) for rank in range(VOCABULARY_SIZE)]
        ids = np.empty(VOCABULARY_SIZE, dtype=np.int32)
        ids[np.argsort(words)] = np.arange(VOCABULARY_SIZE)
        mass = np.cumsum(1 / np.arange(1, VOCABULARY_SIZE + 1))
        for start in range(0, self.n_passages, _CHUNK_PASSAGES):
            rng = np.random.default_rng([_SEED, start])
            lengths = rng.integers(SHORTEST, LONGEST + 1, _CHUNK_PASSAGES, dtype=np.int32)
            ranks = np.searchsorted(mass, rng.random(int(lengths.sum())) * mass[-1], side="right")
            lengths = lengths[: self.n_passages - start]
            yield ids[ranks[: int(lengths.sum())]], lengths

    def queries(self, count: int, *, seed: int, without: int = 0) -> list[list[int]]:
        """Draw queries: 2 to 8 distinct words of one passage, each of its distinct words alike.

        The so many most frequent words of the collection can be left out. A query is shorter where
        its passage has fewer other words.
        """
        frequent = np.searchsorted(self.words(), [word(rank) for rank in range(without)])
        rng = np.random.default_rng([_SEED, seed])
        chosen = np.sort(rng.integers(0, self.n_passages, count))
        queries = []
        first = 0
        for ids, lengths in self.chunks():
            ends = np.cumsum(lengths)
            for row in chosen[(chosen >= first) & (chosen < first + len(lengths))] - first:
                distinct = np.unique(ids[ends[row] - lengths[row] : ends[row]])
                distinct = np.setdiff1d(distinct, frequent, assume_unique=True)
                size = min(int(rng.integers(2, MOST_QUERY_WORDS + 1)), len(distinct))
                queries.append(rng.choice(distinct, size, replace=False).tolist())
            first += len(lengths)
        rng.shuffle(queries)
        return queries

    def texts(self) -> Iterator[str]:
        """Yield the passages as text: sentences of twelve words with a capital and a full stop."""
        words = self.words()
        for ids, lengths in self.chunks():
            ends = np.cumsum(lengths).tolist()
            for start, end in zip([0, *ends[:-1]], ends, strict=True):
                held = [words[one] for one in ids[start:end].tolist()]
                parts = (
                    held[n : n + _SENTENCE_WORDS] for n in range(0, len(held), _SENTENCE_WORDS)
                )
                yield " ".join(f"{' '.join(part).capitalize()}." for part in parts)

    def write(self, folder: Path, passages_per_file: int = 100) -> None:
        """Write the passages as paragraphs of text files, numbered in their order."""
        folder.mkdir(parents=True, exist_ok=True)
        texts = self.texts()
        for number in range(0, self.n_passages, passages_per_file):
            paragraphs = islice(texts, passages_per_file)
            path = folder / f"{number // passages_per_file:05d}.txt"
            path.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
