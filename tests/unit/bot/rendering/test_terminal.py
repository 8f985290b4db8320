"""Answers on a terminal: verbatim, with their place, and harmless."""

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from bot.answering.answer import Answer, answer_question
from bot.answering.quote import Quote
from bot.rendering.terminal import print_answer, print_line
from bot.rendering.wording import FURTHER_QUOTES, HESITANT, NOTHING_TO_QUOTE
from index import PassageRef
from tests.support.data.marked_quotes import answering, code, marked_quotes, quotes_of, table, text

COLOURED = {"force_terminal": True, "color_system": "standard", "_environ": {"TERM": "xterm"}}


def _printed(answer, width=100, **options):
    stream = io.StringIO()
    print_answer(Console(file=stream, width=width, highlight=False, **options), answer)
    return stream.getvalue()


def _styled(printed, code):
    """Return each run of text that a terminal shows in a style (1 is bold, 2 is dim)."""
    runs = re.findall("\x1b\\[([0-9;]*)m(.*?)\x1b\\[0m", printed)
    return [text for codes, text in runs if code in codes.split(";")]


def _quote(text, highlight=None, title="Boats", source="boats.txt", section=None):
    spans = ((0, len(text)),)
    return Quote(text, source, title, section, 2, 1.0, highlight, spans)


def _quoted_words(printed):
    """Return the quoted text with its line breaks turned back into spaces."""
    lines = [line for line in printed.splitlines() if line.startswith("  \u2502 ")]
    return " ".join(line.removeprefix("  \u2502 ") for line in lines)


@pytest.mark.parametrize("reason", NOTHING_TO_QUOTE)
def test_terminal_says_why_nothing_is_quoted(reason):
    """An answer without quotes is one sentence of the bot's own."""
    printed = _printed(Answer("?", (), reason, 1.0))
    assert " ".join(printed.split()) == NOTHING_TO_QUOTE[reason]


def test_terminal_shows_the_best_passage_and_its_place(harbour):
    """The passage is quoted whole, its title, source and paragraph stand below."""
    printed = _printed(answer_question("Why did nobody drown?", [], harbour, top_k=1))
    assert printed.splitlines() == [
        "",
        "  \u2502 A storm in 1887 sank nine boats. Nobody drowned, because the bell rang",
        "  \u2502 early.",
        "  \u2514 The harbour of Lowmere \u00b7 harbour.txt, paragraph 4",
    ]


def test_terminal_names_the_other_places_of_the_same_text():
    """They stand below the place that is cited."""
    quote = replace(_quote("A boat."), copies=(PassageRef("old/boats.txt", 4, 0),))
    assert _printed(Answer("?", (quote,), None, 1.0)).splitlines()[-2:] == [
        "  \u2514 Boats \u00b7 boats.txt, paragraph 2",
        "    The same text: old/boats.txt, paragraph 4",
    ]


def test_terminal_sets_the_answering_sentence_in_bold(harbour):
    """On a terminal the sentence that answers stands out, and only that."""
    answer = answer_question("Which storm sank boats?", [], harbour, top_k=1)
    printed = _printed(answer, **COLOURED)
    assert _styled(printed, "1") == ["A storm in 1887 sank nine boats."]


def test_terminal_bold_follows_the_text_past_replaced_characters():
    """A replaced control character does not shift the emphasis."""
    quote = _quote("\x07\x1b A boat. It sank.", (11, 19))
    printed = _printed(Answer("?", (quote,), None, 1.0), **COLOURED)
    assert _styled(printed, "1") == ["It sank."]


def test_terminal_dims_the_margin_only(harbour):
    """The quote itself is as bright as other text."""
    answer = answer_question("Which choir sings?", [], harbour, top_k=1)
    assert _styled(_printed(answer, **COLOURED), "2")[0] == "  \u2502 "


def test_terminal_writes_no_codes_into_a_file(harbour):
    """Plain output holds no escape sequence."""
    assert "\x1b" not in _printed(answer_question("the storm", [], harbour))


def test_terminal_lists_further_quotes_below_a_heading(harbour):
    """The other passages follow the best one."""
    printed = _printed(answer_question("storm boats", [], harbour, top_k=2))
    best, _, further = printed.partition(FURTHER_QUOTES)
    assert "paragraph 4" in best
    assert "paragraph 2" in further


@pytest.mark.parametrize("width", [4, 5, 10, 20, 40, 80, 200])
def test_terminal_of_any_width_shows_every_word(harbour, width):
    """Narrow and wide terminals show the whole passage, in lines of at most 80 cells."""
    answer = answer_question("Why did nobody drown?", [], harbour, top_k=1)
    printed = _printed(answer, width=width)
    letters = _quoted_words(printed).replace(" ", "")
    assert letters == answer.quotes[0].text.replace(" ", "")
    assert max(map(len, printed.splitlines())) <= max(min(width, 80), 6)


@pytest.mark.parametrize(
    "hostile",
    ["\x1b[2J", "\x1b]0;title\x07", "\x00", "\x08", "\r", "\x7f", "\x9b31m", "\u202e", "\u2066"],
)
@pytest.mark.parametrize("place", ["text", "title", "source", "section"])
def test_terminal_keeps_control_characters_out(hostile, place):
    """What could move the cursor or reverse the line is replaced wherever it stands."""
    fields = {"text": "A boat.", "title": "Boats", "source": "b.txt", "section": "S"}
    fields[place] = f"A{hostile}B"
    printed = _printed(Answer("?", (_quote(**fields), _quote(**fields)), None, 1.0))
    assert "A\ufffd" in printed
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", printed)


