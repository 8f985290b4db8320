"""Paragraphs become passages that still know their place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis.terms import extract_words
from index.documents import Document, Paragraph
from index.documents.readers.plain_text import read_plain_text
from index.passages.passage import MAX_PASSAGE_CHARS, fingerprint, split_passages

quick = settings(max_examples=60, deadline=None, derandomize=True)
words = st.sampled_from(
    "The bell rang. tide Mr. boats! (a) 7 \u201cNo.\u201d and\u00a0nets why?".split(" ")
)
lines = st.lists(words, min_size=1, max_size=12).map(" ".join)
paragraphs = st.lists(lines, min_size=1, max_size=8).map("\n".join)


def _document(*texts, title="Lowmere"):
    numbered = tuple(Paragraph(n, text) for n, text in enumerate(texts, start=1))
    return Document("lowmere.txt", title, numbered)


def _letters(text):
    return "".join(text.split())


@pytest.mark.parametrize(
    ("text", "number"), [("", 0), ("The bell rang.", 0x36321304), ("caf\u00e9 \ud800", 0xDF3C32CC)]
)
def test_fingerprint_is_the_same_in_every_process(text, number):
    """A text's fingerprint is a fixed number, so it may be kept between runs."""
    assert fingerprint(text) == number


def test_passage_of_a_short_paragraph_is_the_paragraph():
    """A paragraph within the limit is one passage at offset 0 with all that is known of it."""
    paragraph = Paragraph(4, "The bell rang. Nobody drowned.", "Storms", 3)
    (passage,) = split_passages(Document("a/b.md", "Lowmere", (paragraph,)))
    assert (passage.source, passage.title, passage.section) == ("a/b.md", "Lowmere", "Storms")
    assert (passage.paragraph, passage.page, passage.start) == (4, 3, 0)
    assert passage.text == paragraph.text
    assert [passage.text[s.start : s.end] for s in passage.sentences] == [
        "The bell rang.",
        "Nobody drowned.",
    ]


def test_passages_of_a_long_paragraph_end_with_sentences_and_know_their_paragraph():
    """A paragraph over the limit is cut after sentences; its parts share its number."""
    text = " ".join(f"Boat number {n} came home with the tide." for n in range(100))
    parts = list(split_passages(_document("Short.", text)))[1:]
    assert len(parts) == -(-len(text) // MAX_PASSAGE_CHARS)
    assert {part.paragraph for part in parts} == {2}
    assert all(part.text.endswith("tide.") for part in parts)
    assert all(part.text.startswith("Boat number") for part in parts)
    assert max(len(part.text) for part in parts) <= MAX_PASSAGE_CHARS
    assert " ".join(part.text for part in parts) == text


@pytest.mark.parametrize(("over", "parts"), [(0, 1), (1, 2)])
def test_passage_limit_is_inclusive(over, parts):
    """A paragraph of exactly the limit stays whole; one character more splits it."""
    text = "Ropes were sold. Nets were mended."
    assert len(list(split_passages(_document(text), max_chars=len(text) - over))) == parts


def test_passage_of_one_endless_sentence_is_not_torn():
    """A sentence longer than the limit stays whole."""
    text = "and the tide came in " * 200 + "again."
    (passage,) = split_passages(_document(text))
    assert passage.text == text


def test_passage_of_a_list_of_one_line_items_is_not_torn():
    """A list without final marks stays in one passage, lines kept, however long it is."""
    text = "What the boats carry:\n" + "\n".join(f"- barrel number {n}" for n in range(150))
    (passage,) = split_passages(_document(text))
    assert passage.text == text
    assert len(passage.sentences) == 151


def test_passages_of_a_title_are_none():
    """The title and the section are context of a passage and not part of its own words."""
    paragraph = Paragraph(1, "The bell rang.", "Storms")
    (passage,) = split_passages(Document("a.md", "Lowmere", (paragraph,)))
    assert passage.words == ["bell", "rang"]
    assert passage.context_words == ["lowmere", "storms"]


@given(st.lists(paragraphs, max_size=4), st.integers(1, 80))
@quick
def test_passages_in_order_give_back_their_paragraphs(texts, max_chars):
    """Each passage stands at its offset, parts follow each other, and nothing is lost."""
    passages = list(split_passages(_document(*texts), max_chars))
    assert [p.paragraph for p in passages] == sorted(p.paragraph for p in passages)
    for number, text in enumerate(texts, start=1):
        position = 0
        for part in (p for p in passages if p.paragraph == number):
            assert part.start >= position
            assert not text[position : part.start].strip()
            assert text[part.start :].startswith(part.text)
            position = part.start + len(part.text)
        assert not text[position:].strip()


@given(paragraphs, st.integers(1, 80))
@quick
def test_passages_over_the_limit_cannot_be_cut(text, max_chars):
    """Only a part without an inner sentence end is longer than the limit."""
    for part in split_passages(_document(text), max_chars):
        if len(part.text) > max_chars:
            inner = [part.text[s.start : s.end] for s in part.sentences[:-1]]
            assert not any(s.rstrip("\u201d)").endswith((".", "!", "?")) for s in inner)


@given(paragraphs, st.integers(1, 80))
@quick
def test_sentences_of_a_passage_carry_the_words_of_their_characters(text, max_chars):
    """Sentence offsets count in the passage's text, and its words are those of its sentences."""
    for part in split_passages(_document(text), max_chars):
        for sentence in part.sentences:
            assert list(sentence.words) == extract_words(part.text[sentence.start : sentence.end])
        assert part.words == [word for s in part.sentences for word in s.words]
        assert part.words == [w for s in part.sentence_texts() for w in extract_words(s)]
        assert sum(len(_letters(part.text[s.start : s.end])) for s in part.sentences) == len(
            _letters(part.text)
        )


@given(st.text())
@quick
def test_passages_of_any_text_hold_all_of_its_characters(text):
    """From a plain text to its passages no character is lost, white space aside."""
    title, read = read_plain_text(text.replace("\r", "\n"))
    passages = list(split_passages(Document("any.txt", "Any", read), max_chars=10))
    found = "".join(_letters(passage.text) for passage in passages)
    assert _letters(text) in (
        found,
        _letters(title or "") + found,
        _letters((title or "") * 2) + found,
    )
