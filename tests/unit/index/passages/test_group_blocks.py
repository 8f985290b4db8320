"""Blocks that a reader needs to see together are one group; every other block is its own."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents.model import Mark, Paragraph
from index.passages.group_blocks import group_blocks, is_fragment, says_nothing

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


def test_input_and_output_as_code_are_one_group():
    """Also without a text above them; long codes are apart."""
    assert _grouped(("code", ">>> ring()"), ("code", "ding")) == [[1, 2]]
    assert _grouped(("code", "ring\n" * 100), ("code", "ding\n" * 100)) == [[1], [2]]


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
        ("Error: the basin is dry.", ()),
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


def test_question_that_is_a_list_of_one_item_is_grouped_with_its_answer():
    """As wikis write a FAQ."""
    asked = [
        Paragraph(n, "May I swim?", kind="list", marks=(Mark("strong", 0, 11),)) for n in (1, 4)
    ]
    answers = [Paragraph(n, LONG * 2) for n in (2, 3, 5)]
    groups = group_blocks([asked[0], *answers[:2], asked[1], answers[2]])
    assert [[b.number for b in group.blocks] for group in groups] == [[1, 2, 3], [4, 5]]


def test_several_errors_have_one_explanation():
    """A later error begins another group."""
    errors = ("text", "Error: no tide."), ("text", "Error: no oil.")
    assert _grouped(*errors, ("text", "Wait."), errors[0]) == [[1, 2, 3], [4]]


def test_question_inside_a_text_does_not_take_what_follows():
    """A paragraph that only ends with a question is prose."""
    assert _grouped(("text", "Did he swim?"), ("text", "Nobody knows.")) == [[1], [2]]


def test_block_that_continues_is_read_with_the_one_before():
    """So readers say what an answer is, also over headings."""
    blocks = [Paragraph(1, "Swimming"), Paragraph(2, "In July.", "Basin", continues=True)]
    assert [len(group.blocks) for group in group_blocks(blocks)] == [2]


def _texts_and_lead_ins(*described):
    groups = group_blocks(_blocks(*described))
    return [([b.number for b in one.blocks], one.lead_in) for one in groups]


LONG = "The bell of the north gate is rung whenever a boat without a lamp comes near. " * 3


def test_items_of_a_list_know_the_line_above_them():
    """The first item is read with that line; the next ones have it as their lead-in."""
    items = ("item", LONG), ("item", LONG)
    assert _texts_and_lead_ins(("text", "Start so:"), *items, ("text", ".")) == [
        ([1, 2], None),
        ([3], "Start so:"),
        ([4], None),
    ]


def test_items_of_another_section_or_below_a_code_do_not_have_the_lead_in():
    """It announced something else."""
    above = ("text", "Ring so:", "Bells"), ("code", "ring: true", "Bells")
    assert _texts_and_lead_ins(*above, ("item", LONG, "Bells"))[-1] == ([3], None)
    above = ("text", "Ring so:", "Bells"), ("item", LONG, "Bells")
    assert _texts_and_lead_ins(*above, ("item", LONG, "Gates"))[-1] == ([3], None)


def test_steps_and_short_items_of_a_list_are_one_group():
    """A step such as "Choose Edit." says nothing alone; one with code stands for itself."""
    steps = ("item", "1. Pull the rope."), ("item", "2. " + LONG), ("item", "3. Wait.")
    assert _grouped(("text", "Start so:"), *steps) == [[1, 2, 3, 4]]
    assert _grouped(*[("item", f"{n}. {LONG}") for n in range(5)]) == [[1, 2, 3], [4, 5]]
    assert _grouped(*steps, ("code", "ring"), ("item", "4. Rest.")) == [[1, 2], [3, 4], [5]]
    short = ("item", "two ropes"), ("item", "one bell")
    assert _grouped(*short, ("item", LONG), ("item", "nets")) == [[1, 2], [3], [4]]
    assert _grouped(("text", "The bell rang."), ("code", "x"), *short) == [[1, 2], [3, 4]]


def test_bold_line_and_list_of_one_item_name_what_is_below_them():
    """They are not the end of what is above them."""
    bold = Paragraph(2, "To ring the bell", "Bells", marks=(Mark("strong", 0, 16),))
    one = Paragraph(2, "ring(times)", "Bells", kind="list")
    above, below = Paragraph(1, LONG * 2, "Bells"), Paragraph(3, LONG * 2, "Bells")
    for label in (bold, one):
        groups = group_blocks([above, label, below])
        assert [[b.number for b in group.blocks] for group in groups] == [[1], [2, 3]]
    groups = group_blocks([replace(one, section=None) for one in (above, bold, below)])
    assert [[b.number for b in group.blocks] for group in groups] == [[1], [2, 3]]


def test_list_of_links_below_a_bold_line_is_a_fragment():
    """As a page's list of its own sections is."""
    label = Paragraph(1, "Topics", marks=(Mark("strong", 0, 6),))
    links = Paragraph(2, "1. Gates\n2. Bells", kind="list")
    marks = (Mark("link", 3, 8, LINK), Mark("link", 12, 17, LINK))
    (group,) = group_blocks([label, replace(links, marks=marks)])
    assert is_fragment(group)


