"""OpenDocument, RTF and AsciiDoc are read by pandoc, within limits."""

import subprocess
import sys

import pypandoc
import pytest

from index.documents import Limits
from index.documents.readers.markup.pandoc import read_by_pandoc
from tests.support.data.document_files import (
    ENTITY_BOMB,
    archive_of,
    bomb,
    places,
    read_bytes,
    reason_against,
    texts,
)

MARKDOWN = """---
title: The harbour
---

# Boats

They *leave* early.[^1]

- nets
- ropes

## Tides

| port | low |
|------|-----|
| Hull | 1   |

[^1]: In May.
"""


def _made(form):
    """Return the document that pandoc itself writes."""
    command = [pypandoc.get_pandoc_path(), "-s", "-f", "markdown", "-t", form, "-o", "-"]
    return subprocess.run(command, input=MARKDOWN.encode(), capture_output=True, check=True).stdout


@pytest.mark.parametrize(("name", "form"), [("a.odt", "odt"), ("a.adoc", "asciidoc")])
def test_document_has_its_title_sections_and_blocks(name, form):
    """A note stands below the block that refers to it."""
    read = read_bytes(name, _made(form))
    assert read.title == "The harbour"
    blocks = [text for text in texts(read) if text != "The harbour"]  # OpenDocument shows it too
    assert blocks[0].startswith("They leave early")
    assert blocks[1].endswith("In May.")
    assert blocks[-1].startswith("port | low\nHull | 1")
    assert str(places(read)[-1][1]).endswith("Tides")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.odt", b"garbage", "it is damaged or of another format than its name says"),
        ("a.odt", bomb("content.xml"), "it unpacks to more than 8 MiB"),
        ("a.odt", archive_of({"a": "b"}), "its part 'content.xml' is missing or damaged"),
        (
            "a.odt",
            archive_of({"content.xml": f"{ENTITY_BOMB}<a>&i;</a>", "styles.xml": "<a/>"}),
            "its part 'content.xml' is no XML",
        ),
        ("a.rtf", b"garbage", "it is damaged or of another format than its name says"),
    ],
)
def test_document_that_cannot_be_read_says_why(name, data, reason):
    """Damaged and hostile files end in one line, which names no folder of this machine."""
    said = reason_against(name, data, Limits(max_file_mb=1))
    assert said.startswith(reason)
    assert len(said) < 200
    assert "/tmp" not in said


def test_pandoc_ends_within_the_limits(tmp_path, monkeypatch):
    """One that hangs is ended before the process that waits for it."""
    slow = tmp_path / "pandoc"
    slow.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    slow.chmod(0o755)
    monkeypatch.setattr(pypandoc, "get_pandoc_path", lambda: str(slow))
    with pytest.raises(ValueError, match="reading it takes longer than 1 s"):
        read_by_pandoc(b"{\\rtf1 x}", "rtf", Limits(timeout_s=6))


def test_deep_nesting_ends_in_one_line():
    """A hundred thousand lists in each other are refused, or read."""
    nested = b"{\\rtf1 " + b"{" * 100_000 + b"x" + b"}" * 100_000 + b"}"
    assert "\n" not in _result(nested)


def _result(data):
    """Return the text that a file gives, or the reason why it gives none."""
    try:
        return " ".join(one.text for one in read_by_pandoc(data, "rtf", Limits())[1])
    except ValueError as error:
        return str(error)
