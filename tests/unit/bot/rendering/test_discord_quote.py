"""Quotes on Discord: text, code and tables in their form, with nothing in them active."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rendering.discord_markdown import message_length
from bot.rendering.discord_quote import quote_markdown
from tests.standin.model.markdown import parse, visible_text
from tests.support.data.marked_quotes import answering, code, marked_quotes, quotes_of, table, text
from tests.support.data.strategies import quote_of

# What a quote may do: code, links where the text has them, and the small print above it.
ACTS = {"code fence", "code", "masked link", "link", "subtext"}

GATES = [("Gate", "Fee"), ("G246", "4.50"), ("G247", "5.00"), ("G248", "")]
WORDY = ("Who may pass", "Members of the harbour club and their guests, with a letter")


def _lines(quote, room=2000, **options):
    """Return the lines of the block quote, without the signs that make them one."""
    markdown = quote_markdown(quote, room, **options)
    assert message_length(markdown) <= room
    assert all(line.startswith("> ") for line in markdown.split("\n"))
    return [line[2:] for line in markdown.split("\n")]


# Code


def test_code_stands_in_a_fence_with_its_language():
    """The lead-in is above it, the first line keeps its indentation."""
    (quote,) = quotes_of(text("Use this option:"), code("  a:\n    b: 1", "yaml"))
    assert _lines(quote) == ["Use this option:", "```yaml", "  a:", "    b: 1", "```"]


def test_answering_line_of_code_stands_above_it():
    """Nothing can be bold inside a fence, so the line is repeated with an arrow."""
    (quote,) = quotes_of(code("a:\n  b: 1\n  c: 2", "yaml"))
    shown = _lines(answering(quote, "c: 2"))
    assert shown == ["\u2192 `c: 2`", "```yaml", "a:", "  b: 1", "  c: 2", "```"]


def test_answering_line_with_a_backtick_is_escaped():
    """It cannot stand in inline code."""
    (quote,) = quotes_of(code("a\necho `b`"))
    assert visible_text(_lines(answering(quote, "echo"))[0]) == "\u2192 echo `b`"


@pytest.mark.parametrize("lines", ["only one", "long " * 30 + "\nb"])
def test_answering_line_is_not_repeated_if_that_says_nothing_or_takes_too_much(lines):
    """The only line of a block needs no arrow."""
    (quote,) = quotes_of(code(lines))
    assert _lines(answering(quote, lines[:4]))[0] == "```"


def test_long_code_is_shown_around_the_answering_line():
    """Lines are whole, with their indentation, and an ellipsis says where lines are left out."""
    source = "\n".join(f"  line {number}" for number in range(100))
    (quote,) = quotes_of(code(source, "py"))
    shown = _lines(answering(quote, "line 50"), room=200)
    assert shown[:3] == ["\u2026", "\u2192 `line 50`", "```py"]
    assert shown[-2:] == ["```", "\u2026"]
    lines = shown[3:-2]
    assert lines == source.split("\n")[50 - len(lines) // 2 :][: len(lines)]
    assert len(lines) > 5


def test_text_around_code_is_text():
    """What explains the code has the answering sentence in bold."""
    (quote,) = quotes_of(code("cannot enter"), text("This happens in May. Wait for June."))
    shown = _lines(answering(quote, "June"))
    assert shown == ["```", "cannot enter", "```", "This happens in May. **Wait for June.**"]


def test_a_line_of_code_beyond_the_room_is_cut_inside_its_fence():
    """The room is never exceeded, and the fence is always closed."""
    (quote,) = quotes_of(code("x" * 3000))
    shown = _lines(quote, room=300)
    assert shown[0] == shown[2] == "```"
    assert shown[3] == "\u2026"


# Tables


def test_table_stands_in_aligned_columns():
    """The header row has a rule below, and the answering row an arrow."""
    (quote,) = quotes_of(table(*GATES))
    assert _lines(answering(quote, "G247")) == [
        "```",
        "  Gate  Fee",
        "  \u2500\u2500\u2500\u2500  \u2500\u2500\u2500\u2500",
        "  G246  4.50",
        "\u2192 G247  5.00",
        "  G248",
        "```",
    ]


def test_header_row_of_later_rows_comes_from_the_context():
    """A passage with later rows of a table shows the names of its columns all the same."""
    rows = [(f"G{number}", "open") for number in range(200)]
    quote = quotes_of(table(("Gate", "State"), *rows))[1]
    assert quote.context == "Gate | State"
    shown = _lines(answering(quote, quote.text.split("\n")[2]))
    assert shown[1] == "  Gate  State"
    assert "Gate | State" not in shown
    assert shown[5].startswith("\u2192 ")


def test_wide_table_is_shown_row_by_row():
    """Each cell stands below the other after its column's name; empty cells are left out."""
    (quote,) = quotes_of(table(("Gate", WORDY[0]), ("G1", WORDY[1]), ("G2", "")))
    assert _lines(answering(quote, "G2")) == [
        "**Gate**: G1",
        f"**{WORDY[0]}**: {WORDY[1]}",
        "",
        "\u2192 **Gate**: G2",
    ]


