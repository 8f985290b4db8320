"""Postings: look-ups, and the exact top-k without scoring every row."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.lexical import posting_writer, sum_bounds, top_k
from index.lexical.bm25 import build_postings

quick = settings(max_examples=150, deadline=None, derandomize=True)

# Everything that spares work only in long lists, brought down so that short ones take every path.
SMALL = {
    (posting_writer, "FREQUENT_FROM"): 4,
    (top_k, "_LIKELY"): 2,
    (top_k, "SCORE_ALL_BELOW"): 0,
    (top_k, "RAISE_ABOVE_BLOCKS"): 0,
    (top_k, "_LIKELY_BLOCKS"): 2,
    (top_k, "_GROUP_BLOCKS"): 2,
}


@pytest.fixture(params=[None, 1 / 4, 2], ids=["usual", "small", "small, no columns, 32 bits"])
def sizes(request, monkeypatch):
    """Run with the usual sizes and with such that short lists are treated like long ones."""
    if request.param is not None:
        for (module, name), value in SMALL.items():
            monkeypatch.setattr(module, name, value)
        monkeypatch.setattr(posting_writer, "COLUMN_SHARE", request.param)
        if request.param > 1:
            monkeypatch.setattr(sum_bounds, "MOST_IN_16_BITS", 1)


def _postings(rows, n_terms):
    lengths = np.array([len(row) for row in rows], dtype=np.int32)
    ids = np.array([t for row in rows for t in row], dtype=np.int32)
    return build_postings(lambda: [(ids, lengths)], n_terms)


def _random_rows(seed, n_rows, n_terms, longest=8):
    """Draw rows of few distinct lengths, so that many of their scores are equal."""
    rng = np.random.default_rng(seed)
    often = 1 / np.arange(1, n_terms + 1)
    drawn = rng.choice(n_terms, (n_rows, longest), p=often / often.sum())
    return [row[: rng.choice([1, longest // 2, longest])].tolist() for row in drawn]


def _scored_in_full(held, terms, k):
    """Score every row that holds a term, in the order of the terms, and sort them all."""
    weights: dict[int, float] = {}
    for term_id, weight in terms:
        weights[term_id] = weights.get(term_id, 0.0) + weight
    scores = np.zeros(held.n_rows)
    matching = np.zeros(held.n_rows, dtype=bool)
    for term_id, weight in weights.items():
        rows, impacts = held.term(term_id)
        scores[rows] += impacts.astype(np.float64) * weight
        matching[rows] = True
    rows = np.flatnonzero(matching)
    best = rows[np.lexsort((rows, -scores[rows]))][: max(k, 0)]
    return best.tolist(), scores[best].tolist()


def _found(held, terms, k):
    rows, scores = held.top_k(terms, k)
    assert scores.dtype == np.float64
    return rows.tolist(), scores.tolist()


@pytest.mark.usefixtures("sizes")
@pytest.mark.parametrize("seed", range(6))
def test_top_k_is_that_of_full_scoring(seed):
    """Rows and scores are the same to the last bit, ties by row, for any terms, weights and k."""
    rng = np.random.default_rng(seed)
    n_terms = int(rng.integers(3, 40))
    held = _postings(_random_rows(seed, int(rng.integers(20, 3000)), n_terms), n_terms)
    for _ in range(60):
        drawn = rng.integers(0, n_terms, rng.integers(1, 9)).tolist()
        weights = rng.choice([1, 1, 0.5, 1.7, 9], len(drawn)).tolist()
        terms = list(zip(drawn, weights, strict=True))
        for k in (1, 3, 10, 200):
            assert _found(held, terms, k) == _scored_in_full(held, terms, k)


rows_of_terms = st.lists(st.lists(st.integers(0, 5), max_size=6), min_size=1, max_size=40)
weighted = st.lists(st.tuples(st.integers(0, 5), st.floats(0.01, 50)), max_size=6)


@pytest.mark.usefixtures("sizes")
@given(rows_of_terms, weighted, st.integers(-1, 50))
@settings(quick, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_top_k_is_that_of_full_scoring_of_any_rows(rows, terms, k):
    """Also in the smallest of collections, with terms that no row holds or all rows hold."""
    held = _postings(rows, 6)
    assert _found(held, terms, k) == _scored_in_full(held, terms, k)


@pytest.mark.usefixtures("sizes")
def test_top_k_breaks_ties_by_row():
    """Of rows with equal scores those with the lowest numbers are found, in their order."""
    held = _postings([[0, 1]] * 50 + [[2, 3, 4]] * 200 + [[0, 1]] * 50, 5)
    rows, scores = held.top_k([(0, 1.0), (1, 1.0)], 60)
    assert rows.tolist() == [*range(50), *range(250, 260)]
    assert len(set(scores.tolist())) == 1


@pytest.mark.usefixtures("sizes")
def test_top_k_returns_no_row_without_a_term_and_each_with_one():
    """A row that holds a term of no worth is found; one that holds none is not."""
    held = _postings([[0, 1], [0], [2], [3]], 4)
    assert _found(held, [(0, 1.0)], 10) == ([0, 1], [0, 0])  # half of the rows: the idf is 0
    assert _found(held, [(0, 1.0), (2, 1.0)], 10)[0] == [2, 0, 1]
    assert _found(held, [], 10) == ([], [])


@pytest.mark.usefixtures("sizes")
def test_top_k_adds_up_the_weights_of_a_repeated_term():
    """A term asked for twice counts as one with both weights."""
    held = _postings(_random_rows(1, 500, 12), 12)
    assert _found(held, [(3, 1.0), (5, 1.0), (3, 0.5)], 10) == _found(
        held, [(3, 1.5), (5, 1.0)], 10
    )


def test_top_k_reads_little_of_a_long_list_that_can_add_little():
    """With a rare term in the query, a frequent one is read only where the rare one stands."""
    rows = [[0, 1 + n % 3] if n % 3 else [4, 5] for n in range(60_000)]
    rows[70:100] = [[6, 0]] * 30
    held = _postings(rows, 7)
    assert held.blocks(0) is not None
    of_term, impacts = held.term(0)
    spoilt = held.impacts.copy()
    spoilt[: len(impacts)][(of_term < 70) | (of_term >= 100)] = 1000
    query = [(6, 1.0), (0, 1.0)]
    assert _found(replace(held, impacts=spoilt), query, 10) == _scored_in_full(held, query, 10)


@pytest.mark.usefixtures("sizes")
@given(rows_of_terms)
@settings(quick, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_largest_impact_and_number_of_rows_are_those_of_the_postings(rows):
    """What is told of a term without reading its postings is what they are."""
    held = _postings(rows, 6)
    for term_id in range(6):
        of_term, impacts = held.term(term_id)
        by_row = dict(zip(of_term.tolist(), impacts.tolist(), strict=True))
        assert held.df(term_id) == len(by_row)
        assert held.largest[term_id] == max(by_row.values(), default=0)


def test_top_k_of_equal_rows_takes_few_rounds(monkeypatch):
    """Where no bound tells rows apart, they are scored in rounds of growing size."""
    rounds = []
    score = top_k._ScoredRows.score

    def counted(found, rows):
        rounds.append(len(rows))
        score(found, rows)

    monkeypatch.setattr(top_k._ScoredRows, "score", counted)
    held = _postings([[0, 1]] * 20_000, 2)
    assert _found(held, [(0, 1.0), (1, 1.0)], 10)[0] == [*range(10)]
    assert len(rounds) < 20