def test_lead_in_of_a_text_is_read_with_it_below_a_heading():
    """As in reference pages; in a text without headings each paragraph stands for itself."""
    assert _grouped(("text", "These methods ring:", "Bells"), ("text", LONG * 3, "Bells")) == [
        [1, 2]
    ]
    assert _grouped(("text", "The warden said:"), ("text", "Nobody swims.")) == [[1], [2]]


def test_short_text_right_above_a_list_is_its_lead_in_without_a_colon():
    """Its items know it; a long text is no lead-in."""
    items = ("item", LONG), ("item", LONG)
    assert _texts_and_lead_ins(("text", "Bells have ropes."), *items) == [
        ([1, 2], None),
        ([3], "Bells have ropes."),
    ]
    assert _grouped(("text", LONG), ("list", "a\nb")) == [[1], [2]]


def test_remark_of_a_line_is_read_with_what_is_before_it():
    """At the beginning of a section with what is after it; a long text stays alone."""
    remark, prose = ("text", "Since tide 4.", "Bells"), ("text", LONG * 2, "Bells")
    assert _grouped(prose, remark, prose) == [[1, 2], [3]]
    assert _grouped(remark, prose, prose) == [[1, 2], [3]]
    assert _grouped(remark, ("text", "Mended:", "Bells"), ("list", "a\n" * 900, "Bells")) == [
        [1, 2, 3]
    ]
    assert _grouped(prose, ("text", "Since tide 4.", "Gates")) == [[1], [2]]
    assert _grouped(("text", LONG * 2), ("text", "Since tide 4.")) == [[1], [2]]
    linked = Paragraph(2, "See Bells" + " and more" * 15, marks=(Mark("link", 4, 9, LINK),))
    (group,) = group_blocks([Paragraph(1, LONG * 2), linked])
    assert [block.number for block in group.blocks] == [1, 2]
    above_headings = ("text", LONG * 2), ("text", "Since tide 4.")
    assert _grouped(*above_headings, ("text", "Boats.", "Gates")) == [[1, 2], [3]]


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
        (
            [Paragraph(1, "Gates, Bells", marks=(Mark("link", 0, 5, LINK), Mark("link", 7, 12)))],
            True,
        ),
    ],
)
def test_group_that_says_nothing_is_a_fragment(blocks, is_one):
    """A bare mark and a list of nothing but links say nothing by themselves."""
    (group,) = group_blocks(blocks)
    assert is_fragment(group) == is_one


@pytest.mark.parametrize(
    ("outside", "is_one"),
    [("", True), (" optional", True), (" 3.11", False), (" for small boats", False)],
)
def test_links_with_a_word_each_say_nothing(outside, is_one):
    """ "Visuals optional" in a page's list of its own sections is no answer; a number may be."""
    marks = (Mark("link", 0, 5, LINK), Mark("link", 6 + len(outside), 11 + len(outside), LINK))
    links = Paragraph(1, f"Gates{outside}\nBells", kind="list", marks=marks)
    (group,) = group_blocks([links])
    assert is_fragment(group) == is_one


