"""Words that anybody may write, told from typos."""

import pytest

from index.vectors.models.common_words import is_common_word


@pytest.mark.parametrize(
    ("word", "common"),
    [("month", True), ("house", True), ("lighthosue", False), ("zyzzyva", False), ("", False)],
)
def test_common_words_are_one_piece(word, common):
    """A common word is one piece of the vocabulary; a typo and a rare word are several."""
    assert is_common_word(word) is common
