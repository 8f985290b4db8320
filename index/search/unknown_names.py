"""Find what a question names and the texts never mention."""

import re
from functools import lru_cache
from itertools import islice

from index.analysis.names import identifiers_in, names_in, numbers_in
from index.analysis.stop_words import STOP_WORDS
from index.analysis.terms import extract_tokens
from index.lexical.fields import LexicalIndex
from index.passages.passage_file import PassageLines
from index.search.ranking.exact_phrases import hold_phrase
from index.search.ranking.query_expansion import MAX_READ_TOKENS, QueryExpander, nearest_word
from index.search.ranking.units import Unit
from index.vectors.models.common_words import common_words, is_form_of_common_word

# Three letters in small letters are too few to tell a name.
_MIN_SMALL_NAME_CHARS = 4

# One error in four letters. With one in five, some more answered questions of SQuAD 2.0 have a word
# that resembles no common one.
_MIN_TYPO_SIMILARITY = 0.745

# Two letters are mostly an abbreviation of the question's own.
_MIN_NAME_CHARS = 3

# Words of questions that other languages seldom have. Without one of them, English words explain no
# other word.
_ENGLISH = frozenset(
    """
    and can did does for from how is my of that the there this what when where which who whom whose
    why with you
    """.split()
)

_WORD = re.compile(r"[^\W_]+")


def unknown_names(
    question: str, expander: QueryExpander, lexical: LexicalIndex, passages: PassageLines
) -> set[str]:
    """Return the names, numbers and identifiers of a question that the texts do not hold.

    Only the beginning of a long question is read, as for a search.

    Returns:
        Normalised words: in English questions names with a capital inside a sentence, and words
        that no common word explains, such as "kubernetes"; numbers of three digits and more,
        versions, and words that end in a number; and the joined words of identifiers such as
        "GitHub".
    """
    question = _beginning(question)
    names, numbers = names_in(question), numbers_in(question)
    tokens = extract_tokens(question)
    is_english = not _ENGLISH.isdisjoint(tokens)
    may_be_english = not STOP_WORDS.isdisjoint(tokens)
    small = {token for word in question.split() if word.islower() for token in extract_tokens(word)}

    def is_unknown(unit: Unit) -> bool:
        # "git" and "hub" explain "github" only where they stand together. German joins any words.
        apart = [other.words for other in unit.alternatives if other.kind == "spelling"]
        if is_english and any(len(words) > 1 for words in apart):
            return not any(hold_phrase(words, lexical, passages) for words in apart)
        return expander.is_unknown(unit)

    found: set[str] = set()
    for unit in expander.units(question):
        for word in unit.words:
            if word in numbers:
                held = lexical.knows(word) or lexical.knows(f"{word}s")
                is_named = not held and not _is_spelled_otherwise(unit)
            elif len(word) < _MIN_NAME_CHARS or not is_unknown(unit):
                is_named = False
            elif word in names and word not in small:
                is_named = may_be_english and not expander.knows_beginning(word)
            else:
                is_named = is_english and not _resembles_common_word(word)
            if is_named:
                found.add(word)
    for parts in identifiers_in(question):
        joined = "".join(parts)
        is_known = joined in STOP_WORDS or not all(map(is_unknown, expander.units(joined)))
        if not is_known and not hold_phrase(parts, lexical, passages):
            found.add(joined)
    return found


def _beginning(question: str) -> str:
    """Return the part of a question that holds its first words."""
    after = next(islice(_WORD.finditer(question), MAX_READ_TOKENS, None), None)
    return question if after is None else question[: after.start()]


def _is_spelled_otherwise(unit: Unit) -> bool:
    return any(other.kind in ("spelling", "synonym") for other in unit.alternatives)


@lru_cache(maxsize=10_000)
def _resembles_common_word(word: str) -> bool:
    """Return whether a common English word, a form or a typo of it explains a word."""
    if len(word) < _MIN_SMALL_NAME_CHARS or is_form_of_common_word(word):
        return True
    return nearest_word(word, common_words(), _MIN_TYPO_SIMILARITY) is not None
