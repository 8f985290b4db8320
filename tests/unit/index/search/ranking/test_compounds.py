"""A part of a compound finds the whole, in languages that write several words as one."""

import pytest

from index.search.ranking.compounds import LINKS, CompoundWords
from index.search.ranking.spellings import parts_of

WORDS = [
    "fr\u00fchst\u00fccksb\u00fcro",
    "b\u00fcro",
    "turmuhr",
    "kirchturm",
    "leuchtturm",
    "turmes",
    "\u00fcber",
]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("buero", ("fr\u00fchst\u00fccksb\u00fcro",)),
        ("Fr\u00fchst\u00fcck".lower(), ("fr\u00fchst\u00fccksb\u00fcro",)),
        ("turm", ("turmuhr", "kirchturm", "leuchtturm")),
        ("uhr", ()),
        ("segel", ()),
    ],
)
def test_a_part_finds_longer_words_that_begin_or_end_with_it(word, found):
    """Short parts are endings as often as words, and a word is no compound of itself."""
    assert CompoundWords(WORDS, ("de",)).holding(word) == found


def test_other_languages_have_no_such_compounds():
    """In an English index nothing is looked for."""
    assert CompoundWords(WORDS, ("en", "fr")).holding("turm") == ()


def test_few_compounds_are_searched():
    """The shortest ones of very many."""
    words = [f"turm{'x' * n}" for n in range(3, 40)]
    found = CompoundWords(words, ("de",)).holding("turm")
    assert len(found) == 8
    assert found[0] == "turmxxx"


@pytest.mark.parametrize(
    ("word", "known", "parts"),
    [
        ("sonnenschein", {"sonne", "schein"}, ("sonne", "schein")),
        ("hafenmeister", {"hafen", "meister"}, ("hafen", "meister")),
        ("ratshaus", {"rat", "haus"}, ("rat", "haus")),
        ("anshaus", {"an", "haus"}, None),
    ],
)
def test_a_compound_is_two_words_of_the_texts_and_what_links_them(word, known, parts):
    """The letters between two parts belong to neither."""
    assert parts_of(word, known.__contains__, LINKS) == parts
