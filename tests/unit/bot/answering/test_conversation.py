"""Questions in their conversation: weights, announced switches, many conversations."""

import pytest

from bot.answering.conversation import (
    DECAY,
    DECAY_ALONE,
    MAX_TURNS,
    Turn,
    makes_sense_alone,
    read_in_context,
    stands_alone,
)


def _turns(*questions):
    return [Turn(question) for question in questions]


def _said(query):
    """Return the parts of a query that hold words, with their weights."""
    return [(part.text, part.weight) for part in query if part.text]


def test_question_without_history_stands_alone():
    """A first question is the whole query."""
    (only,) = read_in_context("Who dug it?", [])
    assert (only.text, only.weight) == ("Who dug it?", 1.0)


def test_earlier_questions_follow_newest_first_at_half_weight():
    """Each older question weighs half of the one after it."""
    query = read_in_context("third", _turns("first", "second"))
    assert _said(query) == [
        ("third", 1.0),
        ("second", 0.5),
        ("first", 0.25),
    ]


def test_earlier_questions_hardly_count_for_one_that_stands_alone():
    """Words of its own and none that lead back: the question before it may be about anything."""
    query = read_in_context("Who rang the bell?", _turns("first", "second"))
    weights = [weight for _, weight in _said(query)]
    assert weights == [1.0, DECAY_ALONE, DECAY_ALONE * DECAY]
    leading_back = read_in_context("Who rang it then?", _turns("first", "second"))
    assert [weight for _, weight in _said(leading_back)] == [1.0, DECAY, DECAY**2]


def test_name_in_capitals_does_not_lead_back():
    """IT is a department, unless all is in capitals."""
    assert stands_alone("When does IT reset passwords?")
    assert not stands_alone("When does it reset passwords?")
    assert not stands_alone("WHEN DOES IT RESET PASSWORDS?")


def test_history_is_read_no_deeper_than_its_limit():
    """Turns beyond the newest MAX_TURNS leave no trace."""
    query = read_in_context("now", _turns(*(f"turn {n}" for n in range(MAX_TURNS + 5))))
    said = _said(query)
    assert len(said) == MAX_TURNS + 1
    assert said[-1] == ("turn 5", pytest.approx(DECAY**MAX_TURNS))


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("New question: who rang the bell?", "who rang the bell?"),
        ("by the way, who rang the bell?", "who rang the bell?"),
        ("Moving on, who rang the bell?", "who rang the bell?"),
        ("Let's change the subject. Who rang the bell?", "Let's  . Who rang the bell?"),
        ("NEVER MIND. Who rang the bell?", "Who rang the bell?"),
        ("something else", "something else"),
    ],
)
def test_announced_switch_forgets_the_history(question, asked):
    """Words that announce another topic cut off what was asked before, and are not searched."""
    assert [part.text for part in read_in_context(question, _turns("the pier"))] == [asked]


@pytest.mark.parametrize("question", ["Who moved the newest bell?", "What questions were asked?"])
def test_ordinary_words_do_not_switch(question):
    """Words that only resemble an announcement keep the history."""
    assert len(_said(read_in_context(question, _turns("the pier")))) == 2


def test_earlier_switch_hides_what_came_before_it():
    """A follow-up reaches back to the question that changed the topic, and no further."""
    query = read_in_context("when?", _turns("the pier", "another topic: the bell", "who rang it"))
    assert [text for text, _ in _said(query)] == ["when?", "who rang it", "another topic: the bell"]


@pytest.mark.parametrize(
    ("question", "makes_sense"),
    [
        ("Who dug the harbour?", True),
        ("refunds?", True),
        ("Is there a lighthouse?", True),
        ("and when was that?", False),
        ("what about the bell?", True),
        ("do they sell ice cream?", True),
        ("and the bell?", False),
        ("and who dug the harbour?", True),
        ("did it work?", False),
        ("hello all", False),
        ("why so?", False),
        ("by the way, who dug the harbour?", True),
    ],
)
def test_fragments_make_no_sense_alone(question, makes_sense):
    """Questions that lean on a conversation, greetings and bare question words are fragments."""
    assert makes_sense_alone(question) == makes_sense


@pytest.mark.parametrize(
    ("question", "makes_sense"),
    [
        ("when did they finish the second one?", False),
        ("what about the bell?", False),
        ("who dug the harbour?", True),
        ("refunds?", True),
        ("by the way, who dug the harbour?", True),
    ],
)
def test_follow_ups_that_lead_back_make_no_sense_alone(question, makes_sense):
    """ "The second one" means something only to those who read what came before."""
    assert makes_sense_alone(question, follows=True) == makes_sense
