"""Negated words of a question, and their opposites."""

import pytest

from index.analysis.terms import extract_tokens
from index.search.ranking.negation import negated, opposites


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("which piers are not open?", {"open"}),
        ("which lamp isn't working", {"working"}),
        ("is it not yet allowed to fish?", {"allowed"}),
        ("what has never been finished", {"finished"}),
        ("which piers are open?", set()),
        ("why not?", set()),
    ],
)
def test_word_behind_a_negation_is_negated(question, words):
    """Adverbs and auxiliaries may stand between them."""
    assert negated(extract_tokens(question)) == words


def test_opposites_are_words_of_the_texts():
    """Everyday opposites and negating prefixes count, where the texts hold the word."""
    held = {"shut", "unlit", "inactive"}
    assert opposites("open", held.__contains__) == ("shut",)
    assert opposites("lit", held.__contains__) == ("unlit",)
    assert opposites("active", held.__contains__) == ("inactive",)
    assert opposites("lamp", held.__contains__) == ()
