"""Tables of a quote: cells, header rows and columns."""

from dataclasses import replace

import pytest

from bot.rendering.tables import align, fits_columns, lines_above, named_cells, table_of
from index import Mark
from tests.support.data.marked_quotes import quotes_of, table, text


def _cells(quote, row):
    return [quote.text[start:end] for start, end in row.cells]


@pytest.mark.parametrize(
    "row", [("Tue", "", "", "Cem"), ("", "a", "b", "c"), ("a", "b", "", ""), ("", "", "a", "")]
)
def test_empty_cells_are_cells(row):
    """Also at the ends of a row, where the text has no space beside their sign."""
    (quote,) = quotes_of(table(row, ("1", "2", "3", "4"), header=False))
    first = table_of(quote, quote.marks[0]).rows[0]
    assert _cells(quote, first) == list(row)


def test_code_with_the_sign_between_cells_is_one_cell():
    """A pipe in a command is no border between columns."""
    (quote,) = quotes_of(table(("Command", "Does"), ("ls | wc -l", "counts files")))
    (mark,) = quote.marks
    start = quote.text.index("ls")
    quote = replace(quote, marks=(mark, Mark("literal", start, start + len("ls | wc -l"))))
    (row,) = table_of(quote, mark).rows
    assert _cells(quote, row) == ["ls | wc -l", "counts files"]
    assert fits_columns(quote, table_of(quote, mark), 40)


def test_row_with_more_cells_than_names_is_shown_whole():
    """Nobody knows which name belongs to which of its cells."""
    (quote,) = quotes_of(table(("Command", "Does"), ("ls | wc -l", "counts files")))
    found = table_of(quote, quote.marks[0])
    (row,) = found.rows
    assert not fits_columns(quote, found, 80)
    (whole,) = named_cells(found.header, row)
    assert whole == ("", (row.start, row.end))


def test_header_row_is_no_row():
    """It names the columns, with line breaks and long names cut."""
    (quote,) = quotes_of(table(("Gate", "n" * 99), ("G1", "5")))
    found = table_of(quote, quote.marks[0])
    assert found.header == ("Gate", "n" * 59 + "\u2026")
    assert [_cells(quote, row) for row in found.rows] == [["G1", "5"]]


def test_header_row_above_later_rows_is_not_shown_twice():
    """It is taken out of the lines above where the table shows it."""
    rows = [(f"G{number}", "open") for number in range(200)]
    later = quotes_of(text("The gates:"), table(("Gate", "State"), *rows))[1]
    assert later.context == "The gates:\nGate | State"
    assert table_of(later, later.marks[0]).header == ("Gate", "State")
    assert lines_above(later, 0, len(later.text)) == ["The gates:"]


def test_align_leaves_empty_columns_out():
    """A row with fewer cells ends early."""
    assert align(("A", "", "C"), [("1", "", "3"), ("22",)], answering=1) == [
        "  A   C",
        "  \u2500\u2500  \u2500",
        "  1   3",
        "\u2192 22",
    ]