def test_long_table_of_short_rows_has_a_line_for_each_row():
    """One below the other, its cells would be several screens of a phone."""
    names = ("Name of the gate", "Open at dawn", "Open at dusk")
    (quote,) = quotes_of(table(names, *((f"G{n}", "yes", "no") for n in range(6))))
    shown = _lines(answering(quote, "G4"))
    line = "**Name of the gate**: G{} \u00b7 **Open at dawn**: yes \u00b7 **Open at dusk**: no"
    assert shown == [
        *(line.format(n) for n in range(4)),
        f"\u2192 {line.format(4)}",
        line.format(5),
    ]
    (few,) = quotes_of(table(names, *((f"G{n}", "yes", "no") for n in range(5))))
    assert _lines(few)[:2] == ["**Name of the gate**: G0", "**Open at dawn**: yes"]
    (long,) = quotes_of(table(names, *((f"G{n}", "yes", "no " * 20) for n in range(6))))
    assert _lines(long)[:2] == ["**Name of the gate**: G0", "**Open at dawn**: yes"]


@pytest.mark.parametrize(("width", "fenced"), [(36, True), (37, False)])
def test_widest_table_in_columns(width, fenced):
    """With the arrow, a line has at most 36 characters."""
    last = "x" * (width - len("> G1  "))
    (quote,) = quotes_of(table(("A", "B"), ("G1", last), ("G2", "")))
    shown = _lines(answering(quote, "G1"))
    assert (shown[0] == "```") == fenced
    assert not fenced or max(map(len, shown)) == width


def test_wide_table_without_a_header_row_shows_its_rows_as_they_are():
    """Nothing is known of its columns."""
    (quote,) = quotes_of(table(("G1", "x" * 50), ("G2", ""), header=False))
    assert _lines(quote) == [f"G1 \\| {'x' * 50}", "G2 \\|"]


def test_row_with_a_link_is_shown_with_it():
    """A fence has no links, so a table whose answer has one is shown row by row."""
    block = table(("Gate", "Map"), ("G1", "here"), ("G2", "there"))
    link = text(block.text, ("link", "there", "https://a.example"))
    (quote,) = quotes_of(replace(block, marks=(*block.marks, *link.marks)))
    shown = _lines(answering(quote, "there"))
    assert shown[-1] == "**Map**: [there](<https://a.example>)"
    assert _lines(answering(quote, "here"))[0] == "```"


@pytest.mark.parametrize("cell", ["\u05e9\u05e2\u05e8", "\u0628\u0627\u0628"])
def test_columns_of_letters_from_right_to_left_are_not_aligned(cell):
    """Between them the columns would change places."""
    (quote,) = quotes_of(table(("Gate", "Name"), ("G1", cell)))
    assert _lines(quote) == ["**Gate**: G1", f"**Name**: {cell}"]


def test_columns_are_aligned_by_the_width_of_their_signs():
    """Chinese signs are as wide as two letters."""
    (quote,) = quotes_of(table(("Gate", "Fee"), ("\u6e2f\u53e3", "5")))
    assert _lines(quote)[1::2] == ["Gate  Fee", "\u6e2f\u53e3  5"]


def test_empty_cells_keep_their_column():
    """A row says in which column its cells are, also where the first or the last is empty."""
    rows = (("Day", "Dawn", "Noon"), ("", "", "Cem"), ("Tue", "", ""))
    (quote,) = quotes_of(table(*rows))
    assert _lines(quote)[3:5] == ["           Cem", "Tue"]
    (quote,) = quotes_of(table(("Day", "", "Noon"), ("", "", "Cem"), ("Tue", "", "")))
    assert _lines(quote)[1:5] == [
        "Day  Noon",
        "\u2500\u2500\u2500  \u2500\u2500\u2500\u2500",
        "     Cem",
        "Tue",
    ]


def test_long_table_is_shown_around_the_answering_row_with_its_header():
    """Rows are whole; an ellipsis stands where some are left out."""
    rows = [(f"G{number}", "5") for number in range(60)]
    (quote,) = quotes_of(table(("Gate", "Fee"), *rows))
    shown = _lines(answering(quote, "G30"), room=200)
    assert shown[:3] == ["\u2026", "```", "  Gate  Fee"]
    assert shown[-2:] == ["```", "\u2026"]
    assert "\u2192 G30   5" in shown


def test_header_row_alone_above_the_excerpt_is_no_gap():
    """Where only the header row lies above, nothing is left out."""
    (quote,) = quotes_of(table(("Gate", "Fee"), *[(f"G{n}", "5") for n in range(60)]))
    assert _lines(answering(quote, "G0"), room=150)[0] == "```"


