"""Find the words of the texts that look like other forms of a word, in languages with many forms.

A stemmer misses forms: the articles and pronouns that Arabic and Hebrew write with a word, changes
inside it, names that are spelled in two ways. Runs of letters find them (McNamee & Mayfield 2004,
"Character N-Gram Tokenization for European Language Text Retrieval").
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from index.analysis.languages.folding import fold_accents
from index.analysis.languages.scripts import is_unspaced
from index.analysis.languages.stems import keeps_accents

_RUN_CHARS = 3
_BORDER = "_"

# Two words are forms of one if they share so much of their runs (Dice coefficient). The mean hit@1
# of 14 sets in 13 languages is .868 with .4, .871 with .5, .873 with .6, and .864 without forms.
_MIN_SIMILARITY = 0.6

# Each form costs as much as a word; with 8 and 20 the mean is the same.
_MAX_FORMS = 4


class WordForms:
    """Compares words with those of a corpus by their runs of letters. Threads may share it."""

    def __init__(self, words: Sequence[str]) -> None:
        """Compare with words of the corpus; they are prepared at the first use."""
        self._words = [word for word in words if not _has_digit(word) and not is_unspaced(word)]

    def near(self, word: str, language: str) -> list[tuple[str, float]]:
        """Return other words that look like forms of a word, each with its similarity.

        Returns:
            The most similar words first, ties in the order of the words; a similarity is from 0.6
            to 1. Empty for a word with a digit, and for a run of letters of a script that is
            written without spaces.
        """
        if _has_digit(word) or is_unspaced(word) or not self._words:
            return []
        runs_of_words = self._accented if keeps_accents(language) else self._folded
        return [
            (self._words[number], similarity)
            for number, similarity in runs_of_words.near(_form(word, language))
            if self._words[number] != word
        ]

    @cached_property
    def _accented(self) -> "_RunsOfWords":
        return _RunsOfWords(self._words)

    @cached_property
    def _folded(self) -> "_RunsOfWords":
        return _RunsOfWords([fold_accents(word) for word in self._words])


class _RunsOfWords:
    """By run of letters, the numbers of the words that have it."""

    def __init__(self, words: Sequence[str]) -> None:
        numbers: dict[str, list[int]] = {}
        for number, word in enumerate(words):
            for run in _runs(word):
                numbers.setdefault(run, []).append(number)
        self._numbers = {run: np.array(found, np.int32) for run, found in numbers.items()}
        self._counts = np.array([max(len(_runs(word)), 1) for word in words])

    def near(self, word: str) -> list[tuple[int, float]]:
        runs = _runs(word)
        found = [self._numbers[run] for run in runs if run in self._numbers]
        if not found:
            return []
        shared = np.bincount(np.concatenate(found), minlength=len(self._counts))
        similarities: npt.NDArray[np.float64] = 2 * shared / (self._counts + len(runs))
        near = np.flatnonzero(similarities >= _MIN_SIMILARITY)
        best = near[np.argsort(-similarities[near], kind="stable")][: _MAX_FORMS + 1]
        return [(int(number), float(similarities[number])) for number in best]


def _runs(word: str) -> set[str]:
    padded = f"{_BORDER}{word}{_BORDER}"
    return {padded[at : at + _RUN_CHARS] for at in range(len(padded) - _RUN_CHARS + 1)}


def _form(word: str, language: str) -> str:
    return word if keeps_accents(language) else fold_accents(word)


def _has_digit(word: str) -> bool:
    return any(char.isdigit() for char in word)
