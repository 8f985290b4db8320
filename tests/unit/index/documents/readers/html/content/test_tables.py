"""Tables of a page keep their rows and columns; layouts are no tables."""

import sys
import time

import pytest

from index.documents.readers.html import read_html
from tests.unit.index.documents.readers.html.reading import blocks, texts

_ROWS = "<tr><td>Gull<td>4<tr><td>Tern<td>6"


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("<tr><th>Boat<th>Crew<tr><td>Gull<td>4", "Boat | Crew\nGull | 4"),
        ("<tr><th>Day<th>Early<th>Late<tr><td>Mon<td><td>Ada", "Day | Early | Late\nMon |  | Ada"),
        ("<tr><th><th>Early<tr><td>Mon<td>Ada", " | Early\nMon | Ada"),
        ("<tr><th>A<th>B<tr><td>one<td>", "A | B\none"),
        (
            "<tr><th>A<th>B<th>C<tr><td>x<td colspan=2>both",
            "A | B | C\nx | both | both",
        ),
        (
            "<tr><th>Pier<th>Day<tr><td rowspan=2>West<td>Mon<tr><td>Tue<tr><td>East<td>Wed",
            "Pier | Day\nWest | Mon\nWest | Tue\nEast | Wed",
        ),
        ("<tr><th>A<th>B<tr><td colspan=2>closed in winter", "A | B\nclosed in winter"),
        (
            "<tr><th>Boat<th>Crew<tr><td>Gull<td><p>Ada</p><p>Ben</p><tr><td>Tern"
            "<td><ul><li>Cem<li>Dora</ul>",
            "Boat | Crew\nGull | Ada Ben\nTern | Cem Dora",
        ),
        (
            "<tr><th>Boat<th>Tides<tr><td>Gull<td><table><tr><td>Mon<td>9</table>",
            "Boat | Tides\nGull | Mon 9",
        ),
        (
            "<caption>Crews</caption><tr><th>Boat<th>Crew<tr><td>Gull<td>4",
            "Crews\nBoat | Crew\nGull | 4",
        ),
        ("<tr><th>Boat<th>Use<tr><td>Gull<td><pre>a\n  b</pre>", "Boat | Use\nGull | a b"),
        (
            "<tr><th>Boat<th>Crew<tr><td>Gull<td><h4>Ada</h4>since May",
            "Boat | Crew\nGull | Ada since May",
        ),
        (
            "<thead><tr><th rowspan=2>Boat<th colspan=2>Price<tr><th>net<th>gross</thead>"
            "<tr><td>Gull<td>4<td>5",
            "Boat | Price / net | Price / gross\nGull | 4 | 5",
        ),
        (
            "<tr><th>Boat<th>Crew<tr><th><th>since 1802<tr><td>Gull<td>4",
            "Boat | Crew / since 1802\nGull | 4",
        ),
        ("<tr><th>A<th>B<tr><th>C<th>D", "A | B\nC | D"),
        (
            "<tr><th>A<th>B<tr><th colspan=2>West<tr><td>x<td>y",
            "A | B\nWest\nx | y",
        ),
    ],
)
def test_rows_are_lines_with_all_columns(table, lines):
    """Empty, spanning and nested cells stay in their columns."""
    assert texts(f"<table>{table}</table>") == [lines]


@pytest.mark.parametrize(
    ("table", "value"),
    [
        ("<tr><th>Boat<th>Crew" + _ROWS, "header"),
        ("<thead><tr><td>Boat<td>Crew</thead>" + _ROWS, "header"),
        ("<tr><th><th>Crew" + _ROWS, "header"),
        (_ROWS, ""),
        ("<tr><th>Gull<td>4<tr><th>Tern<td>6", ""),
        ("<tr><th colspan=2>Crews" + "<tr><th>Boat<th>Crew" + _ROWS, "header"),
        ("<caption>Crews</caption><tr><th>Boat<th>Crew" + _ROWS, "header"),
        ("<tr><th colspan=2>All<tr><th>Boat<th>On<tr><th><th>Crew" + _ROWS, "header"),
    ],
)
def test_table_is_marked_with_its_header_row(table, value):
    """The mark begins with the header row, and says whether there is one."""
    (block,) = blocks(f"<table>{table}</table>")
    (mark,) = block.marks
    assert (block.kind, mark.kind, mark.value) == ("table", "table", value)
    first = block.text[mark.start : mark.end].split("\n")[0]
    assert first.endswith("Crew") if value else first == "Gull | 4"


