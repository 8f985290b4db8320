"""Measure how often the right paragraph is quoted, on a question set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answering import Answer, answer_question, extend_history
from bot.conversation import Turn
from bot.question_sets import Question
from index import Searcher

# MRR looks this deep; hit@k needs the first five.
_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    Attributes:
        question: What was asked.
        answered: Whether anything was quoted.
        rank: Of the first quote from a gold paragraph, from 1; None where there is none.
    """

    question: Question
    answered: bool
    rank: int | None

    @property
    def group(self) -> str:
        """The group whose figures it counts for."""
        if not self.question.gold:
            return "unanswerable"
        named = {0: "single questions", 1: "first turns"}
        return named.get(self.question.turn, "follow-up turns")


def run_question_set(
    conversations: Iterable[Sequence[Question]], searcher: Searcher
) -> list[Outcome]:
    """Ask every question, the turns of a conversation in order, and note what became of each."""
    outcomes: list[Outcome] = []
    for turns in conversations:
        history: list[Turn] = []
        for question in turns:
            answer = answer_question(question.text, history, searcher, top_k=_DEPTH)
            history = extend_history(history, answer)
            rank = _gold_rank(answer, question)
            outcomes.append(Outcome(question, answer.answered, rank))
    return outcomes


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures of an evaluation.

    Returns:
        For each group that occurs, its figures over all and under "kinds" for each kind. The
        groups of answerable questions have "questions", "hit@1", "hit@3", "hit@5", "mrr" (over
        the first ten quotes) and "refused"; "unanswerable" has "questions" and "refused". All
        but "questions" are shares from 0 to 1.
    """
    summary: dict[str, Any] = {}
    for group in ("single questions", "first turns", "follow-up turns", "unanswerable"):
        members = [outcome for outcome in outcomes if outcome.group == group]
        if members:
            kinds = sorted({outcome.question.kind for outcome in members})
            summary[group] = _figures(members) | {
                "kinds": {
                    kind: _figures([one for one in members if one.question.kind == kind])
                    for kind in kinds
                }
            }
    return summary


def missed(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the questions whose best quote is wrong: not gold, or quoted where none is."""
    return [one for one in outcomes if (one.rank != 1 if one.question.gold else one.answered)]


def _gold_rank(answer: Answer, question: Question) -> int | None:
    for rank, quote in enumerate(answer.quotes, start=1):
        if (quote.source, quote.paragraph) in question.gold:
            return rank
    return None


def _figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    count = len(outcomes)
    figures: dict[str, Any] = {"questions": count}
    if outcomes[0].question.gold:
        for k in (1, 3, 5):
            figures[f"hit@{k}"] = sum(1 for o in outcomes if o.rank and o.rank <= k) / count
        figures["mrr"] = sum(1 / o.rank for o in outcomes if o.rank) / count
    figures["refused"] = sum(1 for o in outcomes if not o.answered) / count
    return {name: round(value, 4) for name, value in figures.items()}
