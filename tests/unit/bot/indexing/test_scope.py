"""Texts are named by path, folder or title."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.indexing.scope import is_named
from index import SourceInfo

TEXT = SourceInfo("v2/guide/Locks.md", "How locks work", 3, datetime(2026, 3, 1, tzinfo=UTC), None)


@pytest.mark.parametrize(
    "pattern",
    [
        "v2/guide/Locks.md",
        "./v2/guide/Locks.md",
        "v2/guide",
        "v2/",
        "v2/*",
        "v?",
        "*/Locks.md",
        "*.md",
        "how LOCKS work",
        " v2 ",
    ],
)
def test_text_is_named_by_path_folder_or_title(pattern):
    """A star goes over folders, and a title is read in any case."""
    assert is_named(TEXT, pattern)


def test_path_with_signs_of_patterns_names_itself():
    """A completed path is taken as it is, whatever it holds."""
    assert is_named(replace(TEXT, source="a [old]/b*.md"), "a [old]/b*.md")
    assert is_named(replace(TEXT, source="a [old]/b*.md"), "a [old]/")


@pytest.mark.parametrize(
    "pattern", ["", ".", "guide", "locks.md", "v2/guid", "v", "locks", "..", "v2/guide/Locks.md/x"]
)
def test_other_names_are_of_other_texts(pattern):
    """A part of a name, or another case of a path, names nothing."""
    assert not is_named(TEXT, pattern)
