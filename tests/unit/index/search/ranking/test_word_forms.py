"""Words of the texts that look like other forms of a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.ranking.word_forms import WordForms

WORDS = [
    "leuchtturm",
    "leuchttürme",
    "turm",
    "1902er",
    "\u0627\u0644\u0645\u0646\u0627\u0631\u0629",
    "\u706f\u5854",
]


@pytest.mark.parametrize(
    ("word", "language", "forms"),
    [
        ("leuchttürmen", "de", ["leuchttürme", "leuchtturm"]),
        ("leuchtturmen", "de", ["leuchttürme", "leuchtturm"]),
        ("leuchtturm", "de", ["leuchttürme"]),
        (
            "\u0648\u0627\u0644\u0645\u0646\u0627\u0631\u0629",
            "ar",
            ["\u0627\u0644\u0645\u0646\u0627\u0631\u0629"],
        ),
        ("hafen", "de", []),
        ("1902", "de", []),
        ("\u706f\u5854", "zh", []),
        ("", "de", []),
    ],
)
def test_words_that_share_most_runs_of_letters_are_forms(word, language, forms):
    """Accents are no difference; numbers and runs of Chinese characters have no forms."""
    assert [form for form, _ in WordForms(WORDS).near(word, language)] == forms


def test_vietnamese_accents_are_letters():
    """A syllable with another tone is another word."""
    found = WordForms(["nghiêng", "nghiệng"])
    assert [form for form, _ in found.near("nghieng", "vi")] == []
    assert len(found.near("nghieng", "de")) == 2


def test_no_words_have_no_forms():
    """An empty corpus is no error."""
    assert WordForms([]).near("leuchtturm", "de") == []


@given(st.lists(st.text(max_size=8)), st.text(max_size=8))
def test_forms_are_other_words_of_the_corpus(words, word):
    """The most similar first, never the word itself."""
    found = WordForms(words).near(word, "de")
    assert {form for form, _ in found} <= set(words) - {word}
    similarities = [similarity for _, similarity in found]
    assert similarities == sorted(similarities, reverse=True)
    assert all(0.6 <= one <= 1 for one in similarities)
