"""Titles and sections: listed for completion, and the nearest ones where nothing is found."""

import pytest

from index import (
    CombinedSearcher,
    PassageRef,
    Searcher,
    TaughtQuestion,
    build_index,
    fingerprint,
)
from index.search import headings as headings_module

BOATS = """\
# The boats of Lowmere

Herring boats leave before dawn.

## Repairs and tar

Hulls are tarred in March.

## Wages

A deckhand earns a share of the catch.
"""
CHOIR = "# The choir\n\nIt sings in June.\n\n## Tickets and prices\n\nSeats are free.\n"


def _open(folder, **texts):
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for name, text in texts.items():
        (corpus / f"{name}.md").write_text(text, encoding="utf-8")
    build_index(corpus, folder / "index")
    return Searcher.open(folder / "index")


@pytest.fixture
def lowmere(tmp_path):
    """A searcher over two texts with sections."""
    return _open(tmp_path, boats=BOATS, choir=CHOIR)


ALL = ["The boats of Lowmere", "Repairs and tar", "Wages", "The choir", "Tickets and prices"]


@pytest.mark.parametrize("limit", [-1, 0, 2, 5, 99])
def test_headings_stand_in_the_order_of_the_texts(lowmere, limit):
    """Each title and section comes once, a title before its sections, no more than asked for."""
    assert lowmere.headings(limit) == ALL[: max(limit, 0)]


def test_headings_of_a_large_collection_are_sections_at_first_and_titles_throughout(
    lowmere, monkeypatch
):
    """Beyond so many passages only the titles are read."""
    monkeypatch.setattr(headings_module, "_MAX_READ", 2)
    assert lowmere.headings(9) == ["The boats of Lowmere", "Repairs and tar", "The choir"]


@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("What do tickets for the opera cost?", "Tickets and prices"),
        ("who does the repair of wheels", "Repairs and tar"),
        ("the wages of fear", "Wages"),
    ],
)
def test_nearest_heading_shares_the_question(lowmere, question, nearest):
    """The heading that says most of a question is named first, and at most k of them."""
    assert lowmere.nearest_headings(question)[0] == nearest
    assert len(lowmere.nearest_headings(question)) <= 2
    assert lowmere.nearest_headings(question, 1) == [nearest]
    assert lowmere.nearest_headings(question, 0) == []


@pytest.mark.parametrize("question", ["", "what is it?", "How heavy is a quokka?"])
def test_no_heading_is_near_a_question_about_something_else(lowmere, question):
    """Where nothing is near, nothing is named."""
    assert lowmere.nearest_headings(question) == []


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("when do the herrin boats leave", ["herring"]),
        ("herring boats", []),
        ("deckhnad herrring", ["deckhand", "herring"]),
        ("", []),
        ("4711", []),
    ],
)
def test_misspelt_words_may_mean_words_of_the_texts(tmp_path, question, meant):
    """A word that the texts lack is answered with the one that it is a typo of."""
    lexical = _open(tmp_path, boats=BOATS)
    assert lexical.did_you_mean(question) == meant


@pytest.mark.parametrize("question", ["Which vessels?", "bake bread", "a b c", "herring soup"])
def test_unknown_word_that_is_no_typo_means_no_other_word(tmp_path, question):
    """Words near in meaning or in sound are not what somebody meant to type."""
    opened = _open(tmp_path, boats=f"{BOATS}\n\nJake lay awake. Plan B failed.")
    assert opened.did_you_mean(question) == []


def test_word_that_was_taught_is_no_typo(tmp_path):
    """A word that only a taught question holds is known."""
    opened = _open(tmp_path, boats=BOATS)
    taught = TaughtQuestion(
        "herrin?", PassageRef("boats.md", 1, fingerprint("Herring boats leave before dawn."))
    )
    assert opened.did_you_mean("Which herrin?") == ["herring"]
    assert opened.with_taught([taught]).did_you_mean("Which herrin?") == []


def test_combined_headings_come_from_every_index(tmp_path):
    """The own collection's stand first, each index is asked, and what one knows is no typo."""
    own = _open(tmp_path / "own", choir=CHOIR)
    shared = _open(tmp_path / "shared", boats=BOATS)
    combined = CombinedSearcher([own, shared])
    assert combined.headings(99) == ALL[3:] + ALL[:3]
    assert combined.headings(1) == ALL[3:4]
    found = combined.nearest_headings("tickets or wages")
    assert found == ["Tickets and prices", "Wages"]
    assert combined.did_you_mean("herrring singss june") == ["sings", "herring"]
    assert combined.did_you_mean("herring sings") == []
