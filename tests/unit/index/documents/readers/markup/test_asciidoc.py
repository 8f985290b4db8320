"""What pandoc does not know of AsciiDoc is no text."""

import pytest

from tests.support.data.document_files import read_bytes, texts


def _read(text):
    return read_bytes("boats.adoc", text.encode())


def test_asciidoc_leaves_out_what_it_includes(tmp_path):
    """A text cannot take in a file of the machine, and is read without it."""
    secret = tmp_path / "secret.txt"
    secret.write_text("token")
    read = _read(f"include::{secret}[]\n\n= Boats\n\nLow.\n")
    assert (read.title, texts(read)) == ("Boats", ["Low."])
    assert read.remark == "files left out that it includes: 1"


def test_asciidoc_comments_are_left_out():
    """Also right above the title, where pandoc would refuse the text; code keeps such lines."""
    read = _read(
        "////\nA licence.\n\n----\n////\n= Boats\n\nLow.\n\n----\n////\n----\n\n//// \nnever"
    )
    assert (read.title, texts(read)) == ("Boats", ["Low.", "////"])


def test_asciidoc_shows_what_stands_under_a_condition():
    """Its lines are no text themselves."""
    read = _read(
        "= Boats\n\nifdef::a,b[]\nLow.\nendif::[]\n\nifndef::a[High.]\n\n"
        'ifeval::["{a}" == "b"]\n\nSlack.\n\nendif::[]\n\n----\nifdef::a[]\n----\n'
    )
    assert texts(read) == ["Low.", "High.", "Slack."]


@pytest.mark.parametrize("begin", ["----", "....", "```sh", "[source]\n----", "++++", "```"])
def test_asciidoc_code_without_an_end_is_read(begin):
    """Pandoc alone would not finish."""
    read = _read(f"= Boats\n\nLow.\n\n{begin}\nring\n\nall the bells\n")
    assert texts(read)[0] == "Low."


def test_asciidoc_code_right_below_a_text_is_code():
    """It ends the paragraph."""
    read = _read("= Boats\n\nRing it:\n----\nring --all\n----\nThen wait.\n")
    assert [(one.kind, one.text) for one in read.paragraphs] == [
        ("text", "Ring it:"),
        ("code", "ring --all"),
        ("text", "Then wait."),
    ]


def test_asciidoc_notes_have_no_number():
    """The text does not show the number that would refer to them."""
    assert texts(_read("= Boats\n\nLow.footnote:[In May.] Then high.\n")) == [
        "Low. Then high.",
        "In May.",
    ]
