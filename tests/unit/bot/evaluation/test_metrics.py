"""Evaluation: ranks, groups and figures, worked out by hand."""

import json
from dataclasses import replace

import pytest

from bot.evaluation.metrics import (
    JudgedQuestion,
    RankedQuote,
    RankedQuotes,
    bootstrap_intervals,
    judge_conversations,
    missed,
    run_question_set,
    summarise,
)
from bot.evaluation.question_sets import Question, load_question_set
from index import Searcher, Tier

# Only paragraph 1 holds "dug"; the others share the word "harbour" of the title and so follow it
# as equals, in the order of the text. Gold paragraph n therefore stands at rank n.
RANKED = "Who dug the harbour?"


@pytest.fixture
def harbour(harbour_index):
    """The harbour searched by words, so that ranks can be worked out by hand."""
    return Searcher.open(harbour_index, Tier.LEXICAL)


def _question(text=RANKED, gold=(), kind="who", identifier="q"):
    return Question(identifier, kind, text, tuple(("harbour.txt", number) for number in gold))


def _outcome(rank, *, answerable=True, turn=0, kind="who", answered=True):
    question = _question(gold=(1,) if answerable else (), kind=kind)
    return JudgedQuestion(replace(question, turn=turn), answered, rank)


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
    assert list(figures.pop("intervals")) == ["hit@1", "hit@3", "hit@5", "mrr", "refused"]
    figures.pop("kinds")
    assert figures == {
        "questions": 5,
        "hit@1": 0.2,
        "hit@3": 0.4,
        "hit@5": 0.6,
        "mrr": 0.37,  # (1 + 1/2 + 1/4 + 1/10) / 5
        "refused": 0.2,
        "hesitant": 0.0,
    }


def test_figures_of_unanswerable_questions():
    """Where nothing answers, only the shares of refusals and of hesitation count."""
    outcomes = [_outcome(None, answerable=False, answered=n != 0) for n in range(4)]
    figures = summarise(outcomes)["unanswerable"]
    assert list(figures.pop("intervals")) == ["refused"]
    kinds = figures.pop("kinds")
    assert figures == kinds["who"] == {"questions": 4, "refused": 0.25, "hesitant": 0.0}


def test_hesitant_share_counts_what_was_quoted_without_being_sure():
    """One of two quotes is hesitant."""
    outcomes = [_outcome(1), replace(_outcome(2), hesitant=True)]
    assert summarise(outcomes)["single questions"]["hesitant"] == 0.5


def test_sentence_figures_count_questions_with_an_answer_only():
    """Of four that carry an answer one sentence is first, one third, two are not there."""
    ranks = [1, 3, None, None]
    carrying = replace(_question(gold=(1,)), answer="dug")
    outcomes = [
        JudgedQuestion(carrying, answered=True, rank=1, sentence_rank=rank) for rank in ranks
    ]
    figures = summarise([*outcomes, _outcome(1)])["single questions"]
    assert (figures["sentence@1"], figures["sentence@3"]) == (0.25, 0.5)


def test_sentence_rank_is_that_of_the_first_of_three_bold_sentences():
    """The bold sentence counts, not the paragraph, and only in the quotes that are shown."""
    question = replace(_question(gold=(1,)), answer="boats")
    bold = RankedQuote(frozenset({("a.txt", 1)}), "Nine boats sank.", (0, 16))
    plain = RankedQuote(frozenset({("a.txt", 2)}), "Nine boats sank. Why?", (17, 21))
    replies = [
        RankedQuotes((bold,)),
        RankedQuotes((plain, bold)),
        RankedQuotes((plain,) * 3 + (bold,)),
        RankedQuotes(()),
    ]
    outcomes = judge_conversations([[question] * 4], lambda _: replies)
    assert [one.sentence_rank for one in outcomes] == [1, 2, None, None]


def test_bot_is_judged_by_its_highlighted_sentence(harbour):
    """The sentence in bold is the one that names the captain, not the one on the years."""
    named, years = (replace(_question(gold=(1,)), answer=a) for a in ("Ada Finch", "four years"))
    outcomes = run_question_set([[named], [years]], harbour)
    assert [one.sentence_rank for one in outcomes] == [1, None]


def test_interval_of_equal_values_is_a_point():
    """Whatever is drawn, the mean of equal values is that value."""
    assert bootstrap_intervals([{"x": 0.5}] * 3, ["a", "b", "c"]) == {"x": [0.5, 0.5]}


def test_interval_of_a_coin_is_that_of_the_binomial():
    """Of 100 tosses with 50 heads, 95 % of resamples have 40 to 60 (standard deviation 5)."""
    values = [{"head": float(n % 2)} for n in range(100)]
    low, high = bootstrap_intervals(values, [str(n) for n in range(100)])["head"]
    assert 0.38 <= low <= 0.42
    assert 0.58 <= high <= 0.62


def test_interval_draws_whole_conversations():
    """Two conversations of equal turns: both of one in a quarter of resamples each, so 0 to 1."""
    values = [{"x": 0.0}] * 50 + [{"x": 1.0}] * 50
    assert bootstrap_intervals(values, ["a"] * 50 + ["b"] * 50) == {"x": [0.0, 1.0]}


def test_interval_weighs_conversations_by_their_turns():
    """A conversation of three turns and one of one: the means are 0, 1/4 (drawn half the time), 1.

    With nine of each they mix; the middle stays at a quarter, not at a half.
    """
    values = ([{"x": 0.0}] * 3 + [{"x": 1.0}]) * 9
    clusters = [name for n in range(9) for name in (f"a{n}", f"a{n}", f"a{n}", f"b{n}")]
    low, high = bootstrap_intervals(values, clusters)["x"]
    assert 0 < low < 0.25 < high < 0.6


def test_intervals_are_the_same_on_every_run():
    """The generator is seeded."""
    outcomes = [_outcome(rank) for rank in (1, 2, 3, None)]
    assert summarise(outcomes) == summarise(outcomes)


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
