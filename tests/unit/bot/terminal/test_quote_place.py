"""The line of a quote in its file."""

from dataclasses import replace

import pytest

from bot.answering import Quote
from bot.terminal.quote_place import place_of

QUOTE = Quote("Run the tool now.", "a.md", "A", None, 1, 1.0, None, ())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Run the tool now.", 1),
        ("# A\n\nRun the tool\nnow.", 3),
        ("# A\n\nRun the `tool` **now**.", 3),
        ("# A\n\nRun [the tool](https://example.org/a/b) now.", 3),
        ("Run the tool later.\n\nOutrun the tool now.\n\n\nRun the *tool* now.", 6),
    ],
    ids=["plain", "wrapped", "marks", "link", "several"],
)
def test_place_is_the_line_on_which_the_quote_begins(tmp_path, text, line):
    """Marks of the format inside the quote, and places that begin alike, do not mislead."""
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    assert place_of(QUOTE, tmp_path) == f"{tmp_path / 'a.md'}:{line}"


def test_place_without_lines_is_the_file(tmp_path):
    """A PDF has pages; a text that has changed has no such line."""
    for name in ("a.pdf", "a.docx", "a.md"):
        (tmp_path / name).write_text("Other words.")
    assert place_of(replace(QUOTE, source="a.pdf", page=3), tmp_path) == f"{tmp_path}/a.pdf, page 3"
    assert place_of(replace(QUOTE, source="a.docx"), tmp_path) == f"{tmp_path}/a.docx"
    assert place_of(QUOTE, tmp_path) == f"{tmp_path}/a.md"


@pytest.mark.parametrize("name", ["a.md", "a.pdf"])
def test_missing_file_is_an_error(tmp_path, name):
    """A place that is not there is not named."""
    with pytest.raises(FileNotFoundError):
        place_of(replace(QUOTE, source=name), tmp_path)


def test_many_places_that_begin_alike_take_no_time(tmp_path):
    """Of them only the first thousand are compared."""
    (tmp_path / "a.md").write_text("Run the tool\n" * 100_000)
    assert place_of(QUOTE, tmp_path).startswith(f"{tmp_path / 'a.md'}:")
