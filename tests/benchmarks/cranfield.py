"""Measure ranking on the Cranfield collection: python -m tests.benchmarks.cranfield FOLDER.

FOLDER holds `documents.json` and `queries.json`: 1,400 abstracts and 225 queries of Cleverdon
1967. A judgement of 1 (a complete answer) has gain 4; 2, 3 and 4 have gains 3, 2 and 1; 5 and -1
count as not relevant. Title and text of a document together are one passage; a document without
either is left out, as it cannot be found. The encoder's tier is left out where it (the setting
NEURAL_MODEL) cannot be used; nothing is fetched.

Figures, each the mean over the queries, with the first 100 documents of a ranking looked at:

- nDCG@10: DCG of the first ten, divided by that of the best possible ten, where DCG is the sum of
  gain / log2(1 + rank). Järvelin & Kekäläinen, "Cumulated gain-based evaluation of IR techniques",
  ACM TOIS 20(4), 2002; the discount is that of trec_eval's ndcg_cut, which is log2(1 + rank) from
  the first rank on, where theirs is log2(rank) from the second on.
- MAP: the mean over a query's relevant documents of the precision at each one's rank, 0 for one
  that is not among the first 100.
- P@10: the share of relevant documents among the first ten.

Figures of others vary with the analysis, the fields and what counts as relevant, so they tell the
order of magnitude only. Found: MAP 0.425 with Lucene's BM25 over title, author, bibliography and
text and an analyzer of its own, all 1,400 ranks looked at (README of
https://github.com/nating/lucene-search-engine, scored by trec_eval). No BM25 nDCG@10 with this
mapping of gains was found.
"""

import json
import math
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.config.settings import Settings
from index import EncoderUnavailableError, Passage, Tier, WeightedText
from index.analysis.terms import extract_terms
from index.documents import Document, Paragraph
from index.lexical.bm25 import BM25Index
from index.passages.split_passages import split_passages
from index.vectors.models.encoder import open_encoder
from tests.support.in_memory import open_searcher

GAINS = {1: 4, 2: 3, 3: 2, 4: 1}
DEPTH = 100

# A query's text -> the ids of the documents found, best first.
Ranker = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Query:
    """A query and the gain of each document that is relevant to it, by document id."""

    text: str
    gains: dict[str, int]


def ndcg(found: list[str], gains: dict[str, int], depth: int = 10) -> float:
    """Return nDCG of the first documents found, 0 to 1; 0 where nothing is relevant."""
    best = _dcg(sorted(gains.values(), reverse=True)[:depth])
    return _dcg([gains.get(name, 0) for name in found[:depth]]) / best if best else 0.0


def average_precision(found: list[str], gains: dict[str, int]) -> float:
    """Return the average precision of a ranking, 0 to 1; 0 where nothing is relevant."""
    ranks = [rank for rank, name in enumerate(found, start=1) if name in gains]
    return sum(n / rank for n, rank in enumerate(ranks, start=1)) / len(gains) if gains else 0.0


def precision(found: list[str], gains: dict[str, int], depth: int = 10) -> float:
    """Return the share of relevant documents among the first ones."""
    return sum(1 for name in found[:depth] if name in gains) / depth


def load_collection(folder: Path) -> tuple[list[Passage], list[Query]]:
    """Read the documents, each as a passage whose source is its id, and the queries."""
    passages: list[Passage] = []
    for fields in json.loads((folder / "documents.json").read_text(encoding="utf-8")):
        text = f"{fields['title']} {fields['text']}".strip()
        if text:
            document = Document(str(fields["id"]), "", (Paragraph(1, text),))
            passages += split_passages(document, max_chars=len(text))
    queries = [
        Query(
            fields["query"],
            {name: GAINS[g] for name, g in fields["relevance"].items() if g in GAINS},
        )
        for fields in json.loads((folder / "queries.json").read_text(encoding="utf-8"))
    ]
    return passages, queries


def measure(rank: Ranker, queries: list[Query]) -> list[float]:
    """Return nDCG@10, MAP and P@10 of a way to rank."""
    found = [(rank(query.text), query.gains) for query in queries]
    rows = [(ndcg(*one), average_precision(*one), precision(*one)) for one in found]
    return [float(mean) for mean in np.mean(rows, axis=0)]


def bm25_ranker(passages: list[Passage]) -> Ranker:
    """Return plain BM25 over stems, k1 1.2 and b 0.75; a document of score 0 is not found."""
    bm25 = BM25Index([extract_terms(passage.text) for passage in passages], k1=1.2, b=0.75)

    def rank(query: str) -> list[str]:
        scores = bm25.scores(extract_terms(query))
        rows = np.argsort(-scores, kind="stable")[:DEPTH]
        return [passages[row].source for row in rows if scores[row] > 0]

    return rank


def tier_ranker(passages: list[Passage], tier: Tier, settings: Settings) -> Ranker:
    """Return a tier over vectors that are made here.

    Raises:
        EncoderUnavailableError: The encoder cannot be used.
    """
    encoder = None
    if tier is Tier.ENCODER:
        encoder = open_encoder(settings.neural_model, settings.models_dir)
    searcher = open_searcher(passages, encoder)

    def rank(query: str) -> list[str]:
        return [hit.passage.source for hit in searcher.search([WeightedText(query)], DEPTH)]

    return rank


def main(folder: Path, console: Console) -> None:
    """Print a row for each way to rank, or why there is nothing to measure."""
    if not (folder / "documents.json").is_file():
        console.print(f"{folder}: no Cranfield collection there; nothing was measured.")
        return
    settings = Settings.from_mapping(os.environ)
    passages, queries = load_collection(folder)
    table = Table("", "nDCG@10", "MAP", "P@10", box=None, header_style="bold")
    table.add_row("rank_bm25", *_cells(measure(bm25_ranker(passages), queries)))
    for tier in Tier:
        try:
            rank = tier_ranker(passages, tier, settings)
        except EncoderUnavailableError as error:
            console.print(f"{tier} is left out: {error}", soft_wrap=True)
            continue
        table.add_row(tier.value, *_cells(measure(rank, queries)))
    console.print(f"{len(passages)} documents, {len(queries)} queries")
    console.print(table)


def _dcg(gains: list[int]) -> float:
    return sum(gain / math.log2(1 + rank) for rank, gain in enumerate(gains, start=1))


def _cells(figures: list[float]) -> list[str]:
    return [f"{figure:.4f}" for figure in figures]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.benchmarks.cranfield FOLDER")
    main(Path(sys.argv[1]), Console())
