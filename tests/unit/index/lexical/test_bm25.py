"""BM25 scores: those of rank_bm25, without its traps."""

from math import log

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from index.analysis.terms import extract_terms
from index.documents import list_corpus, read_document
from index.lexical.bm25 import K1, B, BM25Index, build_postings
from index.lexical.postings import Postings
from index.lexical.vocabulary import Vocabulary
from tests.support.checkout import REPOSITORY

quick = settings(max_examples=60, deadline=None, derandomize=True)
terms = st.sampled_from(["bell", "boat", "eel", "lamp", "net", "pier", "tide"])
term_lists = st.lists(st.lists(terms, max_size=6), max_size=8)
queries = st.lists(terms | st.just("whale"), max_size=5)


def _rows(bm25_index, term):
    return bm25_index.term_scores(term)[0].tolist()


TINY = [["boat", "boat", "bell"], ["lamp"], ["net"], ["pier", "tide"]]


def test_score_worked_by_hand():
    """Four lists of 1.75 terms on average; "boat" twice in one list of three."""
    idf = log(4 - 1 + 0.5) - log(1 + 0.5)
    expected = idf * 2 * (1.2 + 1) / (2 + 1.2 * (1 - 0.75 + 0.75 * 3 / 1.75))
    scores = BM25Index(TINY, k1=1.2, b=0.75).scores(["boat"])
    assert scores == pytest.approx([expected, 0, 0, 0])
    assert scores[0] == pytest.approx(0.8473 * 4.4 / 3.8429, abs=1e-4)


def test_score_takes_the_documented_defaults():
    """Without k1 and b the recommended ones hold."""
    assert (K1, B) == (1.2, 0.75)
    default, explicit = BM25Index(TINY), BM25Index(TINY, k1=K1, b=B)
    assert default.scores(["boat"]).tolist() == explicit.scores(["boat"]).tolist()


def test_score_counts_repeated_query_terms():
    """A term asked twice counts twice."""
    bm25_index = BM25Index(TINY)
    assert bm25_index.scores(["bell", "bell"]) == pytest.approx(2 * bm25_index.scores(["bell"]))


def test_score_of_an_unknown_term_is_nothing():
    """A word that no list holds changes no score and matches no row."""
    bm25_index = BM25Index(TINY)
    assert bm25_index.scores(["whale"]).tolist() == [0, 0, 0, 0]
    assert bm25_index.scores(["bell", "whale"]).tolist() == bm25_index.scores(["bell"]).tolist()
    assert _rows(bm25_index, "whale") == []
    assert bm25_index.idf("whale") > bm25_index.idf("bell") > 0
    assert ("whale" in bm25_index, "bell" in bm25_index) == (False, True)


@pytest.mark.parametrize("lists", [[], [[]], [[], [], []]])
def test_index_without_terms_scores_nothing(lists):
    """No list, or only empty ones, is an index that matches nothing."""
    bm25_index = BM25Index(lists)
    assert bm25_index.scores(["bell"]).tolist() == [0] * len(lists)
    assert _rows(bm25_index, "bell") == []
    assert "bell" not in bm25_index
    assert bm25_index.idf("bell") > 0 or not lists


def test_score_of_the_only_list_is_positive():
    """In a corpus of one passage a match scores above 0, where rank_bm25 goes below."""
    assert BM25Okapi([["boat", "bell"]]).get_scores(["bell"])[0] < 0
    assert BM25Index([["boat", "bell"]]).scores(["bell"])[0] > 0


def test_score_of_a_term_in_one_of_two_lists_is_positive():
    """In a corpus of two passages a match scores above 0, where rank_bm25 gives 0."""
    lists = [["boat"], ["bell"]]
    assert BM25Okapi(lists).get_scores(["bell"]).tolist() == [0, 0]
    assert BM25Index(lists).scores(["bell"])[1] > 0 == BM25Index(lists).scores(["bell"])[0]


def test_row_with_a_term_of_half_of_the_lists_matches():
    """A term in half of the lists may score 0 and is a match all the same."""
    bm25_index = BM25Index([["eel", "bell"], ["eel", "boat"], ["lamp"], ["net"]])
    assert bm25_index.scores(["eel"]).tolist() == [0, 0, 0, 0]
    assert _rows(bm25_index, "eel") == [0, 1]


def test_term_scores_name_each_row_once_and_ascending():
    """A list that repeats the term is one row; rows and scores have the same length."""
    rows, scores = BM25Index([["net", "net"], ["boat"], ["net"], ["eel"]]).term_scores("net")
    assert rows.tolist() == [0, 2]
    assert scores.shape == (2,)
    assert scores.dtype == np.float64


@given(term_lists, terms)
@quick
def test_term_scores_are_the_scores_of_a_query_of_that_term(lists, term):
    """The rows that hold a term carry all of its score, asked once or again."""
    bm25_index = BM25Index(lists)
    for _ in range(2):
        rows, scores = bm25_index.term_scores(term)
        whole = np.zeros(len(lists))
        whole[rows] = scores
        assert whole.tolist() == bm25_index.scores([term]).tolist()
        assert rows.tolist() == [row for row, held in enumerate(lists) if term in held]


def _assert_scores_of_rank_bm25(lists, query, **parameters):
    expected = BM25Okapi(lists, **parameters).get_scores(query)
    assert BM25Index(lists, **parameters).scores(query) == pytest.approx(expected, rel=1e-6, abs=0)


@given(term_lists, queries, st.floats(0.01, 3), st.floats(0, 0.99))
@example([["bell"], ["boat"], ["eel", "bell", "bell"], ["net"]], ["bell", "bell"], K1, B)
@quick
def test_scores_equal_rank_bm25_when_its_average_idf_is_positive(lists, query, k1, b):
    """Wherever rank_bm25's idf floor is sound, its scores are ours, for any parameters."""
    assume(any(lists))
    assume(BM25Okapi(lists).average_idf > 1e-9)  # below that it is 0 but for rounding
    _assert_scores_of_rank_bm25(lists, query, k1=k1, b=b)


