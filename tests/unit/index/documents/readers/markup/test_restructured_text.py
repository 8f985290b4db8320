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
        (".. versionadded:: 2.0\n   Faster.", ["Added in version 2.0 Faster."]),
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
