"""Of a page in several languages, passages in one language are shown."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from index import WeightedText
from index.documents import Document, Paragraph
from index.passages.editions import Edition, Editions
from index.passages.split_passages import split_passages
from index.search.translations import in_one_language
from tests.support.in_memory import open_searcher

EDITIONS = Editions(
    [
        (Edition("a.md", None, "en"), Edition("a.de.md", None, "de")),
        (Edition("b.md", None, "en"), Edition("b.de.md", None, "de")),
    ]
)


def _hit(source, language):
    document = Document(source, source, (Paragraph(1, "Lowmere"),), language=language)
    passages = list(split_passages(document, language=language))
    (hit,) = open_searcher(passages).search([WeightedText("Lowmere")], 1)
    return hit


HITS = {
    source: _hit(source, "de" if ".de." in source else "en")
    for source in ("a.md", "a.de.md", "b.md", "b.de.md", "c.md")
}


def _hits(*found):
    """Return hits of sources with scores, best first."""
    return [
        replace(HITS[source], score=score, rank=n, coverage=score / 10)
        for n, (source, score) in enumerate(found, 1)
    ]


def _shown(hits, language):
    return [hit.passage.source for hit in in_one_language(hits, EDITIONS, language)]


def test_language_of_the_asker_takes_the_place_of_the_best_passage():
    """The other language of the page is left out; other pages stay."""
    hits = _hits(("a.md", 9.0), ("c.md", 8.0), ("a.de.md", 7.0), ("b.md", 6.0), ("b.de.md", 5.0))
    assert _shown(hits, "de") == ["a.de.md", "c.md", "b.de.md"]
    assert _shown(hits, "en") == ["a.md", "c.md", "b.md"]
    ranks = [hit.rank for hit in in_one_language(hits, EDITIONS, "de")]
    assert ranks == [1, 2, 3]


def test_page_without_the_language_of_the_asker_is_shown_in_that_of_its_best_passage():
    """There is nothing better."""
    assert _shown(_hits(("a.md", 9.0), ("a.de.md", 8.0)), "fr") == ["a.md"]


def test_passage_that_is_hardly_found_takes_no_place():
    """The question is in the language of the other one."""
    assert _shown(_hits(("a.md", 9.0), ("a.de.md", 1.0)), "de") == ["a.md"]


def test_passage_with_the_words_of_the_question_counts_whatever_its_score():
    """An encoder that does not read the language scores it low."""
    best, other = _hits(("a.md", 9.0), ("a.de.md", -1.0))
    assert _shown([best, replace(other, coverage=0.5)], "de") == ["a.de.md"]
    assert _shown([replace(best, coverage=0.0), replace(other, coverage=0.0)], "de") == ["a.md"]


def test_further_passages_of_the_page_stay_at_their_places():
    """Only the first one moves up."""
    hits = _hits(("a.md", 9.0), ("a.de.md", 8.0), ("c.md", 7.0), ("a.de.md", 6.0))
    assert _shown(hits, "de") == ["a.de.md", "c.md", "a.de.md"]


def test_hits_without_translated_pages_are_unchanged():
    """They are the same objects."""
    hits = _hits(("a.md", 9.0), ("a.de.md", 8.0))
    assert in_one_language(hits, Editions(()), "de") == hits


@given(st.lists(st.tuples(st.sampled_from(sorted(HITS)), st.floats(0, 9)), max_size=12))
def test_each_page_is_shown_once_in_one_language(found):
    """No page is lost, none is there in two languages, and ranks count from 1."""
    hits = _hits(*sorted(found, key=lambda one: -one[1]))
    shown = in_one_language(hits, EDITIONS, "de")
    assert [hit.rank for hit in shown] == list(range(1, len(shown) + 1))
    languages: dict[int | None, str] = {}
    for hit in shown:
        page = EDITIONS.translated_page(hit.passage.source)
        assert languages.setdefault(page, hit.passage.language) == hit.passage.language
    pages = {EDITIONS.translated_page(hit.passage.source) for hit in hits}
    assert pages == languages.keys()
