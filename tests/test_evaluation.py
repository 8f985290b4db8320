"""Evaluation: ranks, groups and figures, worked out by hand."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from bot.evaluation import Outcome, missed, run_question_set, summarise
from bot.question_sets import Question, load_question_set
from bot.rendering.evaluation_table import print_evaluation, print_missed

# Only paragraph 1 holds "dug"; the others share the word "harbour" of the title and so follow it
# as equals, in the order of the text. Gold paragraph n therefore stands at rank n.
RANKED = "Who dug the harbour?"


def _question(text=RANKED, gold=(), kind="who", identifier="q"):
    return Question(identifier, kind, text, tuple(("harbour.txt", number) for number in gold))


def _outcome(rank, *, answerable=True, turn=0, kind="who", answered=True):
    question = _question(gold=(1,) if answerable else (), kind=kind)
    return Outcome(replace(question, turn=turn), answered, rank)


@pytest.mark.parametrize("gold", [1, 2, 3, 4, 5])
def test_rank_is_the_place_of_the_gold_paragraph(harbour, gold):
    """The rank counts quotes from 1, also beyond the default number of quotes."""
    (outcome,) = run_question_set([[_question(gold=(gold,))]], harbour)
    assert (outcome.rank, outcome.answered) == (gold, True)


def test_rank_is_that_of_the_first_gold_quote(harbour):
    """With several gold paragraphs the one quoted first counts."""
    (outcome,) = run_question_set([[_question(gold=(4, 2))]], harbour)
    assert outcome.rank == 2


def test_rank_is_none_where_no_gold_paragraph_is_quoted(harbour):
    """An answer from other paragraphs, or none at all, has no rank."""
    asked = [[_question("What sank?", gold=(5,))], [_question("zebra", gold=(1,))]]
    outcomes = run_question_set(asked, harbour)
    assert [(one.rank, one.answered) for one in outcomes] == [(None, True), (None, False)]


def test_same_number_in_another_document_is_not_gold(harbour):
    """A paragraph counts only together with its document."""
    question = Question("q", "who", RANKED, (("mill.txt", 1),))
    (outcome,) = run_question_set([[question]], harbour)
    assert outcome.rank is None


def test_turns_are_asked_with_their_history_and_conversations_apart(harbour):
    """A follow-up is understood inside its conversation and not outside."""
    follow_up = _question("and when was that?", gold=(4,))
    first = _question("Which storm sank boats?", gold=(4,))
    inside, alone = [replace(first, turn=1), replace(follow_up, turn=2)], [follow_up]
    outcomes = run_question_set([inside, alone], harbour)
    assert [one.rank for one in outcomes] == [1, 1, None]
    assert [one.group for one in outcomes] == ["first turns", "follow-up turns", "single questions"]


@pytest.mark.parametrize(
    ("outcome", "group"),
    [
        (_outcome(1), "single questions"),
        (_outcome(1, turn=1), "first turns"),
        (_outcome(1, turn=2), "follow-up turns"),
        (_outcome(1, turn=9), "follow-up turns"),
        (_outcome(None, answerable=False), "unanswerable"),
        (_outcome(None, answerable=False, turn=2), "unanswerable"),
    ],
)
def test_outcome_belongs_to_one_group(outcome, group):
    """Gold, conversation and turn decide the group."""
    assert outcome.group == group


def test_figures_of_answerable_questions():
    """Ranks 1, 2, 4, 10 and a refusal give shares of five and the mean of 1/rank."""
    ranks = [1, 2, 4, 10]
    outcomes = [_outcome(rank) for rank in ranks] + [_outcome(None, answered=False)]
    figures = summarise(outcomes)["single questions"]
    figures.pop("kinds")
    assert figures == {
        "questions": 5,
        "hit@1": 0.2,
        "hit@3": 0.4,
        "hit@5": 0.6,
        "mrr": 0.37,  # (1 + 1/2 + 1/4 + 1/10) / 5
        "refused": 0.2,
    }


def test_figures_of_unanswerable_questions():
    """Where nothing answers, only the share of refusals counts."""
    outcomes = [_outcome(None, answerable=False, answered=n == 0) for n in range(4)]
    assert summarise(outcomes) == {
        "unanswerable": {
            "questions": 4,
            "refused": 0.75,
            "kinds": {"who": {"questions": 4, "refused": 0.75}},
        }
    }


def test_figures_are_given_for_each_kind():
    """Kinds are listed by name, each with its own figures."""
    outcomes = [_outcome(1, kind="why"), _outcome(2, kind="who"), _outcome(1, kind="who")]
    kinds = summarise(outcomes)["single questions"]["kinds"]
    assert list(kinds) == ["who", "why"]
    assert (kinds["who"]["hit@1"], kinds["why"]["hit@1"]) == (0.5, 1.0)


def test_summary_holds_the_groups_that_occur():
    """Nothing asked gives nothing; a group without members is absent."""
    assert summarise([]) == {}
    assert list(summarise([_outcome(1), _outcome(None, answerable=False)])) == [
        "single questions",
        "unanswerable",
    ]


@pytest.mark.parametrize(
    ("outcome", "wrong"),
    [
        (_outcome(1), False),
        (_outcome(2), True),
        (_outcome(None), True),
        (_outcome(None, answered=False), True),
        (_outcome(None, answerable=False, answered=False), False),
        (_outcome(None, answerable=False), True),
    ],
)
def test_missed_holds_what_was_wrong_at_first_place(outcome, wrong):
    """A question is missed by a wrong first quote, by a refusal, or by a quote without gold."""
    assert missed([outcome]) == ([outcome] if wrong else [])


def test_evaluation_of_a_file_gives_the_hand_worked_figures(harbour, tmp_path):
    """From file to figures: ranks 1 to 5, one conversation, two that nothing answers."""
    entries = [{"id": n, "kind": "k", "question": RANKED, "gold": [n]} for n in range(1, 6)]
    turns = [{"question": q, "gold": [4]} for q in ("What sank?", "and when was that?")]
    entries += [
        {"id": "c", "kind": "conversation", "turns": turns},
        {"id": "u1", "kind": "off_topic", "question": "Do zebras yodel?", "gold": []},
        {"id": "u2", "kind": "near_miss", "question": "Who sank?", "gold": []},
    ]
    path = tmp_path / "q.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    summary = summarise(run_question_set(load_question_set(path, harbour), harbour))
    single = summary["single questions"]
    assert [single[name] for name in ("hit@1", "hit@3", "hit@5")] == [0.2, 0.6, 1.0]
    assert single["mrr"] == 0.4567  # (1 + 1/2 + 1/3 + 1/4 + 1/5) / 5
    assert summary["first turns"]["hit@1"] == summary["follow-up turns"]["hit@1"] == 1.0
    assert summary["unanswerable"]["refused"] == 0.5


def _printed(show, *arguments):
    stream = io.StringIO()
    show(Console(file=stream, width=100), *arguments)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_table_has_a_row_for_each_group_and_kind():
    """Groups show their figures with three decimals; kinds follow where there are several."""
    outcomes = [_outcome(1, kind="why"), _outcome(2), _outcome(None, answerable=False)]
    lines = _printed(print_evaluation, summarise(outcomes))
    assert lines[0].split() == ["questions", "hit@1", "hit@3", "hit@5", "mrr", "refused"]
    assert [line.split() for line in lines[1:]] == [
        ["single", "questions", "2", "0.500", "1.000", "1.000", "0.750", "0.000"],
        ["who", "1", "0.000", "1.000", "1.000", "0.500", "0.000"],
        ["why", "1", "1.000", "1.000", "1.000", "1.000", "0.000"],
        ["unanswerable", "1", "0.000"],
    ]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (_outcome(2), "q (who; gold 1; rank 2): Who dug the harbour?"),
        (_outcome(None), "q (who; gold 1; not found): Who dug the harbour?"),
        (_outcome(None, answerable=False), "q (who; gold none; answered): Who dug the harbour?"),
    ],
)
def test_missed_questions_are_listed_with_what_became_of_them(outcome, said):
    """Each missed question stands on a line of its own below their number."""
    assert _printed(print_missed, [outcome]) == ["", "Missed at first place: 1", said]
