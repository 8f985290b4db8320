"""Tell a word that anybody may write from a typo or a name, by the encoder's vocabulary."""

import json
from functools import cache

from index.analysis.languages.stems import stem
from index.vectors.models.model_files import TOKENIZER, packaged_model

# Shorter words are in too many others, and shorter stems are seldom those of a word.
_MIN_WORD_CHARS = 4
_MIN_PART_CHARS = 3

_PREFIXES = tuple("de dis in mis non out over pre re un under up".split())


def is_common_word(word: str) -> bool:
    """Return whether a word in small letters is one piece of the vocabulary."""
    return word in _vocabulary()


def is_form_of_common_word(word: str) -> bool:
    """Return whether a normalised word is a common English word or is made of some.

    Forms have other endings ("sailing") or a prefix ("unwanted"), or two words ("lighthouse").
    """
    if _is_form(word):
        return True
    if any(word.startswith(prefix) and _is_form(word[len(prefix) :]) for prefix in _PREFIXES):
        return True
    ends = range(_MIN_WORD_CHARS, len(word) - _MIN_WORD_CHARS + 1)
    return any(is_common_word(word[:end]) and is_common_word(word[end:]) for end in ends)


@cache
def common_words() -> tuple[str, ...]:
    """Return the common words of at least four letters, in order."""
    return tuple(
        word for word in sorted(_vocabulary()) if word.isalpha() and len(word) >= _MIN_WORD_CHARS
    )


def _is_form(word: str) -> bool:
    return len(word) >= _MIN_PART_CHARS and (is_common_word(word) or stem(word) in _stems())


@cache
def _stems() -> frozenset[str]:
    return frozenset(map(stem, filter(str.isalpha, _vocabulary())))


@cache
def _vocabulary() -> frozenset[str]:
    # The tokenizer itself would take longer to load.
    described = json.loads((packaged_model() / TOKENIZER).read_bytes())
    return frozenset(described["model"]["vocab"])
