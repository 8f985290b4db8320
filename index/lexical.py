"""Score passages by the words they share with a question, in three spellings of each word."""

import numpy as np
import numpy.typing as npt

from index.bm25 import BM25Index, Scores
from index.passages import Passage
from index.terms import stem

# Five letters join what a stemmer keeps apart ("negotiate", "negotiator"). With stem, prefix and
# surface together hit@1 on SQuAD 2.0 rises from .788 to .794, on XQuAD from .940 to .948.
PREFIX_CHARS = 5

# How much a match in the title and headings counts beside one in the passage itself. From 0 to 0.8
# hit@1 on SQuAD 2.0 (8 articles pooled) goes from .768 to .771 and on XQuAD from .940 to .941.
CONTEXT_WEIGHT = 0.5


def word_keys(word: str) -> tuple[str, str, str]:
    """Return the keys under which a word is found: its stem, the stem's beginning, itself.

    A number is found under itself only: 20000 does not begin 200000.
    """
    if any(char.isdigit() for char in word):
        return word, word, word
    stemmed = stem(word)
    return stemmed, stemmed[:PREFIX_CHARS], word


class LexicalIndex:
    """The words of passages and of the titles and headings above them."""

    def __init__(self, passages: list[Passage]) -> None:
        keys = [[word_keys(word) for word in passage.words] for passage in passages]
        self._fields = [BM25Index([[key[n] for key in row] for row in keys]) for n in range(3)]
        self._contexts = BM25Index([[stem(w) for w in p.context_words] for p in passages])
        self._n_passages = len(passages)

    def __contains__(self, word: str) -> bool:
        """Say whether any passage or heading holds the word, in any of its spellings."""
        keys = word_keys(word)
        held = any(key in bm25 for key, bm25 in zip(keys, self._fields, strict=True))
        return held or keys[0] in self._contexts

    def knows(self, word: str) -> bool:
        """Say whether any passage or heading holds the word or another form of it.

        Unlike `in` this leaves out words that only begin alike, as a typo's right beginning does.
        """
        stemmed = stem(word)
        return any(stemmed in bm25 for bm25 in (self._fields[0], self._contexts)) or (
            word in self._fields[2]
        )

    def information(self, word: str) -> float:
        """Return how much a word tells of a passage: more for a rarer one, most if unknown."""
        return self._fields[0].information(stem(word))

    def word_scores(self, words: tuple[str, ...]) -> tuple[Scores, npt.NDArray[np.bool_]]:
        """Return the summed BM25 scores of some words, and which passages hold any of them.

        Returns:
            float64 and bool arrays, shape (n_passages,); a passage that holds a word may score 0.
        """
        scores = np.zeros(self._n_passages)
        matching = np.zeros(self._n_passages, dtype=np.bool_)
        for word in words:
            keys = word_keys(word)
            weighted = [(key, bm25, 1.0) for key, bm25 in zip(keys, self._fields, strict=True)]
            for key, bm25, weight in [*weighted, (keys[0], self._contexts, CONTEXT_WEIGHT * 3)]:
                rows, added = bm25.term_scores(key)
                scores[rows] += weight * added
                matching[rows] = True
        return scores, matching
