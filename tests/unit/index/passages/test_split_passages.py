"""Paragraphs become passages that still know their place."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.analysis.terms import extract_words
from index.documents import Document, Paragraph
from index.documents.model import Mark
from index.documents.readers.plain_text import read_plain_text
from index.passages.passage import PassageRef, fingerprint
from index.passages.split_passages import MAX_PASSAGE_CHARS, split_passages

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
    """The title and outer headings are context; the innermost heading counts as text."""
    paragraph = Paragraph(1, "The bell rang.", "Tower \u203a Storms")
    (passage,) = split_passages(Document("a.md", "Lowmere", (paragraph,)))
    assert passage.words == ["bell", "rang"]
    assert passage.words_of_text == ["storms", "bell", "rang"]
    assert passage.context_words == ["lowmere", "tower"]


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
@example("0:")
@quick
def test_passages_of_any_text_hold_all_of_its_characters(text):
    """From a plain text to its passages no character is lost, but white space and bare marks."""
    title, read = read_plain_text(text.replace("\r", "\n"))
    passages = list(split_passages(Document("any.txt", "Any", read), max_chars=10))
    found = "".join(_letters(passage.text) for passage in passages)
    told = [one.text for one in read if any(char.isalnum() for char in one.text)]
    assert found == "".join(map(_letters, told))
    assert _letters(text) in (
        _letters((title or "") + "".join(one.text for one in read)),
        _letters(2 * (title or "") + "".join(one.text for one in read)),
    )


def _split(*blocks, max_chars=MAX_PASSAGE_CHARS, **fields):
    return list(split_passages(Document("a.md", "Lowmere", blocks, **fields), max_chars))


def test_passage_of_a_lead_in_and_code_keeps_both_and_their_lines():
    """A blank line lies between the blocks; each line of code is a sentence; marks move along."""
    code = "  lamps:\n\n    dim: true"
    marks = (Mark("code", 0, len(code), "yaml"),)
    lead_in = Paragraph(3, "Use this:", marks=(Mark("strong", 4, 8),))
    (passage,) = _split(lead_in, Paragraph(4, code, kind="code", marks=marks))
    assert passage.text == f"Use this:\n\n{code}"
    assert (passage.paragraph, passage.paragraph_end) == (3, 4)
    assert passage.sentence_texts() == ["Use this:", "lamps:", "dim: true"]
    assert [(m.kind, passage.text[m.start : m.end]) for m in passage.marks] == [
        ("strong", "this"),
        ("code", code),
    ]


def test_table_is_cut_between_rows_and_its_header_stands_above_each_part():
    """No row is cut, and the header's words help to find the rows below it."""
    rows = [f"gate {n} | {n} euros" for n in range(100)]
    text = "\n".join(["Gate | Fee", *rows])
    table = Paragraph(2, text, kind="table", marks=(Mark("table", 0, len(text), "header"),))
    parts = _split(Paragraph(1, "The fees are:"), table)
    assert "\n".join(part.text for part in parts) == f"The fees are:\n\n{text}"
    assert max(len(part.text) for part in parts) <= 600
    first, second, *_ = parts
    assert (first.header, first.lead_in) == (None, None)
    assert (second.header, second.lead_in) == ("Gate | Fee", "The fees are:")
    assert second.context == "The fees are:\nGate | Fee"
    assert "fee" in second.context_words
    assert [mark.value for mark in first.marks] == ["header"]
    assert [mark.value for mark in second.marks] == [""]
    assert {(part.paragraph, part.paragraph_end) for part in parts[1:]} == {(2, 2)}


def test_header_row_is_never_parted_from_the_first_row():
    """Also if both together are longer than a part."""
    text = "Gate | Fee\n" + "A" * 80 + " | 9"
    table = Paragraph(1, text, kind="table", marks=(Mark("table", 0, len(text), "header"),))
    assert [part.text for part in _split(table, max_chars=20)] == [text]


