"""Finding texts and places in them by what people type."""

import pytest

from bot.discord_app.texts.source_lists import SourceLists
from index import Searcher, build_index

LONG = " ".join(f"Ship {n} lay in the harbour of Lowmere for a year." for n in range(60))


@pytest.fixture
def searcher(harbour_corpus, tmp_path):
    """The harbour, a text with sections, and one with a paragraph of several passages."""
    mill = "# The mill\n\n## Its owners\n\nThorne.\n\nHawley.\n\n## Its end\n\nIt burned."
    (harbour_corpus / "mill.md").write_text(mill)
    (harbour_corpus / "long.txt").write_text(f"One.\n\n{LONG}\n\nThree.")
    build_index(harbour_corpus, tmp_path / "index")
    return Searcher.open(tmp_path / "index")


@pytest.mark.parametrize(
    ("named", "source"),
    [
        ("mill.md", "mill.md"),
        ("MILL.md", "mill.md"),
        ("the  harbour of LOWMERE", "harbour.txt"),
        ("", None),
        ("../mill.md", None),
        ("mill", None),
    ],
)
def test_text_is_found_by_its_name_or_title(searcher, named, source):
    """Case does not matter; a part of a name is not enough."""
    found = SourceLists().find(searcher, named)
    assert (found and found.source) == source


def test_texts_match_what_is_typed(searcher):
    """By title and by name."""
    lists = SourceLists()
    assert [info.source for info in lists.matching(searcher, "mil", 25)] == ["mill.md"]
    assert [info.source for info in lists.matching(searcher, "txt", 25)] == [
        "harbour.txt",
        "long.txt",
    ]
    assert len(lists.matching(searcher, "", 2)) == 2


@pytest.mark.parametrize(
    ("typed", "paragraphs"),
    [
        ("", [1, 3]),
        ("its", [1, 3]),
        ("end", [3]),
        ("2", [1, 3]),
        ("0", [1, 3]),
        ("4", []),
        ("9" * 300, []),
        ("\u0663", [3]),
        ("nothing like it", []),
    ],
)
def test_places_are_sections_or_numbers(searcher, typed, paragraphs):
    """A number leads to its paragraph and those after it, words to where a section begins."""
    lists = SourceLists()
    info = lists.find(searcher, "mill.md")
    assert info is not None
    places = lists.paragraphs(searcher, info, typed, 25)
    assert [place.paragraph for place in places] == paragraphs


def test_long_paragraph_is_read_whole(searcher):
    """Its passages in order, and nothing of its neighbours."""
    parts = searcher.paragraph_parts("long.txt", 2, 9)
    assert len(parts) > 1
    assert " ".join(part.text for part in parts) == LONG
    assert searcher.paragraph_parts("long.txt", 2, 1) == parts[:1]
    assert searcher.paragraph_parts("long.txt", 4, 9) == []
    assert searcher.paragraph_parts("no.txt", 1, 9) == []


def test_paragraph_that_repeats_itself_is_read_once(harbour_corpus, tmp_path):
    """No part stands there twice, where the words do not tell the parts apart."""
    refrain = "The bell of Lowmere rang for every boat that did not come home. "
    (harbour_corpus / "song.txt").write_text(f"Song\n\n{refrain * 100}")
    build_index(harbour_corpus, tmp_path / "index")
    texts = Searcher.open(tmp_path / "index")
    parts = texts.paragraph_parts("song.txt", 1, 9)
    assert len({part.start for part in parts}) == len(parts) > 0