@pytest.mark.parametrize("typed", ["[bold]boat[/bold]", "[/]", ":boat:", "[link=x]a", "\\[b]"])
def test_terminal_shows_markup_as_typed(typed):
    """The terminal library's own markup in a text is only text."""
    assert _quoted_words(_printed(Answer("?", (_quote(typed),), None, 1.0))) == typed


def test_terminal_marks_where_a_further_quote_was_cut():
    """A shortened quote ends with an ellipsis."""
    best, long = _quote("A boat."), _quote("boat " * 199 + "end.")
    printed = _printed(Answer("?", (best, long), None, 1.0))
    assert "boat \u2026" in printed
    assert "end." not in printed


def test_terminal_gives_a_joined_quote_the_room_of_its_passages():
    """Of two passages in one quote as much is shown as of each by itself."""
    words = "boat " * 199 + "end."
    best, long = _quote("A boat."), replace(_quote(words), joined=((0, len(words)),))
    assert "end." in _printed(Answer("?", (best, long), None, 1.0))


# Code, tables, links and what stands above


def test_terminal_keeps_lines_of_code():
    """Lines are not wrapped, keep their indentation, and the one that answers is bold."""
    long = "    b: " + "x" * 200
    (quote,) = quotes_of(text("Use this:"), code(f"  a: 1\n{long}\n\n  c: 2", "yaml"))
    printed = _printed(Answer("?", (quote,), None, 1.0))
    margin = "  \u2502 "
    lines = ["Use this:", "", "  a: 1", long, "", "  c: 2"]
    assert printed.splitlines()[1:-1] == [f"{margin}{line}" for line in lines]
    printed = _printed(Answer("?", (answering(quote, "c: 2"),), None, 1.0), **COLOURED)
    assert _styled(printed, "1") == ["c: 2"]


def test_terminal_aligns_the_columns_of_a_table():
    """An arrow stands beside the row that answers, which is bold."""
    (quote,) = quotes_of(table(("Gate", "Fee"), ("G1", "5"), ("G2", "6")))
    answer = Answer("?", (answering(quote, "G2"),), None, 1.0)
    lines = [line[4:] for line in _printed(answer).splitlines()[1:-1]]
    rule = "\u2500"
    assert lines == ["  Gate  Fee", f"  {rule * 4}  {rule * 3}", "  G1    5", "\u2192 G2    6"]
    assert _styled(_printed(answer, **COLOURED), "1") == ["\u2192 G2    6"]


def test_terminal_shows_a_wide_table_row_by_row():
    """Each cell stands after the name of its column."""
    (quote,) = quotes_of(table(("Gate", "Fee"), ("G1", "5"), ("G2", "")))
    answer = Answer("?", (answering(quote, "G2"),), None, 1.0)
    lines = [line[4:] for line in _printed(answer, width=14).splitlines()]
    assert lines[1:5] == ["Gate: G1", "Fee: 5", "", "\u2192 Gate: G2"]


def test_terminal_shows_what_stands_above_a_quote():
    """A question comes before its answer."""
    (quote,) = quotes_of(text("In July."), section="May I swim?")
    printed = _printed(Answer("?", (quote,), None, 1.0))
    assert _quoted_words(printed) == "May I swim? In July."


def test_terminal_shows_the_addresses_of_links():
    """The address stands behind the words that lead there, and one that is shown does not."""
    words = "See the map or https://b.example here."
    own = "https://b.example"
    links = ("link", "the map", "https://a.example"), ("link", own, own), ("link", "here", "x:y")
    (quote,) = quotes_of(text(words, *links), url="https://c.example#top")
    printed = _printed(Answer("?", (quote,), None, 1.0))
    assert _quoted_words(printed) == words.replace("map", "map <https://a.example>")
    assert printed.splitlines()[-1] == "    https://c.example#top"


def test_terminal_cuts_further_quotes_between_lines():
    """An ellipsis stands where lines of code are left out."""
    (quote,) = quotes_of(code("\n".join(f"line number {n}" for n in range(90))))
    printed = _printed(Answer("?", (quote, answering(quote, "number 50")), None, 1.0))
    lines = [line[4:] for line in printed.partition(FURTHER_QUOTES)[2].splitlines()]
    assert lines[2] == lines[-2] == "\u2026"
    assert "line number 50" in lines
    assert all(line.startswith("line number") for line in lines[3:-2])


@settings(max_examples=60, deadline=None)
@given(st.lists(marked_quotes(), min_size=1, max_size=3), st.integers(4, 100))
def test_terminal_shows_any_quote_harmlessly(found, width):
    """Nothing that controls a terminal is printed, in whatever form it stands."""
    printed = _printed(Answer("?", tuple(found), None, 1.0), width=width)
    assert printed.count("\u2514") >= len(found)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", printed)


def test_print_line_replaces_control_characters():
    """The bot's own lines are harmless too, whatever they repeat."""
    stream = io.StringIO()
    print_line(Console(file=stream, width=80), "a\x1b[2Jb")
    assert stream.getvalue() == "a\ufffd[2Jb\n"


def test_terminal_says_that_it_hesitates_and_only_then():
    """A hesitant answer begins with a line that says so."""
    quote = _quote("One boat left.", (0, 14))
    assert HESITANT in " ".join(_printed(Answer("?", (quote,), None, 1.0, hesitant=True)).split())
    assert HESITANT not in _printed(Answer("?", (quote,), None, 1.0))


def test_terminal_offers_an_example_question():
    """A person who asked nothing is told what to ask."""
    printed = _printed(Answer("hi", (), "small_talk", 1.0, example="who is Ada Finch?"))
    assert "For example: who is Ada Finch?" in " ".join(printed.split())
