"""Plain text becomes a title and paragraphs."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.documents import Paragraph
from index.documents.readers.plain_text import read_plain_text

quick = settings(max_examples=60, deadline=None, derandomize=True)


def _texts(paragraphs):
    return [paragraph.text for paragraph in paragraphs]


def _letters(text):
    return "".join(text.split())


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n\n", "\n \t\n", "\n\u00a0\n", "\n\u3000 \u2003\n"])
def test_plain_text_paragraphs_stand_between_blank_lines(gap):
    """Blank lines part paragraphs, also lines of non-breaking and wide spaces."""
    _, paragraphs = read_plain_text(gap.join(["Low tide.", "High tide.", "No tide."]))
    assert paragraphs == (
        Paragraph(1, "Low tide."),
        Paragraph(2, "High tide."),
        Paragraph(3, "No tide."),
    )


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("The boats came\nhome with\nthe tide.", "The boats came home with the tide."),
        ("  The boats came   \n\tlate.  ", "The boats came late."),
        ("\u00a0The\u00a0bell rang.\u00a0", "The\u00a0bell rang."),
        ("We sell:\n- nets\n- long\n  ropes", "We sell:\n- nets\n- long ropes"),
        ("1. Cast off.\n2. Row\nout.\n10) Rest.", "1. Cast off.\n2. Row out.\n10) Rest."),
        ("\u2022 nets\n\u2022 ropes", "\u2022 nets\n\u2022 ropes"),
        ("(a) nets\n(b) ropes", "(a) nets\n(b) ropes"),
        ("In the year\n1887 it sank.", "In the year 1887 it sank."),
    ],
)
def test_plain_text_joins_wrapped_lines_and_keeps_lists(block, text):
    """Hard wrapping is undone with single spaces; the lines of a list stay lines."""
    _, paragraphs = read_plain_text(f"First paragraph.\n\n{block}\n\nLast paragraph.")
    assert _texts(paragraphs)[1] == text


_FACTS = [
    "The crane lifts two tonnes",
    "The ferry leaves at 7:40",
    "Dogs must be kept on a lead near the slipway",
    "Diesel is sold at pump three",
]


@pytest.mark.parametrize(
    "lines",
    [
        _FACTS,
        _FACTS[:3],
        ["Monday: Ada", "Tuesday: Ben and somebody else", "Friday: nobody"],
        [f"{fact}." for fact in (*_FACTS, "Bait is sold.", "Ice is free.")],
    ],
)
def test_plain_text_with_a_fact_a_line_has_a_paragraph_a_line(lines):
    """Lines that nobody wrapped stand for themselves."""
    _, paragraphs = read_plain_text("\n".join(lines))
    assert _texts(paragraphs) == lines


@pytest.mark.parametrize(
    "lines",
    [
        ["The boats of Lowmere came home with", "Ada and Ben at the helm, and the whole", "Town."],
        ["Row the boat ashore,", "Ring the bell,", "Nobody came", "When it fell."],
        ["The crane is old.", "It lifts two tonnes only.", "Nobody uses it."],
        ["The crane lifts two tonnes", "Nobody uses it"],
        [
            "Die Boote der Fischer von Lowmere kamen",
            "Abends mit der Flut nach Hause und",
            "Legten an.",
        ],
    ],
)
def test_plain_text_of_wrapped_lines_verses_and_sentences_is_joined(lines):
    """Prose stays a paragraph, also with a sentence a line."""
    _, paragraphs = read_plain_text("\n".join(lines))
    assert _texts(paragraphs) == [" ".join(lines)]


@pytest.mark.parametrize(
    "title", ["The harbour of Lowmere", "Who rang the bell?", "Finch & Sons Inc.", "x" * 150]
)
@pytest.mark.parametrize("times", [1, 2])
def test_plain_text_title_is_a_short_first_line_that_may_stand_twice(title, times):
    """A first line that is no sentence is the title, its repetition too, and no paragraph."""
    text = f"{title}\n\n" * times + "The bell rang."
    assert read_plain_text(text) == (title, (Paragraph(1, "The bell rang."),))


@pytest.mark.parametrize("times", [3, 4])
def test_plain_text_line_that_stands_often_is_text_too(times):
    """Only one repetition belongs to the title; what comes after it is quoted."""
    title, paragraphs = read_plain_text("Refrain\n\n" * times + "The bell rang.")
    assert title == "Refrain"
    assert _texts(paragraphs) == ["Refrain"] * (times - 2) + ["The bell rang."]


def test_plain_text_of_many_equal_blocks_is_read_in_linear_time():
    """A text that says one thing 200,000 times takes no minutes."""
    started = time.process_time()
    _, paragraphs = read_plain_text("Tide\n\n" * 200_000)
    assert len(paragraphs) == 199_998
    assert time.process_time() - started < 5  # seconds


def test_plain_text_title_may_be_a_sentence_when_it_stands_twice():
    """A headline with a final mark is known by its repetition."""
    title, paragraphs = read_plain_text("Nobody drowned.\n\nNobody drowned.\n\nThe bell rang.")
    assert (title, _texts(paragraphs)) == ("Nobody drowned.", ["The bell rang."])


@pytest.mark.parametrize(
    "first",
    ["The bell rang.", "Inside:", "- nets", "x" * 151, "Two\nlines", "Sold,", "So it went!"],
)
def test_plain_text_without_a_title_begins_with_a_paragraph(first):
    """A sentence, a list item, a long line or two lines are no title."""
    title, paragraphs = read_plain_text(f"{first}\n\nNobody drowned.")
    assert title is None
    assert [paragraph.number for paragraph in paragraphs] == [1, 2]


@pytest.mark.parametrize("text", ["", " \n\n\u00a0\n", "\n"])
def test_plain_text_of_white_space_has_no_paragraph(text):
    """An empty text is empty, with no title."""
    assert read_plain_text(text) == (None, ())


def test_plain_text_of_one_line_is_a_paragraph():
    """A title needs a text below it."""
    assert read_plain_text("Closed in winter") == (None, (Paragraph(1, "Closed in winter"),))


@given(st.lists(st.text(st.characters(exclude_characters="\r"))).map("\n\n".join))
@example("A\n\nA\n\nA")
@quick
def test_plain_text_loses_no_character(text):
    """Title and paragraphs hold every character of the text in order, white space aside."""
    title, paragraphs = read_plain_text(text)
    found, head = _letters("".join(_texts(paragraphs))), _letters(title or "")
    lost = _letters(text).removesuffix(found)
    assert lost == head * (len(lost) // len(head) if head else 0)
    assert _letters(text).endswith(found)
