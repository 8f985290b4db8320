"""Columns are read one after another, tables row by row."""

import pytest

from index.documents.readers.pdf.columns import arrange
from index.documents.readers.pdf.layout import Chunk, Line

LEFT = "The council met in the old|customs house and agreed to|dredge the inner basin before"
RIGHT = "Seals have come back to the|north pier since the nets were|banned there. Visitors are"


def _line(bottom, *cells, height=12.0):
    """Return a line whose cells are text and left edge; a letter is six points wide."""
    words = []
    for text, left in cells:
        for word in text.split():
            words.append(Chunk(word, left, left + 6 * len(word)))
            left += 6 * len(word) + 3
    text = " ".join(word.text for word in words)
    return Line(text, 1, words[0].left, words[-1].right, bottom, height, tuple(words))


def _rows(*rows, edges=(72, 200, 300), gap=14):
    return [
        _line(
            700 - gap * number,
            *((text, left) for text, left in zip(row, edges, strict=False) if text),
        )
        for number, row in enumerate(rows)
    ]


def _texts(lines):
    return [line.text for line in arrange(lines)]


def test_two_columns_drawn_row_by_row_are_read_one_after_another():
    """The gap runs through all lines, and both sides are filled with words."""
    left, right = LEFT.split("|"), RIGHT.split("|")
    lines = [_line(760, ("A bulletin of the harbour and of all who live by it, in May", 72))]
    lines += _rows(*zip(left, right, strict=True), edges=(72, 260))
    assert _texts(lines) == [lines[0].text, *left, *right]
    columns = arrange(lines)[1:]
    assert {line.full_right for line in columns[:3]} == {max(line.right for line in columns[:3])}


def test_table_becomes_one_line_with_its_rows():
    """A row whose first cell is empty goes on with the one above it."""
    rows = _rows(("boat", "crew"), ("Ada", "4"), ("", "or 5"), ("Ben", "3"))
    (table,) = arrange(rows)
    assert (table.text, table.form) == ("boat | crew\nAda | 4 or 5\nBen | 3", "header")


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([("Name:", "Ada"), ("Port:", "Hull"), ("Crew:", "Finch")], "rows"),
        ([("port", "low", "high"), ("Hull", "1", "5")], "header"),
        ([("1", "low", "2"), ("Hull", "1", "5")], "rows"),
    ],
)
def test_table_has_a_header_if_words_stand_above_values(rows, kind):
    """Else its first row is one like the others."""
    assert [line.form for line in arrange(_rows(*rows))] == [kind]


@pytest.mark.parametrize(
    "rows",
    [
        [("1.", "nets"), ("2.", "ropes"), ("3.", "bells")],
        [("\u2022", "nets"), ("\u2022", "ropes"), ("\u2022", "bells")],
        [("boat", "crew"), ("Ada", "4")],
        [("From Ada", "1 May"), ("Dear Ben and all of the harbour at Hull,",), ("low", "tide")],
        [("The tide is low",), ("and the boats lie",)],
    ],
)
def test_lines_that_are_no_columns_stay_as_they_are(rows):
    """A list, two rows, a letter's head and prose are none."""
    lines = _rows(*rows)
    assert arrange(lines) == lines


def test_narrow_gaps_make_no_columns_of_justified_text():
    """Wide spaces may stand above each other by chance."""
    lines = _rows(
        ("The council met in the old", "customs house and agreed to"),
        ("dredge the inner basin now", "before the end of the season"),
        ("and to build a new pier and", "a light on it for the boats."),
        edges=(72, 225),
    )
    assert arrange(lines) == lines


def test_justified_lines_are_no_small_table():
    """The gaps of a few lines are wide where an address keeps its line from being broken."""
    rows = _rows(
        ("The list can", "be", "read"), ("at the address", "and", "there"), edges=(72, 170, 194)
    )
    assert [line.form for line in arrange(rows)] == ["", ""]


def test_last_cell_of_many_lines_leaves_a_table_one():
    """Lines that only go on with a cell are no rows."""
    rows = _rows(
        ("boat", "crew"), ("Ada", "Finch,"), ("", "Wren"), ("", "and"), ("", "Tern"), ("Ben", "Auk")
    )
    (table,) = arrange(rows)
    assert table.text == "boat | crew\nAda | Finch, Wren and Tern\nBen | Auk"


def test_exponent_stays_beside_its_letter():
    """A small letter above or below the line is part of it."""
    area, exponent = _line(700, ("of 4 m", 72)), _line(705, ("2", 102), height=7.0)
    after = _line(700, ("each.", 114))
    assert _texts([area, exponent, after]) == ["of 4 m2 each."]


def test_table_ends_where_the_next_lines_are_farther_away():
    """What stands below a table is not its last row."""
    rows = _rows(("boat", "crew"), ("Ada", "4"), ("Ben", "3"))
    below = _line(620, ("Total", 72), ("7", 200))
    assert [line.form for line in arrange([*rows, below])] == ["header", ""]


def test_lines_without_positions_are_left_alone():
    """Text from right to left has none."""
    lines = [Line(text, 1, 72, 300, 700, 12) for text in ("a", "b", "c")]
    assert arrange(lines) == lines
