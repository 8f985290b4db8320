"""Words that anybody may write, told from typos."""

import pytest

from index.vectors.models.common_words import (
    common_words,
    is_common_word,
    is_form_of_common_word,
)


@pytest.mark.parametrize(
    ("word", "common"),
    [("month", True), ("house", True), ("lighthosue", False), ("zyzzyva", False), ("", False)],
)
def test_common_words_are_one_piece(word, common):
    """A common word is one piece of the vocabulary; a typo and a rare word are several."""
    assert is_common_word(word) is common


@pytest.mark.parametrize(
    "word", ["boat", "sailing", "unwanted", "needlework", "misfortunes", "lighthouse"]
)
def test_forms_are_made_of_common_words(word):
    """They have other endings, prefixes, or two words."""
    assert is_form_of_common_word(word)


@pytest.mark.parametrize("word", ["kubernetes", "postgresql", "zebulon", "recieve", ""])
def test_names_and_typos_are_no_forms(word):
    """They are not made of common words."""
    assert not is_form_of_common_word(word)


def test_common_words_are_listed_in_order():
    """Pieces of words and short words are left out."""
    words = common_words()
    assert list(words) == sorted(set(words))
    assert "month" in words
    assert all(len(word) > 3 and word.isalpha() for word in words)
