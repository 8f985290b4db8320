"""Citations: file, section, page, paragraphs and date, in each language."""

from dataclasses import replace

import pytest

from bot.languages import catalogue
from bot.rendering.wording import citation_of, day_in_words, further_places
from tests.support.data.strategies import quote_of

QUOTE = replace(quote_of(["A boat."], paragraph=12), paragraph_end=12)


@pytest.mark.parametrize(
    ("changes", "citation"),
    [
        ({}, "boats.txt, paragraph 12"),
        ({"paragraph_end": 13}, "boats.txt, paragraphs 12-13"),
        ({"page": 3}, "boats.txt, page 3, paragraph 12"),
        ({"page": 3, "paragraph_end": 15}, "boats.txt, page 3, paragraphs 12-15"),
        ({"section": "Storms"}, "boats.txt \u203a Storms, paragraph 12"),
        ({"date": "2026-03-01"}, "boats.txt, paragraph 12, as of March 1, 2026"),
        ({"date": "spring"}, "boats.txt, paragraph 12"),
    ],
)
def test_citation_names_what_is_known(changes, citation):
    """Several paragraphs are a range; a date that is no day is left out."""
    assert citation_of(replace(QUOTE, **changes)) == citation


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("de", "1. M\u00e4rz 2026"),
        ("es", "1 de marzo de 2026"),
        ("fr", "1 mars 2026"),
        ("he", "1 \u05d1\u05de\u05e8\u05e5 2026"),
        ("ar", "1 \u0645\u0627\u0631\u0633 2026"),
        ("pt-BR", "1 de mar\u00e7o de 2026"),
        ("vi", "1 th\u00e1ng 3, 2026"),
    ],
)
def test_days_are_in_the_words_of_the_language(language, day):
    """The language gives their order, too."""
    assert day_in_words("2026-03-01", catalogue(language)) == day


def test_further_places_are_named_in_a_line():
    """The same text is shown once, and each other place is named."""
    places = [("a.md", 2), ("b/c.md", 14)]
    line = further_places(places, catalogue("de"))
    assert line == "Derselbe Text: a.md, Absatz 2 \u00b7 b/c.md, Absatz 14"