def test_marks_of_cells_are_those_of_the_table():
    """Links and words set off in cells keep their places."""
    (block,) = blocks(
        "<table><caption><b>All</b> boats</caption><tr><th>Boat<th>Site"
        "<tr><td><code>gull</code><td><a href='https://gull.example/'>its <b>page</b></a></table>"
    )
    assert [(one.kind, block.text[one.start : one.end]) for one in block.marks] == [
        ("strong", "All"),
        ("table", block.text.split("\n", 1)[1]),
        ("literal", "gull"),
        ("link", "its page"),
        ("strong", "page"),
    ]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<tr><td><a href=/>Home</a><td><p>The pier is open.</p><p>Until nine.</p>", 3),
        ("<tr><td>Home<td>" + "The pier is open until nine. " * 4, 2),
        ("<tr><td><h2>Pier</h2>Open.<td>Closed.", 2),
        ("<tr><td><ul><li>Home<li>Fares</ul><td>Open until nine.", 2),
        ("<tr><td><a href=/>Home</a><td><p>Open until nine.</p>", 2),
        ("<tr><td>Only one", 1),
    ],
)
def test_table_that_only_places_blocks_is_no_table(table, expected):
    """The columns of a layout are read one after another."""
    found = blocks(f"<table>{table}</table>")
    assert len(found) == expected
    assert "table" not in {one.kind for one in found}


def test_table_for_presentation_is_no_table():
    """A role or class that says so is believed."""
    rows = "<tr><th>Boat<th>Crew" + _ROWS
    assert len(texts(f"<table role=presentation>{rows}</table>")) == 6


def test_table_in_a_layout_is_read_as_a_table():
    """Only the outer table is taken apart."""
    inner = "<table><tr><th>Boat<th>Crew" + _ROWS + "</table>"
    assert texts(f"<table><tr><td>Crews<td>{inner}</table>Done.") == [
        "Crews",
        "Boat | Crew\nGull | 4\nTern | 6",
        "Done.",
    ]


@pytest.mark.parametrize(
    "page",
    [
        "<table>" + "<tr>" + "<td rowspan=1000>boat" * 5000 + "<tr><td>x" * 5000,
        "<table><tr><td colspan=9999 rowspan=9999>" + "boat " * 9000 + "<tr><td>x" * 9000,
        "<table><tr><th>x" * 9000,
        "<table><tr><td>x" * 9000,
        "<table><tr><td><ul><li>x" * 7000,
        "<ul><li>x<p>y" * 9000,
        "<ol reversed><li>x" * 9000,
        "<details><summary>x</summary>y" * 6000,
        "<form><input><aside>x" * 7000,
        "<b><p>x" * 9000,
        "<button aria-expanded=false>x<p>y" * 7000,
        "<div role=tablist><b role=tab>x</b></div><div role=tabpanel>y" * 8000,
        "<dl><dt>x<dd>y" * 7000,
        "<math><msup><mi>x</mi>" * 6000,
        "<section id=a><h2>x</h2>y" * 6000,
    ],
    ids=lambda page: page[:30],
)
def test_hostile_structure_is_read_in_linear_time(page):
    """Spans that repeat a text, and deep nests, take no more time or room than the page is long."""
    tracer = sys.gettrace()
    sys.settrace(None)  # measuring the coverage takes ten times as long as reading
    started = time.process_time()
    paragraphs = read_html(page.encode()).paragraphs
    seconds = time.process_time() - started
    sys.settrace(tracer)
    assert seconds < 5  # about 0.5 as measured
    assert sum(len(one.text) for one in paragraphs) < 20 * len(page)
