"""Measure how often the right paragraph and the right sentence are quoted, on a question set."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.answering import Quote, Turn, answer_question, extend_history
from bot.evaluation.question_sets import Question, sentence_holds
from index import AnySearcher, Passage

# MRR looks this deep; hit@k needs the first five.
DEPTH = 10

# The number of quotes that a person sees; the answering sentence must be in one of them.
_SHOWN = 3

# Intervals are the same on every run.
_RESAMPLES = 1000
_SEED = 20261122


@dataclass(frozen=True, slots=True)
class RankedQuote:
    """A passage that was quoted: its paragraphs, its text, and the bold sentence.

    Attributes:
        paragraphs: Source and number of each paragraph of the passage and of its copies.
        text: Its text.
        highlight: Half-open character offsets in `text`, or None.
    """

    paragraphs: frozenset[tuple[str, int]]
    text: str
    highlight: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class RankedQuotes:
    """The quotes for one question, best first, and whether the answer was hesitant."""

    quoted: tuple[RankedQuote, ...]
    hesitant: bool = False


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question with the quality of its answer.

    Attributes:
        question: What was asked.
        answered: Whether anything was quoted.
        rank: Rank of the first quote from a gold paragraph, from 1, or None.
        sentence_rank: Rank of the first quote, among the first three, whose highlighted sentence
            holds the answer; None if there is no such quote.
        hesitant: Whether the bot said that the quotes are only the closest passages.
    """

    question: Question
    answered: bool
    rank: int | None
    sentence_rank: int | None = None
    hesitant: bool = False

    @property
    def group(self) -> str:
        """The group that it belongs to."""
        if not self.question.gold:
            return "unanswerable"
        named = {0: "single questions", 1: "first turns"}
        return named.get(self.question.turn, "follow-up turns")

    @property
    def values(self) -> dict[str, float]:
        """The question's value for each figure; a group's figure is the mean of its questions."""
        values: dict[str, float] = {}
        if self.question.gold:
            rank = self.rank or float("inf")
            values = {f"hit@{k}": float(rank <= k) for k in (1, 3, 5)} | {"mrr": 1 / rank}
        return values | {"refused": float(not self.answered)}


def paragraph_ids(quoted: Passage | Quote) -> frozenset[tuple[str, int]]:
    """Return source and number of each paragraph of a passage or a quote."""
    numbers = range(quoted.paragraph, quoted.paragraph_end + 1)
    return frozenset((quoted.source, number) for number in numbers)


def run_question_set(
    conversations: Iterable[Sequence[Question]], searcher: AnySearcher, *, refuses: bool = True
) -> list[JudgedQuestion]:
    """Ask the bot every question, the turns of a conversation in order, and judge each answer.

    Without refusing, the ranking alone is judged.
    """

    def ask(turns: Sequence[Question]) -> Iterator[RankedQuotes]:
        history: list[Turn] = []
        for question in turns:
            answer = answer_question(question.text, history, searcher, top_k=DEPTH, refuses=refuses)
            history = extend_history(history, answer)
            quoted = [
                RankedQuote(
                    paragraph_ids(q) | {(copy.source, copy.paragraph) for copy in q.copies},
                    q.text,
                    q.highlight,
                )
                for q in answer.quotes
            ]
            yield RankedQuotes(tuple(quoted), answer.hesitant)

    return judge_conversations(conversations, ask)


def judge_conversations(
    conversations: Iterable[Sequence[Question]],
    ask: Callable[[Sequence[Question]], Iterable[RankedQuotes]],
) -> list[JudgedQuestion]:
    """Ask the turns of each conversation with `ask`, and judge each answer."""
    return [
        _judge(question, reply)
        for turns in conversations
        for question, reply in zip(turns, ask(turns), strict=True)
        if question.is_judged
    ]


