"""The Cranfield benchmark: its measures worked out by hand, on a collection of three."""

import io
import json
from math import log2

import pytest
from rich.console import Console

from bot.config.settings import Settings
from index import Tier
from tests.benchmarks.cranfield import (
    average_precision,
    bm25_ranker,
    load_collection,
    main,
    measure,
    ndcg,
    precision,
    tier_ranker,
)

GAINS = {"a": 4, "b": 2, "c": 1}


@pytest.fixture
def folder(tmp_path):
    """Three documents that say something and one that does not, and one query."""
    documents = [
        {"id": 1, "title": "wings .", "text": "lift of wings in a slipstream . it grew ."},
        {"id": 2, "title": "plates .", "text": "heat in plates ."},
        {"id": 3, "title": "", "text": ""},
        {"id": 4, "title": "shells .", "text": "buckling of thin shells ."},
    ]
    relevance = {"1": 1, "2": 4, "4": 5, "9": -1}
    query = {"id": 1, "query": "wings with heat", "relevance": relevance}
    (tmp_path / "documents.json").write_text(json.dumps(documents), encoding="utf-8")
    (tmp_path / "queries.json").write_text(json.dumps([query]), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("found", "figure"),
    [
        (["a", "b", "c"], 1.0),
        (["x", "a"], (4 / log2(3)) / (4 + 2 / log2(3) + 1 / 2)),
        (["b", "a"], (2 + 4 / log2(3)) / (4 + 2 / log2(3) + 1 / 2)),
        ([*"0123456789", "a"], 0.0),
        ([], 0.0),
    ],
)
def test_ndcg_is_the_share_of_the_best_possible_gain(found, figure):
    """A gain counts by 1 / log2(1 + rank), within the first ten."""
    assert ndcg(found, GAINS) == pytest.approx(figure)


def test_best_possible_gain_is_that_of_ten_documents():
    """With twelve relevant documents ten of them in front are the best there is."""
    gains = {str(n): 1 for n in range(12)}
    assert ndcg([str(n) for n in range(10)], gains) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("found", "figure"),
    [
        (["a", "b", "c"], 1.0),
        (["x", "a", "y", "c"], (1 / 2 + 2 / 4) / 3),
        ([], 0.0),
    ],
)
def test_average_precision_counts_each_relevant_document(found, figure):
    """The precision at each relevant rank, 0 for what is not found, over all three."""
    assert average_precision(found, GAINS) == pytest.approx(figure)


def test_precision_is_over_ten_whatever_is_found():
    """Two of the first ten are relevant; the eleventh does not count."""
    assert precision(["a", "x", "b"], GAINS) == 0.2
    assert precision([*"0123456789", "a"], GAINS) == 0.0


def test_query_without_relevant_documents_scores_nothing():
    """Nothing to find gives 0, not an error."""
    assert (ndcg(["a"], {}), average_precision(["a"], {})) == (0.0, 0.0)


def test_collection_is_read_with_its_gains(folder):
    """A document is one passage of title and text; grades 1 and 4 have gains 4 and 1."""
    passages, queries = load_collection(folder)
    assert [passage.source for passage in passages] == ["1", "2", "4"]
    assert passages[1].text == "plates . heat in plates ."
    assert queries[0].gains == {"1": 4, "2": 1}


def test_plain_bm25_and_the_tiers_find_the_relevant_documents(folder):
    """Both relevant documents come first, and plain BM25 leaves out what shares no word."""
    passages, queries = load_collection(folder)
    assert set(bm25_ranker(passages)(queries[0].text)) == {"1", "2"}
    for tier in (Tier.LEXICAL, Tier.ENCODER):
        rank = tier_ranker(passages, tier, Settings())
        assert set(rank(queries[0].text)[:2]) == {"1", "2"}
        assert measure(rank, queries)[1:] == [1.0, 0.2]


def test_table_names_each_way_and_what_is_left_out(folder, monkeypatch):
    """Where the encoder cannot be used there is a line in its place."""
    monkeypatch.setenv("NEURAL_MODEL", "/nowhere/model")
    stream = io.StringIO()
    main(folder, Console(file=stream, width=100))
    lines = stream.getvalue().splitlines()
    assert lines[0].startswith("encoder is left out: ")
    assert lines[1] == "3 documents, 1 queries"
    assert [line.split()[0] for line in lines[2:]] == ["nDCG@10", "rank_bm25", "lexical"]


def test_missing_collection_is_a_message(tmp_path):
    """Without the files nothing is measured and nothing fails."""
    stream = io.StringIO()
    main(tmp_path / "nowhere", Console(file=stream, width=200))
    assert "no Cranfield collection there; nothing was measured." in stream.getvalue()
