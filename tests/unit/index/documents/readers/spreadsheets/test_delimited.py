"""Rows of values become paragraphs with the names of their columns."""

import pytest

from index.documents import Limits
from tests.support.data.document_files import read_bytes, reason_against, texts

STOCK = "item,shelf,price\nrope,A4,12\nanchor,B2,85\n"


def _read(text, name="a.csv"):
    return read_bytes(name, text if isinstance(text, bytes) else text.encode()).paragraphs


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_rows_are_cut_at_what_stands_between_their_values(sign):
    """The first rows tell which sign it is."""
    read = _read(STOCK.replace(",", sign) + f'"buoy {sign} red"{sign}C7{sign}33')
    cells = ["rope | A4 | 12", "anchor | B2 | 85", f"buoy {sign.strip() or ''} red | C7 | 33"]
    assert [one.text for one in read] == [" ".join(cell.split()) for cell in cells]
    assert {one.header for one in read} == {"item | shelf | price"}
    assert {one.kind for one in read} == {"table"}


def test_rows_of_a_tsv_are_cut_at_tabs():
    """The name says it, whatever the first rows hold."""
    assert texts(read_bytes("a.tsv", b"a,b\tc,d\n1,2\t3,4\n")) == ["1,2 | 3,4"]


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        ("rope,12\nbell,9\n", None, ["rope | 12", "bell | 9"]),
        ("rope\nbell\n", None, ["rope", "bell"]),
        ("low, high\ntide\nat nine\nbells\n", None, ["low, high", "tide", "at nine", "bells"]),
        ("a,a\nb,c\n", None, ["a | a", "b | c"]),
        (",low,high\nspring,1,5\n", " | low | high", ["spring | 1 | 5"]),
        ("port,2025,2026\nHull,1,5\n", "port | 2025 | 2026", ["Hull | 1 | 5"]),
        ("name,Ada\nport,Hull\n", "name | Ada", ["name | Ada", "port | Hull"]),
        ("boat,port,captain\nAda,Hull,Finch\n", "boat | port | captain", ["Ada | Hull | Finch"]),
        ("boat,port\n", None, ["boat | port"]),
        ("Tides\n\nport,low\nHull,1\n", "port | low", ["Tides", "Hull | 1"]),
        (
            "metres,,,May\n,low,,high\nHull,1,,5\n",
            " | low |  | high",
            ["metres |  |  | May", "Hull | 1 |  | 5"],
        ),
        ("low,,high\nHull,,Ben\nAda,,5\n", None, ["low |  | high", "Hull |  | Ben", "Ada |  | 5"]),
        (",,,port,low\n,,,Hull,1\n", "port | low", ["Hull | 1"]),
        (",,Tides\n,,port,low\nx,,Hull,1\n", " |  | port | low", ["Tides", "x |  | Hull | 1"]),
    ],
)
def test_first_row_names_the_columns_where_it_reads_like_names(text, header, rows):
    """Numbers are no names; the first of pairs is a row too; a line above a table is a text.

    Names of groups may stand above those of the columns, and empty columns before a table.
    """
    read = _read(text)
    assert [one.text for one in read] == rows
    assert read[-1].header == header


def test_table_after_a_blank_row_has_its_own_names():
    """The names of another table would be wrong for its rows."""
    read = _read("port,low\nHull,1\n\nboat,crew\nAda,4\n\nx,y,9\n")
    assert [(one.header, one.text) for one in read] == [
        ("port | low", "Hull | 1"),
        ("boat | crew", "Ada | 4"),
        (None, "x | y | 9"),
    ]


def test_long_row_becomes_texts_with_the_names_of_their_columns():
    """Questions and answers in two columns are read like any text."""
    answer = "Ring the bell. " * 50
    short, long = _read(f"no,question,answer\n1,How?,{answer}\n")
    assert (short.kind, short.text) == ("list", "no: 1\nquestion: How?")
    assert (long.kind, long.text) == ("text", f"answer: {answer.strip()}")
    assert (short.stands_alone, long.continues) == (True, True)


def test_row_of_very_many_cells_names_its_first_one_above_each_part():
    """A measurement of hundreds of values is no single passage."""
    names = ["port", *(f"measurement {n} of the tide" for n in range(90))]
    cells = ["Hull", *("9 metres" for _ in range(90))]
    read = _read(f"{','.join(names)}\n{','.join(cells)}\n")
    assert len(read) > 2
    assert [one.lead_in for one in read] == [None, *["port: Hull"] * (len(read) - 1)]
    assert all(len(one.text) < 1100 for one in read)


def test_cell_of_megabytes_is_refused():
    """So is the rest of a file after a quotation mark that nobody closes."""
    reason = reason_against("a.csv", b'a,b\n"' + b"x, " * 500_000, Limits(max_file_mb=2))
    assert reason == "a cell has more than 131,072 characters; is a quotation mark missing?"


def test_row_is_quoted_with_the_names_of_its_columns(first_quote):
    """Each row is a passage of its own."""
    quote, shown = first_quote("stock.csv", STOCK.encode(), "on which shelf is the anchor?")
    assert (quote["text"], quote["context"]) == ("anchor | B2 | 85", "item | shelf | price")
    assert "stock.csv, paragraph 2" in shown