def test_long_code_is_cut_between_lines_and_keeps_their_indentation():
    """Later parts know what was said above the code."""
    code = "\n".join(f"    option_{n}: true" for n in range(20))
    parts = _split(Paragraph(1, "Set:"), Paragraph(2, code, kind="code"), max_chars=100)
    assert "\n".join(part.text for part in parts) == f"Set:\n\n{code}"
    assert all(part.text.startswith("    option") for part in parts[1:])
    assert {part.lead_in for part in parts[1:]} == {"Set:"}


def test_short_code_is_not_cut():
    """It moves to the next part with the text right above it."""
    code = "\n".join(f"option_{n}: true" for n in range(20))
    prose = Paragraph(1, "A bell rings. " * 100 + "Write this.", "Lamps?")
    parts = _split(prose, Paragraph(2, code, "Lamps?", kind="code"))
    assert [part.text for part in parts][1:] == [f"Write this.\n\n{code}"]


def test_first_line_of_code_is_no_passage_before_a_line_that_is_too_long():
    """Such as a picture written as one line."""
    code = ":root {\n  --lamp: " + "a" * 2000 + ";\n}"
    first, *_ = _split(Paragraph(1, code, kind="code"))
    assert first.text.startswith(":root {\n  ")


def test_last_line_of_code_or_a_list_is_no_passage():
    """It is the end of the passage before it, even if that is a little too long."""
    lines = [f"option_{n:02}: {'a' * 40}" for n in range(29)]
    for kind in ("code", "list"):
        (passage,) = _split(Paragraph(1, "\n".join([*lines, "end"]), kind=kind))
        assert len(passage.text) > MAX_PASSAGE_CHARS
        assert passage.text.endswith("\nend")


def test_later_parts_of_a_list_know_the_lead_in_right_above_it():
    """Whatever else the passage begins with."""
    items = "\n".join(f"The bell number {n} was mended." for n in range(100))
    _, second, *_ = _split(
        Paragraph(1, "Released on 9 May", "4.1"),
        Paragraph(2, "Mended:", "4.1"),
        Paragraph(3, items, "4.1", kind="list"),
    )
    assert second.lead_in == "Mended:"


def test_list_is_cut_between_its_items():
    """Not between the sentences of an item."""
    items = [f"The bell number {n} rings. GH-{n}" for n in range(100)]
    parts = _split(Paragraph(1, "\n".join(items), kind="list"))
    assert len(parts) > 1
    assert all(part.text.startswith("The bell") for part in parts)


def test_later_parts_of_a_definition_know_its_term():
    """As those of a long description of a function."""
    term = Paragraph(1, "ring(times)", "Bells")
    texts = [Paragraph(n, "Rings it. " * 80, "Bells", continues=True) for n in (2, 3, 4)]
    parts = _split(term, *texts)
    assert [part.lead_in for part in parts] == [None] + ["ring(times)"] * (len(parts) - 1)
    assert len(parts) > 1


def test_question_in_a_heading_is_the_context_of_its_answer():
    """It is shown with each part of the answer, and not counted twice among the words above it."""
    section = "Ferry \u203a May I swim?"
    parts = _split(
        Paragraph(1, "Only in July.", section), Paragraph(2, "It is cold.", section), max_chars=15
    )
    assert [part.context for part in parts] == ["May I swim?", "May I swim?"]
    assert parts[0].words_of_text[:2] == ["may", "swim"]
    assert parts[0].context_words == ["lowmere", "ferry"]


def test_passage_links_to_its_section_and_knows_the_date_of_its_text():
    """The address ends with the id of the heading, unless it has an end of its own."""
    block = Paragraph(1, "Nine boats.", "Crew", anchor="the-crew")
    (passage,) = _split(block, url="https://lowmere.example/a", date="2026-03-01")
    assert passage.url == "https://lowmere.example/a#the-crew"
    assert passage.date == "2026-03-01"
    (other,) = _split(block, url="https://lowmere.example/a#top")
    assert other.url == "https://lowmere.example/a#top"


