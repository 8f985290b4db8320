"""Complete typed text: by the beginning of a phrase, by beginnings of its words, by similarity."""

import re
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process

# The least similarity, from 0 to 100, of a phrase to the typed text. One wrong letter in a word of
# five gives 80.
_MIN_LIKENESS = 75

# A shorter beginning is similar to anything.
_MIN_LIKENED_CHARS = 3

_WORD = re.compile(r"[^\W_]+")


class PhraseIndex:
    """Phrases to complete typed text with, in order. Threads may share it."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Prepare phrases; of phrases that differ only in case or final marks, keep the first."""
        first: dict[str, str] = {}
        for phrase in phrases:
            first.setdefault(phrase.casefold().rstrip(" .!?\u2026"), phrase)
        self._phrases = [phrase for phrase in first.values() if _words(phrase)]
        self._words = [" ".join(_words(phrase)) for phrase in self._phrases]

    def beginning_with(self, words: list[str]) -> Iterator[str]:
        """Yield the phrases that begin with these words; the last word may be incomplete."""
        beginning = " ".join(words)
        for words_of_phrase, phrase in zip(self._words, self._phrases, strict=True):
            if words_of_phrase.startswith(beginning):
                yield phrase

    def with_words(self, words: list[str]) -> Iterator[str]:
        """Yield the phrases that contain, for each of these words, a word that starts with it."""
        beginnings = [f" {word}" for word in words]
        for words_of_phrase, phrase in zip(self._words, self._phrases, strict=True):
            if all(beginning in f" {words_of_phrase}" for beginning in beginnings):
                yield phrase

    def alike(self, words: list[str]) -> Iterator[str]:
        """Yield the phrases that have a part similar to these words, most similar first."""
        typed = " ".join(words)
        if len(typed) < _MIN_LIKENED_CHARS:
            return
        # A much shorter phrase would match a part of the typed text by chance.
        shortest = len(typed) * _MIN_LIKENESS / 100
        found = process.extract(
            typed,
            [phrase if len(phrase) >= shortest else None for phrase in self._words],
            scorer=fuzz.partial_ratio,
            score_cutoff=_MIN_LIKENESS,
            limit=None,
        )
        yield from (self._phrases[index] for _, _, index in found)


def complete(typed: str, offers: Sequence[PhraseIndex], top_k: int) -> list[str]:
    """Return the phrases that complete the typed text, best first.

    First the phrases that begin with it, then those that contain, for each of its words, a word
    that starts with it, then similar ones; within each kind, the phrases of earlier offers first.
    An empty text matches all.

    Args:
        typed: The typed text, of any length and content.
        offers: The phrases.
        top_k: The largest number of phrases to return.
    """
    words = _words(typed)
    found: dict[str, None] = {}
    for kind in (PhraseIndex.beginning_with, PhraseIndex.with_words, PhraseIndex.alike):
        for offer in offers:
            for phrase in kind(offer, words):
                if len(found) >= top_k:
                    return list(found)
                found[phrase] = None
    return list(found)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
