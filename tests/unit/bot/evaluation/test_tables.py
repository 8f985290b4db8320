"""The tables and lists that `pullquote evaluate` prints."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from bot.evaluation.metrics import (
    JudgedQuestion,
    summarise,
)
from bot.evaluation.question_sets import Question
from bot.evaluation.tables import print_comparison, print_evaluation, print_missed


def _outcome(rank, *, answerable=True, kind="who"):
    gold = (("harbour.txt", 1),) if answerable else ()
    return JudgedQuestion(Question("q", kind, "Who dug the harbour?", gold), True, rank)


def _printed(show, *arguments, width=100):
    stream = io.StringIO()
    show(Console(file=stream, width=width), *arguments)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_table_has_a_row_for_each_group_and_kind():
    """Groups show their figures with three decimals; kinds follow where there are several."""
    why = _outcome(1, kind="why")
    why = replace(why, question=replace(why.question, identifier="another"))
    outcomes = [why, _outcome(2), _outcome(None, answerable=False)]
    lines = _printed(print_evaluation, summarise(outcomes))
    assert lines[0].split() == ["questions", "hit@1", "hit@3", "hit@5", "mrr", "refused"]
    assert [line.split() for line in lines[1:]] == [
        ["single", "questions", "2", "0.500", "1.000", "1.000", "0.750", "0.000"],
        "95 % interval .00-1.00 1.00-1.00 1.00-1.00 .50-1.00 .00-.00".split(),
        ["who", "1", "0.000", "1.000", "1.000", "0.500", "0.000"],
        ["why", "1", "1.000", "1.000", "1.000", "1.000", "0.000"],
        ["unanswerable", "1", "0.000"],
        ["95", "%", "interval", ".00-.00"],
    ]


def test_table_with_every_column_keeps_to_its_width():
    """Answers and hesitation add columns, and still no line is longer than 100 or cut."""
    carrying = replace(_outcome(2, kind="something-long").question, answer="dug", turn=2)
    outcomes = [replace(_outcome(2), question=carrying, hesitant=True), _outcome(1)] * 600
    lines = _printed(print_evaluation, summarise(outcomes), width=80)
    assert lines[0].split()[-3:] == ["hesitant", "sent@1", "sent@3"]
    assert max(map(len, lines)) <= 100
    assert not any("\u2026" in line for line in lines)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (_outcome(2), "q (who; gold 1; rank 2): Who dug the harbour?"),
        (_outcome(None), "q (who; gold 1; not found): Who dug the harbour?"),
        (_outcome(None, answerable=False), "q (who; gold none; answered): Who dug the harbour?"),
    ],
)
def test_missed_questions_are_listed_with_their_result(outcome, said):
    """Each missed question stands on a line of its own below their number."""
    assert _printed(print_missed, [outcome]) == ["", "Missed at first place: 1", said]


def test_tables_have_a_row_for_each_group_and_way():
    """The first table shows figures, the second differences from the first way."""
    figures = {"questions": 2, "hit@1": 0.5, "hit@3": 1.0, "hit@5": 1.0, "mrr": 0.75}
    summary = {"single questions": figures | {"refused": 0.0, "hesitant": 0.0}}
    one = {"difference": 0.5, "interval": [-0.0123, 0.75], "wins": 123, "losses": 45}
    differences = {"other": {"single questions": {"hit@1": one, "hit@3": one}}}
    stream = io.StringIO()
    console = Console(file=stream, width=80)
    print_comparison(console, {"base": summary, "other": summary}, differences)
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    assert [line.split() for line in lines[1:4]] == [
        ["single", "questions"],
        ["base", "2", "0.500", "1.000", "1.000", "0.750", "0.000"],
        ["other", "2", "0.500", "1.000", "1.000", "0.750", "0.000"],
    ]
    cell = "+.500 [-.01, +.75] 123:45"
    assert lines[5] == "Against base: difference, 95 % interval, wins:losses"
    assert " ".join(lines[-1].split()) == f"other {cell} {cell}"
    assert max(map(len, lines)) <= 100
