"""Passages that stand next to each other read as one, word for word."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents.model import Document, Mark, Paragraph
from index.passages.join_passages import join_passages, stand_together
from index.passages.split_passages import split_passages

SECTION = "Install"
LONG = "The tide came in and went out. " * 3


def _passages(*blocks, max_chars=100, section=SECTION):
    numbered = [replace(one, number=n, section=section) for n, one in enumerate(blocks, start=1)]
    document = Document("boats.md", "Boats", tuple(numbered))
    return list(split_passages(document, max_chars))


def _text(words):
    return Paragraph(1, words)


def _block(kind, text, value=""):
    return Paragraph(1, text, kind=kind, marks=(Mark(kind, 0, len(text), value),))


def test_paragraphs_of_a_section_stand_together():
    """Two paragraphs below one heading are joined with a blank line between them."""
    first, second = _passages(_text(f"A bell. {LONG}"), _text(f"A boat. {LONG}"))
    assert stand_together(first, second)
    joined, offsets = join_passages([first, second])
    assert joined.text == f"{first.text}\n\n{second.text}"
    assert offsets == [0, len(first.text) + 2]
    assert (joined.paragraph, joined.paragraph_end) == (1, 2)


def test_paragraphs_without_headings_stand_alone():
    """A text without headings has no sections; only parts of one paragraph go on in it."""
    first, second = _passages(_text(f"A bell. {LONG}"), _text(f"A boat. {LONG}"), section=None)
    assert not stand_together(first, second)
    part, rest = _passages(_text(LONG * 2), section=None)
    assert stand_together(part, rest)
    assert join_passages([part, rest])[0].text == (LONG * 2).strip()


@pytest.mark.parametrize(
    "change", [{"source": "b.md"}, {"section": "Remove"}, {"url": "https://x.org/#b"}]
)
def test_passages_of_two_sections_stand_apart(change):
    """Another text, section or place on the page is not gone on with."""
    first, second = _passages(_text(f"A bell. {LONG}"), _text(f"A boat. {LONG}"))
    assert not stand_together(first, replace(second, **change))


def test_passages_with_a_block_between_them_stand_apart():
    """What stands between two passages may not be left out."""
    first, _, third = _passages(*(_text(f"{word}. {LONG}") for word in ("A", "B", "C")))
    assert not stand_together(first, third)
    assert not stand_together(third, first)


def test_parts_of_a_table_are_one_table():
    """Its rows stay lines, and the header row names the columns of all of them."""
    rows = "\n".join(f"herring {n} | {n} pence at the pier" for n in range(12))
    parts = _passages(_block("table", f"Fish | Price\n{rows}", "header"))
    assert len(parts) > 2
    joined, _ = join_passages(parts)
    assert joined.text == f"Fish | Price\n{rows}"
    assert joined.marks == (Mark("table", 0, len(joined.text), "header"),)
    assert joined.context is None
    assert join_passages(parts[1:])[0].context == "Fish | Price"


def test_parts_of_code_are_one_block_with_its_blank_lines():
    """Code keeps its lines, those without a letter and the indentation among them."""
    code = "\n\n".join(f"def boat_{n}():\n    return {n}" for n in range(60))
    parts = _passages(_block("code", code, "python"), max_chars=1500)
    assert len(parts) > 1
    joined, _ = join_passages(parts)
    assert joined.text == code
    assert joined.marks == (Mark("code", 0, len(code), "python"),)


def test_items_of_a_list_stay_lines():
    """A list that was cut between its items goes on with a line."""
    items = "\n".join(f"boat number {n} with a long name" for n in range(8))
    parts = _passages(Paragraph(1, items, kind="list"))
    assert join_passages(parts)[0].text == items


def test_lead_in_is_shown_once():
    """The line above is not repeated as context once it stands in the text itself."""
    parts = _passages(
        _text("These boats leave before dawn:"),
        Paragraph(1, "\n".join(f"boat number {n} with a name" for n in range(8)), kind="list"),
    )
    assert [part.context for part in parts] == [None, *[parts[0].text.split("\n")[0]] * 2]
    assert join_passages(parts)[0].context is None
    assert join_passages(parts[1:])[0].context == parts[1].context


_words = st.sampled_from("The bell rang. tide Mr. boats! nets why? | 7".split())
_lines = st.lists(_words, min_size=1, max_size=12).map(" ".join)
_kinds = st.sampled_from(["text", "list", "table", "code"])
_blocks = st.builds(
    lambda kind, lines: (
        _text(" ".join(lines))
        if kind == "text"
        else Paragraph(1, "\n".join(lines), kind="list")
        if kind == "list"
        else _block(kind, "\n".join(lines))
    ),
    _kinds,
    st.lists(_lines, min_size=1, max_size=8),
)


@given(blocks=st.lists(_blocks, min_size=1, max_size=5), max_chars=st.integers(40, 300))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_joined_passages_have_all_words_sentences_and_marks(blocks, max_chars):
    """Nothing is added, left out or moved, whatever is joined."""
    passages = _passages(*blocks, max_chars=max_chars)
    run = passages[:1]
    for before, after in pairwise(passages):
        if not stand_together(before, after):
            break
        run.append(after)
    if not run:
        return
    joined, offsets = join_passages(run)
    assert joined.text.split() == [word for one in run for word in one.text.split()]
    for passage, offset in zip(run, offsets, strict=True):
        assert joined.text[offset:].startswith(passage.text)
    assert joined.sentence_texts() == [text for one in run for text in one.sentence_texts()]
    marked = {
        (mark.kind, line)
        for one in run
        for mark in one.marks
        for line in one.text[mark.start : mark.end].split("\n")
    }
    for kind, line in marked:
        held = [joined.text[m.start : m.end].split("\n") for m in joined.marks if m.kind == kind]
        assert any(line in lines for lines in held)
    assert all(joined.holds(one.ref) for one in run)


def test_chinese_sentences_are_joined_without_a_space():
    """The parts of a block have between them what the block has."""
    sentence = "\u706f\u5854\u5efa\u4e8e\u4e00\u4e5d\u96f6\u4e8c\u5e74\u3002"
    before, after = _passages(_text(sentence * 16))
    assert join_passages([before, after])[0].text == sentence * 16


def test_table_has_no_blank_line_where_it_was_cut():
    """Spaces at the end of a row are no line of their own."""
    rows = "  \n".join(f"herring {n} | {n} pence at the pier" for n in range(6))
    before, after = _passages(_block("table", rows, ""))
    joined = join_passages([before, after])[0]
    assert "\n\n" not in joined.text
    assert [joined.text[one.start : one.end].split()[1] for one in joined.sentences] == list(
        "012345"
    )
