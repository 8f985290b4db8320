"""Searching: candidates, order, ties, what matched and where."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import Searcher, WeightedText, build_index
from index.documents import Document, Paragraph
from index.passages import split_passages
from index.searcher import CONTEXT_WEIGHT
from index.store import Manifest
from index.terms import extract_terms

quick = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
word = st.sampled_from(
    ["bell", "boat", "eel", "lamp", "net", "pier", "tide", "Mr.", "rang.", "the"]
)
text = st.lists(word, min_size=1, max_size=8).map(" ".join)


def _searcher(*paragraphs, title="Notes"):
    """Return a searcher over texts, or (text, section) pairs, without a disk."""
    pairs = [p if isinstance(p, tuple) else (p, None) for p in paragraphs]
    numbered = tuple(Paragraph(n, *pair) for n, pair in enumerate(pairs, start=1))
    passages = list(split_passages(Document("notes.txt", title, numbered)))
    manifest = Manifest("build-0", "", "", {}, {}, {}, len(passages), 0)
    return Searcher(manifest, passages)


def _ask(searcher, question, top_k=10):
    return searcher.search([WeightedText(question)], top_k)


def _numbers(hits):
    return [hit.passage.paragraph for hit in hits]


@pytest.mark.parametrize(
    ("question", "paragraph"),
    [
        ("Who dug the harbour?", 1),
        ("When do the herring boats leave?", 2),
        ("How often did the lighthouse burn?", 3),
        ("why did nobody DROWN", 4),
        ("Where does the choir sing?", 5),
    ],
)
def test_search_finds_the_paragraph_that_answers(harbour, question, paragraph):
    """Each question's best hit is the paragraph with its words."""
    assert _numbers(_ask(harbour, question, 1)) == [paragraph]


def test_search_names_rank_terms_share_and_sentence(harbour):
    """A hit says what matched, how much of the query that is, and in which sentence."""
    (hit,) = _ask(harbour, "Did the bell of whales ring?", 1)
    sentence = hit.passage.text[hit.sentence.start : hit.sentence.end]
    assert (hit.rank, hit.matched_terms) == (1, ("bell",))
    assert sentence == "Nobody drowned, because the bell rang early."
    assert 0 < hit.share < 1 / 3  # a known word tells less than each of the unknown ones


@pytest.mark.parametrize("question", ["", "   ", "?!", "what is it", "whales"])
def test_search_without_a_shared_term_finds_nothing(harbour, question):
    """Blank questions, stop words and unknown words have no hits."""
    assert _ask(harbour, question) == []


def test_search_for_nothing_finds_nothing(harbour):
    """A query without parts has no hits."""
    assert harbour.search([], 3) == []


@pytest.mark.parametrize(("top_k", "found"), [(-1, 0), (0, 0), (1, 1), (3, 3), (4, 4), (99, 4)])
def test_search_returns_at_most_top_k(top_k, found):
    """Zero or less gives none; more than there is gives what there is."""
    searcher = _searcher("bell one", "bell two", "bell three", "bell four", "boats", "lamps")
    assert len(_ask(searcher, "bell", top_k)) == found


def test_search_breaks_ties_by_place():
    """Equal passages come in the order of the text, also among many."""
    searcher = _searcher(*["The bell rang."] * 40, "Boats left.")
    hits = _ask(searcher, "bell", 40)
    assert _numbers(hits) == list(range(1, 41))
    assert len({hit.score for hit in hits}) == 1
    assert [hit.rank for hit in hits] == list(range(1, 41))


def test_search_in_a_corpus_of_one_paragraph_scores_above_zero():
    """The only passage is found with a positive score, and part of the query matches."""
    (hit,) = _ask(_searcher("The bell rang early."), "When did the bell ring?")
    assert hit.score > 0
    assert 0 < hit.share < 0.5


def test_search_finds_a_term_that_stands_in_half_of_the_passages():
    """A term whose idf is exactly 0 still matches, and the hit is complete."""
    searcher = _searcher("One eel swims.", "Two eel nets.", "Three boats leave.", "Four men sleep.")
    hits = _ask(searcher, "eel")
    assert _numbers(hits) == [1, 2]
    assert all(0 <= hit.share <= 1 for hit in hits)


def test_search_finds_the_sentence_of_a_term_that_stands_in_half_of_the_passages():
    """A sentence that shares a term is named although the term's idf is 0."""
    searcher = _searcher("Nets dry. One eel swims.", "Two eel nets.", "Boats leave.", "Men sleep.")
    hit = _ask(searcher, "eel whales")[0]
    assert hit.sentence is not None
    assert hit.passage.text[hit.sentence.start : hit.sentence.end] == "One eel swims."


