"""What an answer should hold word for word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Document, Paragraph
from index.passages.split_passages import split_passages
from index.search.ranking.exact_phrases import exact_phrases, holds_phrase


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ('who said "the tide waits"?', [("the", "tide", "waits")]),
        ("who said \u201cthe tide waits\u201d?", [("the", "tide", "waits")]),
        ("wer sagte \u201edie Flut kommt\u201c?", [("die", "flut", "kommt")]),
        ("where is \u00abla mer\u00bb", [("la", "mer")]),
        ("what does `tide --low` do", [("tide", "low")]),
        ('what is a "tide"?', []),
        ("what does code 50013 mean", [("50013",)]),
        ("error 404 on the pier", [("404",)]),
        ("what is new in 6.2.8?", [("6.2.8",)]),
        ("what is E1234?", [("e1234",)]),
        ("what is 0x80070005?", [("0x80070005",)]),
        ("who built the pier in 1802", []),
        ("the 12th pier of the 1980s", []),
        ("where is IT?", [("it",)]),
        ("where is it?", []),
        ("WHO dug the pier", []),
        ("which pier is NOT open", []),
        ("what does the WHO say", [("who",)]),
    ],
)
def test_phrases_of_a_question(question, phrases):
    """Quotations of several words, codes, versions and names are exact; years are not."""
    assert exact_phrases(question, lambda _: True) == phrases


@pytest.mark.parametrize(
    ("question", "known", "phrases"),
    [
        ("what is 80070005?", "0x80070005", [("0x80070005",)]),
        ("what is new in 6.3?", "6.3.1", [("6.3.1",)]),
        ("what is new in 6.3?", "6.30", [("6.3",)]),
    ],
)
def test_code_that_the_texts_write_otherwise_is_looked_for_in_their_form(question, known, phrases):
    """An answer holds "6.3.1" word for word where the texts do not know "6.3"."""
    assert exact_phrases(question, {known}.__contains__) == phrases


def _passage(text):
    document = Document("a.txt", "Tide clock", (Paragraph(1, text, section="Release v6.2.8"),))
    return next(iter(split_passages(document)))


def test_passage_holds_a_phrase_in_its_text_title_or_section():
    """The words must follow each other, whatever marks and capitals are between them."""
    passage = _passage("He said: the Tide, waits for IT.")
    assert holds_phrase(passage, ("the", "tide", "waits"))
    assert holds_phrase(passage, ("tide", "clock"))
    assert holds_phrase(passage, ("6.2.8",))
    assert holds_phrase(passage, ("it",))
    assert not holds_phrase(passage, ("tide", "the"))
    assert not holds_phrase(passage, ("6.2",))


@given(st.text(max_size=80))
def test_any_text_has_few_phrases_of_words(text):
    """No text raises or makes many phrases."""
    phrases = exact_phrases(text, lambda _: False)
    assert len(phrases) <= 5
    assert all(all(phrase) and phrase for phrase in phrases)
