"""Fit the judges of `index/search/confidence.py` and show what their thresholds cost.

    python -m tests.benchmarks.calibration SQUAD_DIR QUESTIONS.json CORPUS_DIR

SQUAD_DIR holds a corpus of articles and `questions.json`; each of a sample of its answerable
questions is asked of its own article and of the next one, which does not answer it. A logistic
regression of that on the evidence of the hits gives the weights. QUESTIONS.json over CORPUS_DIR
is a set of questions as people type them; it sets the thresholds and is not fitted to.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from bot.config.settings import Settings
from bot.evaluation.question_sets import Question, load_question_set
from bot.indexing.build import encoder_choice
from index import Searcher, Tier, WeightedText, build_index

# Of each article; 8 articles give 480 questions of each kind, and weights to a tenth.
_QUESTIONS_PER_ARTICLE = 60

# What people see by default, and what the bot judges from.
_JUDGED_HITS = 3

# A weak pull towards 0 keeps the weights finite where the kinds could be told apart fully.
_RIDGE = 1e-3

_THRESHOLDS = np.arange(-10, 3, 0.5)

_Rows = npt.NDArray[np.float64]


def evidence_rows(searcher: Searcher, questions: Iterable[str]) -> _Rows:
    """Return the evidence (share, cosine, known words) of each question, shape (n, 3)."""
    rows = []
    for question in questions:
        hits = searcher.search([WeightedText(question)], _JUDGED_HITS)
        evidence = searcher.evidence(question, hits)
        rows.append([evidence.coverage, evidence.cosine, evidence.known] if evidence else [0.0] * 3)
    return np.array(rows).reshape(-1, 3)


def fit(rows: _Rows, labels: npt.NDArray[np.float64]) -> _Rows:
    """Return the weights of a logistic regression and its intercept, by Newton's method."""
    inputs = np.column_stack([rows, np.ones(len(rows))])
    weights = np.zeros(inputs.shape[1])
    for _ in range(100):
        odds = 1 / (1 + np.exp(-inputs @ weights))
        gradient = inputs.T @ (odds - labels) + _RIDGE * weights
        curvature = (inputs.T * (odds * (1 - odds))) @ inputs + _RIDGE * np.eye(len(weights))
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def own_and_other(squad: Path, tier: Tier, settings: Settings) -> tuple[_Rows, _Rows]:
    """Return the evidence of questions asked of their own article, and of the next one."""
    by_source = _answerable(squad, settings)
    sources = sorted(by_source)
    own, other = [], []
    for place, source in enumerate(sources):
        with TemporaryDirectory() as folder:
            corpus = Path(folder, "corpus")
            corpus.mkdir()
            (corpus / source).write_bytes((squad / "corpus" / source).read_bytes())
            searcher = _open(corpus, Path(folder, "index"), tier, settings)
            own.append(evidence_rows(searcher, by_source[source]))
            other.append(evidence_rows(searcher, by_source[sources[place - 1]]))
    return np.concatenate(own), np.concatenate(other)


def _answerable(squad: Path, settings: Settings) -> dict[str, list[str]]:
    """Return a sample of the answerable questions of each article, evenly over the article."""
    with TemporaryDirectory() as folder:
        searcher = _open(squad / "corpus", Path(folder), Tier.LEXICAL, settings)
        asked = [turns[0] for turns in load_question_set(squad / "questions.json", searcher)]
    by_source: dict[str, list[str]] = {}
    for question in asked:
        if question.gold:
            by_source.setdefault(next(iter(question.gold))[0], []).append(question.text)
    return {
        source: texts[:: max(1, len(texts) // _QUESTIONS_PER_ARTICLE)][:_QUESTIONS_PER_ARTICLE]
        for source, texts in by_source.items()
    }


def _open(corpus: Path, index_dir: Path, tier: Tier, settings: Settings) -> Searcher:
    encoder = encoder_choice(replace(settings, retrieval=tier), settings.models_dir)
    build_index(corpus, index_dir, encoder=encoder, within_s=None)
    return Searcher.open(index_dir, tier, settings.models_dir)


def _log_odds(rows: _Rows, weights: _Rows) -> _Rows:
    odds: _Rows = rows @ weights[:-1] + weights[-1]
    return odds


def _typed(conversations: Sequence[Sequence[Question]], *kinds: str) -> list[str]:
    """Return first questions: those of some kinds, or all that are answered where none is named."""
    first = [turns[0] for turns in conversations]
    return [q.text for q in first if (q.kind in kinds if kinds else q.gold)]


def main(squad: Path, questions: Path, corpus: Path, console: Console) -> None:
    """Print each tier's weights, and for each threshold what lies below it."""
    settings = Settings.from_mapping(os.environ)
    for tier in Tier:
        own, other = own_and_other(squad, tier, settings)
        labels = np.concatenate([np.ones(len(own)), np.zeros(len(other))])
        weights = fit(np.concatenate([own, other]), labels)
        with TemporaryDirectory() as folder:
            searcher = _open(corpus, Path(folder), tier, settings)
            conversations = load_question_set(questions, searcher)
            groups = {
                "own article": own,
                "other article": other,
                "typed, answered": evidence_rows(searcher, _typed(conversations)),
                "typed, off-topic": evidence_rows(
                    searcher, _typed(conversations, "off_topic", "chitchat")
                ),
                "typed, near-miss": evidence_rows(searcher, _typed(conversations, "near_miss")),
            }
        names = ("share", "cosine", "known", "intercept")
        told = ", ".join(f"{n} {w:.1f}" for n, w in zip(names, weights, strict=True))
        console.print(f"{tier}: {told}")
        table = Table("below", *groups, box=None)
        for threshold in _THRESHOLDS:
            shares = [(_log_odds(rows, weights) < threshold).mean() for rows in groups.values()]
            table.add_row(f"{threshold:.1f}", *(f"{share:.3f}" for share in shares))
        console.print(table)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(
            "usage: python -m tests.benchmarks.calibration SQUAD_DIR QUESTIONS.json CORPUS_DIR"
        )
    squad_dir, questions_path, corpus_dir = map(Path, sys.argv[1:])
    main(squad_dir, questions_path, corpus_dir, Console())