@pytest.mark.parametrize("seed", range(5))
def test_scores_equal_rank_bm25_on_random_collections(seed):
    """Also with hundreds of rows, terms in most of them and terms in few, rows without any."""
    rng = np.random.default_rng(seed)
    words = np.array([f"w{n}" for n in range(300)])
    often = 1 / np.arange(1, 301)
    lists = [
        rng.choice(words, rng.integers(0, 40), p=often / often.sum()).tolist() for _ in range(400)
    ]
    assert BM25Okapi(lists).average_idf > 0
    assert sum("w0" in row for row in lists) > 200
    for _ in range(20):
        query = rng.choice(words, rng.integers(1, 9), p=often / often.sum()).tolist()
        _assert_scores_of_rank_bm25(lists, query, k1=K1, b=B)


@pytest.fixture(scope="module")
def report_terms():
    """The terms of the paragraphs of the text that comes along."""
    files, _ = list_corpus(REPOSITORY / "corpus")
    document = read_document(next(f for f in files if f.source == "us-israel-2023.md"))
    return [extract_terms(paragraph.text) for paragraph in document.paragraphs]


def test_scores_and_top_k_equal_rank_bm25_on_a_real_text(report_terms):
    """Each paragraph's first eight terms, asked of all paragraphs of the text that comes along."""
    assert len(report_terms) > 50
    okapi, bm25_index = BM25Okapi(report_terms, k1=K1, b=B), BM25Index(report_terms)
    for terms in report_terms:
        query = terms[:8]
        expected = okapi.get_scores(query)
        assert bm25_index.scores(query) == pytest.approx(expected, rel=1e-6, abs=0)
        rows, scores = bm25_index.top_k([(term, 1.0) for term in query], 5)
        assert scores == pytest.approx(np.sort(expected)[::-1][:5], rel=1e-6)
        assert expected[rows] == pytest.approx(scores, rel=1e-6)


@given(term_lists, queries, st.integers(-1, 9))
@quick
def test_top_k_is_the_beginning_of_the_sorted_scores(lists, query, k):
    """The best of the rows that share a term with the query, equal ones by row."""
    bm25_index = BM25Index(lists)
    matching = [row for row, held in enumerate(lists) if set(held) & set(query)]
    scores = bm25_index.scores(query)
    rows, found = bm25_index.top_k([(term, 1.0) for term in query], k)
    assert found == pytest.approx(sorted(scores[matching], reverse=True)[: max(k, 0)])
    assert len(set(rows.tolist())) == len(rows)
    assert set(rows.tolist()) <= set(matching)
    assert scores[rows] == pytest.approx(found)


def test_index_reopens_on_mapped_arrays(tmp_path):
    """On a vocabulary and postings from elsewhere it scores as it did where they were made."""
    vocabulary = Vocabulary.from_terms(["bell", "boat", "lamp"])
    chunk = np.array([1, 1, 0, 2], dtype=np.int32), np.array([3, 0, 1], dtype=np.int32)
    build_postings(lambda: [chunk], 3, folder=tmp_path)
    opened = BM25Index.from_arrays(vocabulary, Postings.open(tmp_path))
    made = BM25Index([["boat", "boat", "bell"], [], ["lamp"]])
    for term in ["bell", "boat", "lamp", "whale"]:
        assert opened.scores([term]).tolist() == made.scores([term]).tolist()
        assert opened.idf(term) == made.idf(term)
        assert (term in opened) == (term in made)
    assert opened.top_k([("boat", 1.0)], 2)[0].tolist() == [0]


@given(term_lists, queries)
@quick
def test_scores_are_never_negative_and_zero_without_a_match(lists, query):
    """Scores are finite, 0 or more, one for each row, and 0 where no term is shared."""
    bm25_index = BM25Index(lists)
    scores = bm25_index.scores(query)
    assert scores.shape == (len(lists),)
    assert scores.dtype == np.float64
    assert np.isfinite(scores).all()
    assert (scores >= 0).all()
    matching = [row for row, held in enumerate(lists) if set(held) & set(query)]
    assert sorted({row for term in query for row in _rows(bm25_index, term)}) == matching
    assert set(np.flatnonzero(scores)) <= set(matching)


@given(term_lists)
@quick
def test_idf_falls_with_the_number_of_lists_that_hold_a_term(lists):
    """A rarer term tells more, and every term tells something."""
    bm25_index = BM25Index(lists)
    df = {term: sum(term in held for held in lists) for held in lists for term in held}
    told = [bm25_index.idf(term) for _, term in sorted((n, t) for t, n in df.items())]
    assert told == sorted(told, reverse=True)
    assert all(idf > 0 for idf in told)
    assert all(term in bm25_index for term in df)


@given(term_lists, st.sets(st.integers(0, 20), max_size=8))
@quick
def test_scores_at_some_rows_are_those_of_all(lists, asked):
    """Of any rows those that hold a term are named with their scores."""
    bm25_index = BM25Index(lists)
    asked = np.array(sorted(row for row in asked if row < len(lists)), dtype=np.int32)
    for term in {"unknown", *(term for terms in lists for term in terms)}:
        scored = dict(zip(*(part.tolist() for part in bm25_index.term_scores(term)), strict=True))
        places, scores = bm25_index.term_scores_at(term, asked)
        assert places.tolist() == [n for n, row in enumerate(asked.tolist()) if row in scored]
        assert scores.tolist() == [scored[row] for row in asked[places].tolist()]