def summarise(outcomes: Sequence[JudgedQuestion]) -> dict[str, Any]:
    """Return the figures of an evaluation.

    Returns:
        For each group that occurs, its figures over all and under "kinds" for each kind. The
        groups of answerable questions have "questions", "hit@1", "hit@3", "hit@5", "mrr" (over
        the first ten quotes), "refused" and "hesitant". If some questions state their answer, there
        are also "sentence@1" and "sentence@3": the share of those questions whose answer is in the
        highlighted sentence of the first quote, or of one of the first three quotes. "unanswerable"
        has "questions", "refused" and "hesitant". All but "questions" are shares from 0 to 1. A
        group's "intervals" hold the bounds of `bootstrap_intervals` for its figures.
    """
    summary: dict[str, Any] = {}
    for group, members in by_group(outcomes).items():
        clusters = [outcome.question.conversation for outcome in members]
        intervals = bootstrap_intervals([outcome.values for outcome in members], clusters)
        summary[group] = _figures(members) | {"intervals": intervals, "kinds": _kinds(members)}
    return summary


def by_group(outcomes: Iterable[JudgedQuestion]) -> dict[str, list[JudgedQuestion]]:
    """Return the outcomes of each group that occurs, in the order in which groups are shown."""
    groups: dict[str, list[JudgedQuestion]] = {
        name: [] for name in ("single questions", "first turns", "follow-up turns", "unanswerable")
    }
    for outcome in outcomes:
        groups[outcome.group].append(outcome)
    return {group: members for group, members in groups.items() if members}


def missed(outcomes: Sequence[JudgedQuestion]) -> list[JudgedQuestion]:
    """Return the questions with a wrong reply.

    Answerable questions whose first quote is not from a gold paragraph, and unanswerable questions
    that were answered.
    """
    return [one for one in outcomes if (one.rank != 1 if one.question.gold else one.answered)]


def bootstrap_intervals(
    values: Sequence[Mapping[str, float]], clusters: Sequence[str]
) -> dict[str, list[float]]:
    """Return the bounds of a 95 % confidence interval for the mean of each value.

    Args:
        values: The same named values for each question; not empty.
        clusters: The conversation of each question. Turns of one conversation stand and fall
            together, so whole conversations are drawn, as often as there are.

    Returns:
        By name, the 2.5th and 97.5th percentile of the means of 1,000 resamples.

    Source:
        The percentile interval of Efron & Tibshirani 1993, chapter 13; over whole clusters as in
        Davison & Hinkley 1997, section 3.8.
    """
    names = list(values[0])
    _, rows = np.unique(np.asarray(clusters), return_inverse=True)
    n_clusters = int(rows.max()) + 1
    sums = np.zeros((n_clusters, len(names)))
    np.add.at(sums, rows, np.array([[value[name] for name in names] for value in values]))
    sizes = np.bincount(rows, minlength=n_clusters)
    generator = np.random.default_rng(_SEED)
    draws = generator.multinomial(n_clusters, np.full(n_clusters, 1 / n_clusters), _RESAMPLES)
    means = (draws @ sums) / (draws @ sizes)[:, np.newaxis]
    bounds = np.percentile(means, (2.5, 97.5), axis=0).T.round(4).tolist()
    return dict(zip(names, bounds, strict=True))


def _judge(question: Question, reply: RankedQuotes) -> JudgedQuestion:
    ranked = list(enumerate(reply.quoted, start=1))
    rank = next(
        (rank for rank, quoted in ranked if not quoted.paragraphs.isdisjoint(question.gold)), None
    )
    holding = (
        rank
        for rank, quoted in ranked[:_SHOWN]
        if sentence_holds(question.answer, quoted.text, quoted.highlight)
    )
    sentence_rank = next(holding, None)
    return JudgedQuestion(question, bool(reply.quoted), rank, sentence_rank, reply.hesitant)


def _figures(outcomes: Sequence[JudgedQuestion]) -> dict[str, Any]:
    names = outcomes[0].values
    figures = {name: _mean([outcome.values[name] for outcome in outcomes]) for name in names}
    figures["hesitant"] = _mean([float(outcome.hesitant) for outcome in outcomes])
    ranks = [o.sentence_rank or _SHOWN + 1 for o in outcomes if o.question.answer]
    if ranks and outcomes[0].question.gold:
        for k in (1, _SHOWN):
            figures[f"sentence@{k}"] = _mean([float(rank <= k) for rank in ranks])
    return {"questions": len(outcomes)} | figures


def _kinds(outcomes: Sequence[JudgedQuestion]) -> dict[str, Any]:
    kinds = sorted({one.question.kind for one in outcomes})
    return {k: _figures([one for one in outcomes if one.question.kind == k]) for k in kinds}


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4)
