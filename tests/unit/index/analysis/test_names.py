"""Names are followed through a document."""

import time

import pytest

from index.analysis import sentences
from index.analysis.names import (
    asked_name,
    follow_names,
    full_names,
    identifiers_in,
    names_in,
    numbers_in,
)

REPORT = [
    "Jake Sullivan, an adviser, met Gen. Anna M. Crane. The White House was silent.",
    "On Monday Mr. Sullivan left.",
    "General Crane stayed with Jake Sullivan.",
    "When Crane spoke, nobody slept.",
]


def test_name_is_introduced_where_it_first_stands_in_full():
    """The first full mention introduces a name that later stands short; a place does not count."""
    assert follow_names(REPORT)[0].introduced == ("crane", "sullivan")
    assert [names.introduced for names in follow_names(REPORT)[1:]] == [(), (), ()]


def test_short_name_is_completed_by_its_other_words():
    """Where only the last word stands, the given names are added."""
    completed = [names.completed for names in follow_names(REPORT)]
    assert completed == [(), ("jake",), ("anna", "m"), ("anna", "m")]


def test_texts_without_names_add_nothing():
    """No paragraphs, or none with a name, are no error."""
    assert follow_names([]) == []
    assert follow_names(["the tide turned", ""])[0].introduced == ()


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("who is sullivan?", {"sullivan"}),
        ("Who's Jake Sullivan", {"jake", "sullivan"}),
        ("and who was Mr. Crane?", {"crane"}),
        ("tell me about gen. crane", {"crane"}),
        ("who is the king of Norway?", set()),
        ("who met Sullivan?", set()),
        ("who is", set()),
        ("when did Sullivan leave?", set()),
    ],
)
def test_asked_name_is_found_only_where_nothing_else_is_asked(question, name):
    """A name after "who is" is asked for; a description or a deed is not."""
    assert asked_name(question) == name


def test_full_names_are_given_without_titles_and_sentence_starts():
    """Titles and the first words of sentences are no part of a name."""
    assert full_names("When President Jake Sullivan met Gen. Anna M. Crane") == [
        "Jake Sullivan",
        "Anna M. Crane",
    ]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("When did Ada Finch dig it?", {"ada", "finch"}),
        ("What did Gen. Crane say?", {"gen", "crane"}),
        ('why is it called "Old Nan"', {"old", "nan"}),
        ("who is sinwar", {"sinwar"}),
        ("Where is the bell?", set()),
        ("It burned. Why?", set()),
        ("WHAT DID CRANE SAY?", set()),
        ("What Did The Keepers Do?", set()),
        ("", set()),
    ],
)
def test_names_in_a_question_have_a_capital_inside_or_are_asked_for(question, names):
    """A capital where a sentence begins, or on every word, names nobody."""
    assert names_in(question) == names


def test_names_are_found_without_punkt(monkeypatch):
    """A question of several sentences does not wait a quarter of a second for NLTK to load."""

    monkeypatch.setattr(sentences, "_splitter", None)
    question = 'is it open? The U.S. Navy asked Mr. Cole. "When?" Nobody told J. Finch... Why'
    assert names_in(question) == {"navy", "us", "mr", "cole", "j", "finch"}


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("what happened in 1887 and in the 1890s, or in the 1870's?", {"1887"}),
        ("are there 20,000 boats, or 3?", {"20000"}),
        ("is v3.2.1 newer than 3.11", {"3.2.1", "3.11"}),
        ("does ipv6 work on the ps3 in the 20th week", {"ipv6", "ps3"}),
        ("", set()),
    ],
)
def test_numbers_of_a_question_say_one_thing(question, numbers):
    """Years, amounts, versions and words with a digit; no ordinals, decades and small counts."""
    assert numbers_in(question) == numbers


@pytest.mark.parametrize(
    ("question", "identifiers"),
    [
        ("is it on GitHub", [("git", "hub")]),
        ("max_berths or HTTPServer?", [("max", "berths"), ("http", "server")]),
        ("does node.js run", [("node", "js")]),
        ("WHat is a co-founder's Wi-Fi? It burned.Why", []),
    ],
)
def test_identifiers_have_what_no_sentence_has_inside_a_word(question, identifiers):
    """A hump, an underscore or a point; but hyphens join plain words."""
    assert identifiers_in(question) == identifiers


def test_names_of_a_text_without_spaces_take_no_longer_than_of_another():
    """A token of a megabyte, as in a data file, is no name and is not tried from every letter."""
    text = "ACGT" * 250_000 + " Ada Finch spoke. " + "A-" * 100_000
    started = time.process_time()
    follow_names([text, "Finch left."])
    assert time.process_time() - started < 20  # it took hours
