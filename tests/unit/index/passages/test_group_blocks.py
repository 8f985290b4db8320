"""Blocks that a reader needs to see together are one group; every other block is its own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents.model import Mark, Paragraph
from index.passages.group_blocks import group_blocks, is_fragment

quick = settings(max_examples=60, deadline=None, derandomize=True)

LINK = "https://lowmere.example/gates"


def _blocks(*described):
    """Return blocks of (kind, text) or (kind, text, section), numbered from 1."""
    return [
        Paragraph(number, text, section[0] if section else None, kind=kind)
        for number, (kind, text, *section) in enumerate(described, start=1)
    ]


def _grouped(*described):
    return [[block.number for block in group.blocks] for group in group_blocks(_blocks(*described))]


@pytest.mark.parametrize("kind", ["code", "list", "table"])
def test_lead_in_and_what_it_announces_are_one_group(kind):
    """The text after them is another group, and so is a text that announces nothing."""
    blocks = ("text", "Boats."), ("text", "Ring the bell so:"), (kind, "a | b"), ("text", "Good.")
    assert _grouped(*blocks) == [[1], [2, 3], [4]]


def test_short_text_before_code_is_its_lead_in_without_a_colon():
    """A long text is not; nor is a text of another section."""
    assert _grouped(("text", "Use this option."), ("code", "ring: true")) == [[1, 2]]
    assert _grouped(("text", "The bell rang. " * 50), ("code", "ring: true")) == [[1], [2]]
    assert _grouped(("text", "So:", "Bells"), ("code", "ring: true", "Boats")) == [[1], [2]]


def test_code_in_several_languages_after_one_lead_in_is_one_group():
    """As in tabs for several tools."""
    assert _grouped(("text", "Install:"), ("code", "apt"), ("code", "brew")) == [[1, 2, 3]]


def test_messages_as_code_are_each_grouped_with_what_is_said_below_them():
    """The text below the first message does not announce the second one."""
    blocks = ("code", "No tide."), ("text", "Wait."), ("code", "No oil."), ("text", "Fill it.")
    assert _grouped(*blocks) == [[1, 2], [3, 4]]


def test_all_blocks_below_a_heading_that_asks_are_one_group():
    """The next heading begins another one."""
    asked = "Ferry \u203a May I swim?"
    blocks = ("text", "No.", asked), ("list", "cold\ndeep", asked), ("text", "Nine.", "Crew")
    assert _grouped(*blocks) == [[1, 2], [3]]


@pytest.mark.parametrize(
    ("question", "marks"),
    [
        ("Q: May I swim?", ()),
        ("Question 2. May I swim?", ()),
        ("May I swim?", (Mark("strong", 0, 11),)),
    ],
)
def test_question_that_is_written_as_a_text_is_grouped_with_its_answer(question, marks):
    """The answer ends where the next question begins."""
    asked = [Paragraph(n, question, marks=marks) for n in (1, 4)]
    answers = [Paragraph(n, "Only in July.") for n in (2, 3, 5)]
    blocks = [asked[0], *answers[:2], asked[1], answers[2]]
    groups = [[block.number for block in group.blocks] for group in group_blocks(blocks)]
    assert groups == [[1, 2, 3], [4, 5]]


def test_question_inside_a_text_does_not_take_what_follows():
    """A paragraph that only ends with a question is prose."""
    assert _grouped(("text", "Did he swim?"), ("text", "Nobody knows.")) == [[1], [2]]


def test_block_that_continues_is_read_with_the_one_before():
    """So readers say what an answer is, also over headings."""
    blocks = [Paragraph(1, "Swimming"), Paragraph(2, "In July.", "Basin", continues=True)]
    assert [len(group.blocks) for group in group_blocks(blocks)] == [2]


def test_items_of_a_list_know_the_line_above_them():
    """The first item is read with that line; the next ones have it as their lead-in."""
    groups = list(
        group_blocks(
            _blocks(
                ("text", "Start so:"), ("item", "1. Pull."), ("item", "2. Wait."), ("text", ".")
            )
        )
    )
    assert [[b.number for b in group.blocks] for group in groups] == [[1, 2], [3], [4]]
    assert [group.lead_in for group in groups] == [None, "Start so:", None]


@pytest.mark.parametrize(
    ("blocks", "is_one"),
    [
        ([Paragraph(1, "***")], True),
        ([Paragraph(1, "Bells.")], False),
        ([Paragraph(1, "Gates\nBells", kind="list", marks=(Mark("link", 0, 5, LINK),))], False),
        ([Paragraph(1, "- Gates", kind="list", marks=(Mark("link", 2, 7, LINK),))], True),
        (
            [
                Paragraph(1, "For more details see:"),
                Paragraph(2, "Gates", kind="list", marks=(Mark("link", 0, 5, LINK),)),
            ],
            True,
        ),
        ([Paragraph(1, "Gates", marks=(Mark("link", 0, 5, LINK),))], False),
    ],
)
def test_group_that_says_nothing_is_a_fragment(blocks, is_one):
    """A bare mark and a list of nothing but links say nothing by themselves."""
    (group,) = group_blocks(blocks)
    assert is_fragment(group) == is_one


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["text", "list", "item", "table", "code"]),
            st.sampled_from(["So:", "Why?", "Q: Why?", "The bell rang.", "***", "a | b"]),
            st.sampled_from([None, "Bells", "May I ring?"]),
        )
    )
)
@quick
def test_each_block_is_in_one_group_in_order(described):
    """No block is lost or comes twice."""
    groups = _grouped(*described)
    assert [number for group in groups for number in group] == [*range(1, len(described) + 1)]
    assert all(groups)
