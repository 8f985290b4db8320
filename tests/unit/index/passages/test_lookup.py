"""PassageLookup: the documents of an index, and passages by where they stand."""

import os
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import PassageRef, Searcher, SourceInfo, Tier, build_index, fingerprint
from index.documents import Document, Paragraph
from index.passages.lookup import PassageLookup
from index.passages.passage_file import PassageLines
from index.passages.split_passages import split_passages
from tests.support.in_memory import passage_lines

quick = settings(max_examples=60, deadline=None, derandomize=True)

CHANGED_AT = datetime(2023, 12, 31, 12, 30, tzinfo=UTC)


@pytest.fixture
def two_texts(tmp_path):
    """A searcher over two texts, one of them with an address."""
    folder = tmp_path / "texts"
    (folder / "old").mkdir(parents=True)
    (folder / "tide.txt").write_text("Low tide.\n\nHigh tide.\n\nNo tide.", encoding="utf-8")
    (folder / "old" / "bell.md").write_text(
        "---\ntitle: The bell\nurl: https://lowmere.example/\n---\nThe bell rang.",
        encoding="utf-8",
    )
    for path in (folder / "tide.txt", folder / "old" / "bell.md"):
        os.utime(path, (CHANGED_AT.timestamp(), CHANGED_AT.timestamp()))
    build_index(folder, tmp_path / "index")
    return Searcher.open(tmp_path / "index", Tier.LEXICAL)


def test_sources_tell_title_paragraphs_time_and_address(two_texts):
    """Each text is listed once, in the order of the sources."""
    assert two_texts.sources() == [
        SourceInfo("old/bell.md", "The bell", 1, CHANGED_AT, "https://lowmere.example/"),
        SourceInfo("tide.txt", "tide", 3, CHANGED_AT, None),
    ]


def test_texts_and_their_rows_are_looked_up_once(two_texts, monkeypatch):
    """Whatever is pressed or taught, an index reads its passages for the list of texts once."""
    lookup = two_texts.all_headings.lookup
    listed, rows = two_texts.sources(), lookup.rows_of("tide.txt")
    monkeypatch.delattr(PassageLines, "__getitem__")
    listed.clear()
    assert [info.source for info in two_texts.sources()] == ["old/bell.md", "tide.txt"]
    assert lookup.rows_of("tide.txt") == rows == range(1, 4)


@pytest.mark.parametrize(
    ("source", "paragraph", "text"),
    [
        ("tide.txt", 1, "Low tide."),
        ("tide.txt", 3, "No tide."),
        ("old/bell.md", 1, "The bell rang."),
        ("tide.txt", 0, None),
        ("tide.txt", 4, None),
        ("tide.txt", -1, None),
        ("storm.txt", 1, None),
    ],
)
def test_passage_at_a_place_is_its_paragraph(two_texts, source, paragraph, text):
    """A place that the texts do not have gives None."""
    passage = two_texts.passage_at(source, paragraph)
    assert (passage.text if passage else None) == text


def test_passage_whose_place_holds_another_text_is_none(two_texts):
    """A fingerprint of other words finds nothing, at any step."""
    ask = two_texts.passage_from
    assert ask(PassageRef("tide.txt", 2, fingerprint("High tide."))).text == "High tide."
    assert ask(PassageRef("tide.txt", 2, fingerprint("High water."))) is None
    assert ask(PassageRef("tide.txt", 3, fingerprint("High tide."))) is None
    assert ask(PassageRef("tide.txt", 3, fingerprint("No tide.")), step=1) is None
    assert ask(PassageRef("tide.txt", 1, fingerprint("Low tide.")), step=-1) is None


def _places(passages, *, changed_at_s=0):
    firsts, ends = np.array([0]), np.array([len(passages)])
    return PassageLookup(passage_lines(passages), firsts, ends, np.array([changed_at_s]))


@pytest.mark.parametrize(("changed_at_s", "year"), [(-(2**40), 1970), (2**62, 9999)])
def test_time_that_no_calendar_has_is_the_nearest_one(changed_at_s, year):
    """A file's odd time of change costs no listing."""
    passages = list(split_passages(Document("notes.txt", "Notes", (Paragraph(1, "Low tide."),))))
    (info,) = _places(passages, changed_at_s=changed_at_s).sources()
    assert info.changed_at.year == year


paragraph = st.lists(
    st.sampled_from(["Low tide.", "The bell rang.", "No."]), min_size=1, max_size=4
)


@given(texts=st.lists(paragraph.map(" ".join), min_size=1, max_size=6))
@quick
def test_every_passage_is_found_at_its_place_and_beside_the_others(texts):
    """Also the parts of a split paragraph, of which the first stands at the place."""
    numbered = tuple(Paragraph(n, text) for n, text in enumerate(texts, start=1))
    document = Document("notes.txt", "Notes", numbered)
    passages = list(split_passages(document, max_chars=20))
    places = _places(passages)
    for row, passage in enumerate(passages):
        first = next(p for p in passages if p.paragraph == passage.paragraph)
        same = [p for p in passages if (p.paragraph, p.text) == (passage.paragraph, passage.text)]
        assert places.passage_at(passage.source, passage.paragraph) == first
        assert places.passage_from(passage.ref) == same[0]
        if len(same) == 1:
            beside = places.passage_from(passage.ref, step=1)
            assert beside == (passages[row + 1] if row + 1 < len(passages) else None)