@pytest.mark.parametrize(
    ("text", "section", "leads"),
    [
        ("See Bells.", "Ropes", True),
        ("Described here.", "Ropes", True),
        ("Note:", "Ropes", True),
        ("Please refer to the manual for more information about bells.", "Ropes", False),
        ("See the documentation at Gates", "Ropes", True),
        ("See Bells.", "How do I ring?", False),
        ("See Bells.", None, False),
        ("Seek the bell.", "Ropes", False),
        ("See the bell ring at noon on each day of May.", "Ropes", False),
        ("See Bells. Ring them.", "Ropes", False),
    ],
)
def test_sentence_that_only_leads_elsewhere_says_nothing(text, section, leads):
    """An answer to the question of a heading may do so."""
    marks = (Mark("link", len(text) - 5, len(text), LINK),) if text.endswith("Gates") else ()
    pointer = Paragraph(1, text, section, marks=marks)
    (group,) = group_blocks([pointer])
    assert says_nothing(group, None) == leads
    assert not is_fragment(group)


def test_sentence_that_leads_elsewhere_stays_with_the_text_above_it():
    """It says where to read more of it."""
    text, pointer = _blocks(("text", "Bells ring.", "Bells"), ("text", "See Ropes.", "Bells"))
    (group,) = group_blocks([text, pointer])
    assert (len(group.blocks), says_nothing(group, None)) == (2, False)


@pytest.mark.parametrize("text", ["Issue:", "There are four types of bells:"])
def test_lead_in_at_the_end_of_its_section_says_nothing(text):
    """What it announces stands below other headings, or is a picture."""
    lead_in, below = _blocks(("text", text, "Bells"), ("text", "Ring it.", "Bells \u203a Old"))
    (group,) = group_blocks([lead_in])
    assert says_nothing(group, below)
    assert says_nothing(group, None)
    assert not says_nothing(group, replace(below, section="Bells"))
    assert not is_fragment(group)


@pytest.mark.parametrize(
    "text",
    [
        "Ring the old bell.",
        "Bells have ropes. These ring:",
        f"The bell {'of the old pier ' * 7}rings in this order:",
    ],
)
def test_lead_in_that_says_something_itself_is_a_passage(text):
    """A further sentence or a long one is more than an announcement."""
    (group,) = group_blocks(_blocks(("text", text, "Bells")))
    assert not says_nothing(group, None)


def test_numbered_notes_of_code_are_read_with_it():
    """Each says what stands for its number at the end of a line; other lists are apart."""
    code = ("code", "ring: true # (1)!\nrope: 3 # (12)")
    assert _grouped(code, ("item", "1. Loud."), ("text", "Done.")) == [[1, 2], [3]]
    assert _grouped(("text", "So:"), code, ("list", "1. Loud.\n2. Old.")) == [[1, 2, 3]]
    assert _grouped(code, ("item", "1. " + LONG), ("item", "12. " + LONG)) == [[1, 2, 3]]
    assert _grouped(code, ("item", "2. Row.")) == [[1], [2]]
    assert _grouped(("code", "ring(1)"), ("item", "1. Row.")) == [[1], [2]]


@pytest.mark.parametrize(("above", "lead_in"), [("Ropes may break.", None), ("Then:", "Then:")])
def test_text_between_two_steps_is_no_lead_in_of_the_later_ones(above, lead_in):
    """It is about the step above it, unless it announces those below it."""
    items = ("item", f"3. {LONG * 2}"), ("item", f"4. {LONG * 2}")
    *_, last = group_blocks(_blocks(("text", above), *items))
    assert last.lead_in == lead_in


def test_short_blocks_below_a_bold_line_are_one_group_in_a_text_without_headings():
    """The next bold line begins another; a long text and what is before a bold line stay apart."""
    bold = (Mark("strong", 0, 6),)
    blocks = [
        Paragraph(1, "The pier is old."),
        Paragraph(2, "Prices", marks=bold),
        Paragraph(3, "A ticket costs 4 euros."),
        Paragraph(4, "Children pay nothing."),
        Paragraph(5, "Events", marks=bold),
        Paragraph(6, "The choir sings in May."),
        Paragraph(7, "The choir rests. " * 30),
        Paragraph(8, "The bell rings."),
    ]
    numbers = [[block.number for block in group.blocks] for group in group_blocks(blocks)]
    assert numbers == [[1], [2, 3, 4], [5, 6], [7], [8]]


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


def test_many_errors_are_grouped_in_linear_time():
    """A log of errors is compared with its neighbours, not with all errors before it."""
    blocks = _blocks(*[("text", "Error: the lamp is out.")] * 6000)
    before = time.process_time()
    assert len(list(group_blocks(blocks))) == 1
    assert time.process_time() - before < 2