def test_search_finds_a_term_that_stands_in_every_passage():
    """A term of all passages finds them all."""
    assert len(_ask(_searcher("bell a lamp", "bell a boat", "bell a net"), "bell")) == 3


def test_search_looks_into_titles_and_sections():
    """A word of the title or of a heading finds the passages below it, and quotes no heading."""
    searcher = _searcher(("They left.", "Boats"), ("It burned.", "Tower"), title="Lowmere")
    (hit,) = _ask(searcher, "tower")
    assert (hit.passage.paragraph, hit.matched_terms, hit.sentence) == (2, ("tower",), None)
    assert hit.share == 1
    assert hit.score > 0
    assert _numbers(_ask(searcher, "Lowmere")) == [1, 2]
    assert not any("Tower" in passage.text for passage in searcher.passages)


def test_search_prefers_a_match_in_the_text_to_one_in_a_heading():
    """The passage's own words count more than those above it."""
    searcher = _searcher(("It burned twice.", "Tower"), ("The tower stands.", "Sights"), "x", "y")
    assert _numbers(_ask(searcher, "tower")) == [2, 1]
    assert 0 < CONTEXT_WEIGHT < 1


def test_search_ranks_equal_texts_by_their_headings():
    """Of two passages with the same words the one below a matching heading comes first."""
    searcher = _searcher(
        ("It burned.", "Boats"), ("It burned.", "Tower"), "Eels.", "Nets.", "Rain."
    )
    assert _numbers(_ask(searcher, "Which tower burned?")) == [2, 1]


def test_search_by_title_finds_a_text_of_stop_words():
    """A corpus whose passages hold only stop words is searched by its title all the same."""
    (hit,) = _ask(_searcher("It is what it is.", title="Herring"), "herring")
    assert (hit.passage.paragraph, hit.sentence) == (1, None)


def test_search_weighs_the_parts_of_a_query():
    """The question counts fully, what was asked before it less; order follows the weights."""
    searcher = _searcher("bell", "boat", "lamp", "net", "pier")
    parts = [WeightedText("boat", 0.4), WeightedText("bell")]
    bell, boat = searcher.search(parts, 5)
    assert (bell.passage.text, boat.passage.text) == ("bell", "boat")
    assert boat.score == pytest.approx(0.4 * bell.score)
    assert boat.share == pytest.approx(0.4 / 1.4)


def test_search_with_a_part_of_no_weight_raises_nothing():
    """A part that counts nothing leaves its matches at score 0."""
    hits = _searcher("bell", "boat", "lamp").search([WeightedText("bell", 0.0)], 3)
    assert all((hit.score, hit.share) == (0, 0) for hit in hits)


def test_search_takes_the_first_of_equal_sentences():
    """Of two sentences that match alike the first is named."""
    (hit,) = _ask(_searcher("The bell rang. The bell broke."), "bell")
    assert (hit.sentence.start, hit.sentence.end) == (0, 14)


@given(st.lists(text, min_size=1, max_size=8), text, st.integers(-1, 10))
@quick
def test_search_orders_by_score_and_then_by_place(texts, question, top_k):
    """Hits fall by score and rise by place; they are the best of all matching passages."""
    searcher = _searcher("Sentinel.", "Anchor.", "Rudder.", *texts, *["Far off."] * len(texts) * 2)
    every, some = _ask(searcher, question, 99), _ask(searcher, question, top_k)
    keys = [(-hit.score, hit.passage.paragraph) for hit in every]
    assert keys == sorted(keys)
    assert some == every[: max(top_k, 0)]
    assert [hit.rank for hit in every] == list(range(1, len(every) + 1))


@given(st.lists(text, min_size=1, max_size=5), text)
@quick
def test_search_finds_exactly_the_passages_that_share_a_term(texts, question):
    """Every passage with a term of the question is a hit, no other is, and each is whole."""
    searcher = _searcher("Sentinel.", "Anchor.", "Rudder.", *texts, *["Far off."] * len(texts) * 2)
    wanted = set(extract_terms(question))
    sharing = [p for p in searcher.passages if wanted & set(p.terms)]
    hits = _ask(searcher, question, 99)
    assert sorted(_numbers(hits)) == [p.paragraph for p in sharing]
    for hit in hits:
        assert set(hit.matched_terms) == wanted & set(hit.passage.terms)
        assert 0 <= hit.share <= 1 + 1e-9
        assert wanted & set(hit.sentence.terms)


def test_search_scores_are_the_same_from_disk_and_from_memory(harbour_corpus, tmp_path):
    """An index that was written and read answers like the passages it was made of."""
    build_index(harbour_corpus, tmp_path / "one")
    opened = Searcher.open(tmp_path / "one")
    again = Searcher(opened.manifest, opened.passages)
    question = [WeightedText("grey stone lighthouse bell")]
    assert opened.search(question, 5) == again.search(question, 5) != []