def test_passage_links_to_the_term_that_it_is_about():
    """Also its later parts."""
    term = Paragraph(1, "ring(times)", "Bells", anchor="bells", own_anchor="ring")
    text = Paragraph(2, "The bell rings. " * 150, "Bells", anchor="bells", continues=True)
    parts = _split(term, text, url="https://lowmere.example/a")
    assert {part.url for part in parts} == {"https://lowmere.example/a#ring"}
    assert len(parts) > 1


def test_table_keeps_an_empty_first_cell():
    """Else its columns would not be those of the rows below."""
    text = " | Fee\nGate | 9"
    table = Paragraph(1, text, kind="table", marks=(Mark("table", 0, len(text), "header"),))
    (passage,) = _split(table)
    assert passage.text == text
    assert [mark.start for mark in passage.marks] == [0]


def test_groups_that_say_nothing_are_left_out():
    """The numbers of the other blocks stay."""
    mark, said = Paragraph(1, "***"), Paragraph(2, "The bell rang.")
    assert [passage.paragraph for passage in _split(mark, said)] == [2]
    assert _split(mark) == []


def test_references_to_blocks_find_the_passage_that_holds_them():
    """Also those that were made when each block was a passage."""
    lead_in, listed = "They carry:", "nets\nropes"
    (passage,) = _split(Paragraph(1, lead_in), Paragraph(2, listed, kind="list"))
    for number, text in ((1, lead_in), (2, listed)):
        assert passage.holds(PassageRef("a.md", number, fingerprint(text)))
        assert not passage.holds(PassageRef("b.md", number, fingerprint(text)))
        assert not passage.holds(PassageRef("a.md", number + 5, fingerprint(text)))
    assert passage.holds(passage.ref)
    assert not passage.holds(PassageRef("a.md", 2, fingerprint("sails")))


kinds = st.sampled_from(["text", "list", "item", "table", "code"])


@given(st.lists(st.tuples(kinds, paragraphs), min_size=1, max_size=6), st.integers(10, 80))
@quick
def test_parts_of_any_blocks_give_back_their_words_in_order(described, max_chars):
    """No word is lost, added or moved, whatever the blocks are and wherever they are cut."""
    blocks = [Paragraph(n, text, kind=kind) for n, (kind, text) in enumerate(described, start=1)]
    passages = _split(*blocks, max_chars=max_chars)
    said = [block.text for block in blocks if any(map(str.isalnum, block.text))]
    joined = "".join(_letters(passage.text) for passage in passages)
    assert joined == "".join(map(_letters, said))
    for passage in passages:
        covered = "".join(_letters(text) for text in passage.sentence_texts())
        assert covered == _letters(passage.text)
        assert passage.paragraph <= passage.paragraph_end


odd_texts = st.text(
    st.sampled_from("a. -*|#>\n\u200b\u2014!1\u0301\U0001f41f") | st.characters(), min_size=1
)


@given(st.lists(odd_texts, min_size=1, max_size=4), st.none() | st.just("Storms"))
@quick
def test_each_passage_has_a_sentence(texts, section):
    """Whatever a text consists of, what is quoted has a sentence: vectors of lines rest on it."""
    numbered = tuple(Paragraph(n, text, section) for n, text in enumerate(texts, start=1))
    for passage in split_passages(Document("a.txt", "Lowmere", numbered)):
        assert passage.sentences


def test_lead_in_above_other_headings_is_no_passage():
    """ "There are two bells:" alone answers nothing; the sections below it do."""
    blocks = (
        Paragraph(1, "There are two bells:", "Bells"),
        Paragraph(2, "The old bell rings at dawn.", "Bells \u203a Old"),
    )
    found = split_passages(Document("bells.md", "Bells", blocks))
    assert [passage.text for passage in found] == ["The old bell rings at dawn."]
