"""The paragraph that a teacher means: by its number, or by words that stand in it."""

import pytest

from bot.discord_app.teaching.paragraph_lookup import ParagraphQuery, find_paragraphs
from index import Searcher, build_index
from tests.support.data.harbour import HARBOUR


@pytest.fixture(scope="module")
def two_texts(tmp_path_factory):
    """An index of the harbour text and of one with a paragraph of three parts."""
    folder = tmp_path_factory.mktemp("texts")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    long = "Eels\n\nEels are smoked.\n\n" + " ".join(
        f"The eel swims past pier {n} in the river." for n in range(110)
    )
    (folder / "corpus" / "eels.txt").write_text(long, encoding="utf-8")
    build_index(folder / "corpus", folder / "index")
    return Searcher.open(folder / "index")


@pytest.mark.parametrize(
    ("text", "paragraph", "words", "meant"),
    [
        ("harbour.txt", "4", "", [("harbour.txt", 4)]),
        ("The Harbour of Lowmere", " #4 ", "", [("harbour.txt", 4)]),
        ("lowmere", "4", "eels", [("harbour.txt", 4)]),
        ("eels.txt", "1", "", [("eels.txt", 1)]),
        ("", "4", "", []),
        (".txt", "4", "", []),
        ("nowhere", "4", "", []),
        ("harbour.txt", "6", "", []),
        ("harbour.txt", "0", "", []),
        ("harbour.txt", "-1", "", []),
        ("harbour.txt", "4th", "", []),
        ("harbour.txt", "", " ", []),
        ("nowhere", "", "bell", []),
    ],
)
def test_paragraph_is_found_by_its_number(two_texts, text, paragraph, words, meant):
    """A name, a title or a part of either will do, if it is that of one text."""
    query = ParagraphQuery(text, paragraph, words)
    found = find_paragraphs(query, two_texts, two_texts.sources())
    assert [(passage.source, passage.paragraph) for passage in found] == meant


def test_long_paragraph_is_offered_in_its_parts(two_texts):
    """At most three, in order: each is a passage that can be quoted."""
    found = find_paragraphs(ParagraphQuery("eels.txt", "2"), two_texts, two_texts.sources())
    assert [passage.paragraph for passage in found] == [2, 2, 2]
    assert [passage.start for passage in found] == sorted({passage.start for passage in found})


def test_paragraphs_are_found_by_their_words_in_one_text_or_in_all(two_texts):
    """The best come first, at most three."""
    infos = two_texts.sources()
    bell = find_paragraphs(ParagraphQuery(words="the bell rang early"), two_texts, infos)
    assert (bell[0].source, bell[0].paragraph) == ("harbour.txt", 4)
    assert len(bell) <= 3
    eels = find_paragraphs(ParagraphQuery("eels", words="the harbour river"), two_texts, infos)
    assert {passage.source for passage in eels} == {"eels.txt"}
