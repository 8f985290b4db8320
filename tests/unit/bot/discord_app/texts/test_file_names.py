"""Names of uploaded texts: one plain component that can be read, or a refusal."""

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord_app.texts import strings
from bot.discord_app.texts.file_names import text_name
from bot.errors import TextRefusedError
from index import readable_suffixes

_SIGNS = st.sampled_from([*"ab./\\: \0\n\u202e\u00e9\ud800*~%", ".txt", "../", "synonyms"])
_NAMES = st.one_of(st.text(max_size=300), st.lists(_SIGNS, max_size=40).map("".join))


@given(_NAMES, st.sampled_from(["", ".txt", ".MD"]))
def test_whatever_is_uploaded_becomes_one_component_or_is_refused(name, ending):
    """No name leads out of its folder, is hidden, is reserved, or cannot be made a file's."""
    try:
        kept = text_name(name + ending, [], [])
    except TextRefusedError:
        return
    assert PurePosixPath(kept).parts == PureWindowsPath(kept).parts == (kept,)
    assert not kept.startswith(".")
    assert kept.casefold() != "synonyms.txt"
    assert not kept.casefold().startswith("readme.")
    assert Path(kept).suffix.lower() in readable_suffixes()
    assert len(kept) <= 100
    assert len(kept.encode()) <= 255
    assert kept.isprintable()


@pytest.mark.parametrize(
    ("filename", "why"),
    [
        ("../../2/texts/x.txt", strings.BAD_NAME),
        ("a\\b.txt", strings.BAD_NAME),
        (".x.txt", strings.BAD_NAME),
        ("", strings.BAD_NAME),
        (" x.txt", strings.BAD_NAME),
        ("x\u202etxt.exe.txt", strings.BAD_NAME),
        ("C:x.txt", strings.BAD_NAME),
        ("x" * 97 + ".txt", strings.BAD_NAME),
        ("\U0001f984" * 90 + ".txt", strings.BAD_NAME),
        ("x", strings.BAD_ENDING),
        ("x.exe", strings.BAD_ENDING),
        ("x.txt.zip", strings.BAD_ENDING),
        ("Synonyms.TXT", strings.RESERVED_NAME),
        ("readme.md", strings.RESERVED_NAME),
        ("HARBOUR.txt", strings.SHARED_NAME),
    ],
)
def test_name_is_refused_with_the_reason(filename, why):
    """The message names the rule that the name breaks."""
    with pytest.raises(TextRefusedError) as refused:
        text_name(filename, ["mill.md"], ["harbour.txt", "old/mill.md"])
    assert refused.value.message == why


@pytest.mark.parametrize(
    ("filename", "kept"),
    [
        ("fair.txt", "fair.txt"),
        ("Mill.MD", "mill.md"),
        ("e\u0301t\u00e9.txt", "\u00e9t\u00e9.txt"),
        ("\u05e9\u05dc\u05d5\u05dd.txt", "\u05e9\u05dc\u05d5\u05dd.txt"),
        ("a b (2), c.htm", "a b (2), c.htm"),
    ],
)
def test_name_is_kept(filename, kept):
    """A name may have spaces and any script."""
    assert text_name(filename, ["mill.md"], ["harbour.txt"]) == kept


def test_formats_without_their_library_are_refused(monkeypatch):
    """Where the extra is not installed, such a file is refused before it is fetched."""
    assert ".odt" in readable_suffixes()
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert ".odt" not in readable_suffixes()
    with pytest.raises(TextRefusedError, match=r"\.txt, \.md"):
        text_name("x.odt", [], [])
