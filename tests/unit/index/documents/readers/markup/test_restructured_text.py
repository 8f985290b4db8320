"""reStructuredText is read like the page that docutils makes of it."""

import pytest

from tests.support.data.document_files import places, read_bytes, texts


def _read(text):
    return read_bytes("a_file.rst", text.encode())


def test_rst_title_sections_and_blocks_are_read():
    """The only heading on top is the title."""
    read = _read(
        "The harbour\n===========\n\nThe *bell* rang.\n\nBoats\n-----\n\n- nets\n- ropes\n\n"
        ".. code-block:: python\n   :emphasize-lines: 1\n\n   ring()\n"
    )
    assert read.title == "The harbour"
    assert [(one.kind, one.text) for one in read.paragraphs] == [
        ("text", "The bell rang."),
        ("list", "nets\nropes"),
        ("code", "ring()"),
    ]
    assert [section for _, section, _ in places(read)] == [None, "Boats", "Boats"]


def test_rst_without_a_title_has_the_name_of_its_file():
    """What docutils calls such a document is no title."""
    assert _read("The bell rang.\n").title == "a file"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (":func:`~os.path.join` and :ref:`the guide <guide>`", ["join and the guide"]),
        (":py:class:`Bell` and :unheard:`of`", ["Bell and of"]),
        (".. versionadded:: 2.0\n   Faster.", ["Added in version 2.0: Faster."]),
        (
            ".. versionchanged:: 2.0 Not ``x``, see :ref:`a`.",
            ["Changed in version 2.0: Not x, see a."],
        ),
        (".. deprecated:: 2.0\n\n   - nets", ["Deprecated since version 2.0.", "nets"]),
        (".. seealso:: :doc:`/use/install`", ["See also", "install"]),
        (":attr:`.Bell.loud` and :doc:`/use/index`", ["Bell.loud and use"]),
        (".. data:: LOW\n\n   Low *tide*.", ["LOW", "Low tide."]),
        (".. class:: Bell(tone, *)\n\n   Of iron.", ["Bell(tone, *)", "Of iron."]),
        (".. class:: special\n\n   Of iron.", ["Of iron."]),
        (".. setting:: LOW\n\nLow.", ["Low."]),
        (":orphan:\n\nLow.", ["Low."]),
        (".. tab-item:: Linux\n   :sync: a\n\n   Ring it.", ["Linux", "Ring it."]),
        (".. function:: ring(bell)\n\n   Ring it.", ["ring(bell)", "Ring it."]),
        ("Low.\n\n.. toctree::\n   :maxdepth: 2\n\n   boats", ["Low."]),
        ("Low.\n\n.. image:: a.png\n   :unheard: of", ["Low."]),
        (".. math:: a^2\n   :label: b", ["a^2"]),
        ("A [1]_.\n\n.. [1] Note.", ["A .", "Note."]),
        ("A |version| :unclosed:`b", ["A |version| :unclosed:`b"]),
    ],
)
def test_rst_shows_what_sphinx_would_show(text, shown):
    """Unknown directives and roles lose their marks, and mistakes lose no text."""
    assert texts(_read(text + "\n")) == shown


def test_rst_object_is_a_term_that_what_is_said_of_it_goes_on_with():
    """Also a function with two forms, and what is in it."""
    read = _read(
        ".. py:function:: ring()\n              ring(bell)\n\n   Ring it.\n\n"
        "   .. versionadded:: 2.0\n\nLow.\n"
    )
    assert [(one.text, one.continues) for one in read.paragraphs] == [
        ("ring()", False),
        ("ring(bell)", True),
        ("Ring it.", True),
        ("Added in version 2.0.", True),
        ("Low.", False),
    ]


def test_rst_reference_shows_the_title_below_its_label():
    """A label of another file stays."""
    text = ".. _low tide:\n\n=====\nTides\n=====\n\nSee :ref:`low  Tide` and :ref:`boats`.\n"
    assert texts(_read(f"Sea\n===\n\n{text}"))[-1] == "See Tides and boats."


def test_rst_reads_no_other_files_and_no_raw_html(tmp_path):
    """A text cannot take in a file of the machine."""
    secret = tmp_path / "secret.txt"
    secret.write_text("token")
    shown = texts(
        _read(
            f"Low.\n\n.. include:: {secret}\n\n.. literalinclude:: {secret}\n\n.. raw:: html\n"
            f"   :file: {secret}\n\n.. csv-table::\n   :file: {secret}\n\n"
            ".. raw:: html\n\n   <b>x</b>"
        )
    )
    assert shown == ["Low."]


def test_rst_table_has_a_header(first_quote):
    """A list table is quoted by rows, with the names of its columns."""
    table = (
        "Tides\n=====\n\n.. list-table::\n   :header-rows: 1\n   :unheard: of\n\n"
        "   * - port\n     - low\n   * - Hull\n     - nine\n"
    )
    quote, _ = first_quote("tides.rst", table.encode(), "when is low tide in Hull?")
    assert quote["text"] == "port | low\nHull | nine"