def test_header_row_that_answers_is_shown():
    """The best sentence of a table may be its header row."""
    (quote,) = quotes_of(table(*GATES))
    assert _lines(answering(quote, "Gate"))[1] == "Gate  Fee"


# Text


def test_links_and_code_inside_lines_keep_their_form():
    """Bold is the answering sentence only."""
    (quote,) = quotes_of(
        text(
            "Run boat --sail. See the map for more.",
            ("literal", "boat --sail"),
            ("link", "the map", "https://a.example/map"),
            ("strong", "more"),
        )
    )
    assert _lines(answering(quote, "Run")) == [
        "**Run `boat --sail`.** See [the map](<https://a.example/map>) for more."
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "map.html", "#map", "", "http://"])
def test_link_that_cannot_be_followed_is_text(url):
    """Only http and https are linked."""
    (quote,) = quotes_of(text("See the map.", ("link", "the map", url)))
    assert _lines(quote) == ["See the map."]


def test_address_as_the_text_of_a_link():
    """Discord masks no address; one that leads where it says needs no mask."""
    words = "See https://a.example/b_c here."
    (quote,) = quotes_of(text(words, ("link", "https://a.example/b_c", "https://a.example/b_c")))
    assert _lines(quote) == ["See <https://a.example/b_c> here."]
    (quote,) = quotes_of(text(words, ("link", "https://a.example/b_c", "https://b.example")))
    assert parse(quote_markdown(quote, 500)).active == []
    assert visible_text(quote_markdown(quote, 500)) == words


def test_code_as_the_text_of_a_link():
    """A link of code keeps both."""
    marks = ("link", "boat", "https://a.example"), ("literal", "boat")
    (quote,) = quotes_of(text("See boat here.", *marks))
    assert _lines(quote) == ["See [`boat`](<https://a.example>) here."]


@pytest.mark.parametrize("literal", ["a`b", "**kwargs"])
def test_code_that_would_end_early_is_escaped(literal):
    """Backticks end inline code, and stars the bold around it."""
    (quote,) = quotes_of(text(f"Use {literal} here.", ("literal", literal)))
    quote = answering(quote, "Use")
    rendered = parse(quote_markdown(quote, 500))
    assert rendered.runs("bold") == [quote.text]
    assert rendered.active == []


# Context


def test_context_stands_above_in_small_print():
    """Question and lead-in are one line."""
    (quote,) = quotes_of(text("Only in July."), section="Swimming \u203a May I *swim*?")
    assert _lines(quote) == ["-# May I \\*swim\\*?", "Only in July."]
    quote = replace(quote, context="May I?\nThe rules are:")
    assert _lines(quote)[0] == "-# May I? \u00b7 The rules are:"


def test_context_is_cut_and_left_out_where_the_answer_needs_the_room():
    """The answer comes first."""
    quote = replace(quote_of(["A boat left with the tide."], 0), context="why " * 100)
    shown = _lines(quote)
    assert len(shown[0]) < 160
    assert shown[0].endswith("\u2026")
    assert _lines(quote, room=100) == ["**A boat left with the tide.**"]


# All together


def _squeezed(words):
    return re.sub(r"[\s|\u2192\u2026\u2500\u200b]+", "", words)


@settings(max_examples=120, deadline=None)
@given(marked_quotes(), st.integers(200, 2500))
def test_quote_fits_its_room_and_nothing_of_it_gets_out(quote, room):
    """Every line is inside the block quote, and what follows it is read as if it were alone."""
    markdown = quote_markdown(quote, room)
    assert message_length(markdown) <= room
    assert all(line.startswith("> ") for line in markdown.split("\n"))
    after = "-# **[Boats](<https://a.example>)** \u00b7 boats.md"
    rendered, alone = parse(f"{markdown}\n{after}"), parse(after)
    assert rendered.text.endswith(f"{alone.text}")
    assert rendered.active[-2:] == alone.active
    assert rendered.kinds <= ACTS
    if "link" not in {mark.kind for mark in quote.marks}:
        assert parse(markdown).kinds <= ACTS - {"link", "masked link"}


@settings(max_examples=120, deadline=None)
@given(marked_quotes(), st.integers(200, 2500))
def test_quote_shows_pieces_of_its_text(quote, room):
    """Every line is a line of the context or a piece of the text, but for names of columns."""
    known = _squeezed(quote.text)
    above = _squeezed(quote.context or "")
    markdown = quote_markdown(quote, room)
    for number, line in enumerate(visible_text(markdown).split("\n")):
        if number == 0 and markdown.startswith("> -# "):
            assert _squeezed(line).replace("\u00b7", "") in above.replace("\u00b7", "")
            continue
        # In "name: value" the name may hold a colon itself.
        parts = [line, *(line[match.end() :] for match in re.finditer(": ", line))]
        assert any(_squeezed(part) in known + above for part in parts), line
