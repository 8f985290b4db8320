"""Notebooks become text, code and output."""

import json

import pytest

from tests.support.data.document_files import read_bytes, reason_against


def _cell(kind, source, *outputs):
    return {"cell_type": kind, "source": source, "outputs": list(outputs)}


def _read(*cells, **more):
    notebook = {"metadata": {"language_info": {"name": "python"}}, "cells": cells, **more}
    return read_bytes("a.ipynb", json.dumps(notebook).encode())


def test_notebook_cells_come_with_their_sections_and_outputs():
    """Headings of one cell hold for the next ones; an output is read together with its code."""
    read = _read(
        _cell("markdown", ["# Boats\n", "\n", "The *bell* rang."]),
        _cell("markdown", "## Old ones"),
        _cell("code", ["ring()\n"], {"name": "stdout", "text": ["rang\n", "twice\n"]}),
    )
    assert read.title == "Boats"
    assert [(one.kind, one.section, one.text, one.continues) for one in read.paragraphs] == [
        ("text", None, "The bell rang.", False),
        ("code", "Old ones", "ring()", False),
        ("code", "Old ones", "rang\ntwice", True),
    ]
    assert read.paragraphs[1].marks[0].value == "python"


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ({"name": "stderr", "text": "Warning: old"}, []),
        ({"data": {"text/plain": ["9"], "image/png": "aaaa"}}, ["9"]),
        ({"data": {"text/plain": "<Figure size 640x480 with 1 Axes>"}}, []),
        ({"data": {"image/png": "aaaa"}}, []),
        ({"output_type": "error", "ename": "KeyError", "evalue": "'bell'"}, ["KeyError: 'bell'"]),
        ({"name": "stdout", "text": "\x1b[31mred\x1b[0m"}, ["red"]),
        ({"name": "stdout", "text": "x" * 20_000}, ["x" * 10_000]),
    ],
)
def test_notebook_output_is_read_if_it_is_text(output, shown):
    """Warnings, pictures and colours are left out, and the rest of what is very long."""
    read = _read(_cell("code", "ring()", output))
    assert [one.text for one in read.paragraphs] == ["ring()", *shown]


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (
            {
                "text/plain": "   low  \\\n0    9",
                "text/html": "<style>td {}</style><table><tr><th></th><th>low</th></tr>"
                "<tr><th>Hull</th><td>9</td></tr></table><p>1 rows</p>",
            },
            [("table", " | low\nHull | 9"), ("text", "1 rows")],
        ),
        ({"text/plain": "<b>", "text/html": "<p>bell</p>"}, [("code", "<b>")]),
        (
            {"text/plain": "<IPython.core.display.HTML object>", "text/html": "<h1>A</h1><p>B"},
            [("text", "A"), ("text", "B")],
        ),
        (
            {"text/plain": "<IPython.core.display.Markdown object>", "text/markdown": "A *bell*."},
            [("text", "A bell.")],
        ),
        ({"text/plain": "<IPython.core.display.HTML object>", "text/html": "<img src=a>"}, []),
    ],
)
def test_notebook_output_is_read_in_the_form_that_a_person_sees(data, shown):
    """A table of pandas has rows, and shown Markdown and HTML are text; no heading is a section."""
    read = _read(_cell("code", "ring()", {"data": data}), _cell("markdown", "Low."))
    assert [(one.kind, one.text) for one in read.paragraphs[1:-1]] == shown
    assert all(one.continues for one in read.paragraphs[1:-1])
    assert (read.paragraphs[-1].text, read.paragraphs[-1].section) == ("Low.", None)


def test_notebook_of_format_3_is_read():
    """Cells lay in worksheets, and headings were cells."""
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Tides"},
        {"cell_type": "code", "input": "low()", "outputs": [{"output_type": "pyout", "text": "9"}]},
    ]
    read = _read(worksheets=[{"cells": cells}])
    assert [(one.section, one.text) for one in read.paragraphs] == [
        ("Tides", "low()"),
        ("Tides", "9"),
    ]


def test_open_fence_of_a_cell_ends_with_it():
    """Cells are texts of their own."""
    read = _read(_cell("markdown", "```\nring"), _cell("markdown", "The tide is low."))
    assert [one.kind for one in read.paragraphs] == ["code", "text"]


@pytest.mark.parametrize("data", [b"garbage", b"[]", b"[" * 100_000, b'{"cells": ['])
def test_file_that_is_no_notebook_says_so(data):
    """Also one that is nested so deep that no parser reads it."""
    reason = "it is damaged or of another format than its name says"
    assert reason_against("a.ipynb", data).startswith(reason)
