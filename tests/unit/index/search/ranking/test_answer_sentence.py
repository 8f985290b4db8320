"""What kind of thing a question asks for, and which sentences name one."""

import numpy as np
import pytest

from index.documents import Document, Paragraph
from index.passages.split_passages import split_passages
from index.search.ranking.answer_sentence import best_sentence, expected_answer
from index.search.ranking.query_coverage import QueryCoverage
from index.search.ranking.units import Unit
from tests.support.in_memory import lexical_index

TEXT = "The bell rang. It fell in 1887. Boats left early."


def _answers(question, sentence):
    expected = expected_answer(question)
    assert expected is not None
    return bool(expected.search(sentence))


@pytest.mark.parametrize(
    ("question", "holding", "lacking"),
    [
        ("How many boats sank?", "The storm sank nine boats.", "The storm sank boats."),
        ("How much did it cost?", "It cost $20,000.", "It cost too much."),
        ("how old is the pier", "It stood for a dozen years.", "It is old."),
        ("How often did it burn?", "It burned twice.", "It burned often."),
        ("How far is it?", "It lies 12 miles off.", "It lies far off."),
        ("When was it dug?", "It was dug in 1802.", "It was dug by hand."),
        ("When does the choir sing?", "They sing in June.", "They sing on the pier."),
        ("What year was that?", "That was in 1887.", "That was long ago."),
        ("On which day do they rest?", "They rest on Sunday.", "They rest often."),
        ("when did he leave", "He left yesterday.", "He left early."),
        ("Who dug it?", "It was dug by Ada Finch.", "It was dug by hand."),
        ("Who\u2019s the keeper?", "Mr. grey keeps it.", "The keeper is old."),
        ("Whose boat is it?", "It belongs to Finch.", "It belongs to the town."),
        ("What was the name of the ship?", "She was called Marigold.", "She was old."),
        ("Where is the pier?", "The pier is in Lowmere.", "The pier is long."),
        ("which city is that", "It lies near the Thames.", "It is old."),
        ("Why did nobody drown?", "Nobody did, because the bell rang.", "Nobody drowned."),
        ("How come it burned?", "It burned due to a lamp.", "It burned down."),
        ("What is the reason?", "They feared a storm.", "They stayed at home."),
    ],
)
def test_expected_answer_is_in_one_sentence_and_not_in_the_other(question, holding, lacking):
    """A question of each kind, a sentence that names such a thing, and one that does not."""
    assert _answers(question, holding)
    assert not _answers(question, lacking)


@pytest.mark.parametrize(
    "question",
    ["", "What happened?", "Tell me about boats", "Is it old?", "how are they", "whoever came"],
)
def test_expected_answer_of_other_questions_is_anything(question):
    """A question that asks for no certain kind of thing expects none."""
    assert expected_answer(question) is None


@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_expected_answer_does_not_depend_on_case(change):
    """A question in capitals expects the same."""
    expected = {change(q): expected_answer(q) for q in ("when was it?", "why?", "how many?")}
    assert [expected_answer(q) for q in expected] == list(expected.values())


@pytest.mark.parametrize(
    "sentence",
    ["Maria sold nets.", "The Market opened early.", "Decent boats sank.", "The Augustine choir"],
)
def test_words_that_begin_like_a_month_are_no_date(sentence):
    """A name whose first letters are those of a month does not answer "when"."""
    assert not _answers("When was that?", sentence)


@pytest.mark.parametrize("sentence", ["It closed in the 1990s.", "It sank in the 19th century."])
def test_decades_and_centuries_are_dates(sentence):
    """A decade in digits answers "when"."""
    assert _answers("When was that?", sentence)


def test_month_after_a_preposition_is_no_place():
    """A month or day of the week does not answer "where"."""
    assert not _answers("Where do they sing?", "They sing in June.")


def _best(words, question, likeness=None):
    """Return which sentence of the text is chosen, by its place; None without one."""
    document = Document("a.txt", "Notes", (Paragraph(1, TEXT),))
    (passage,) = split_passages(document)
    coverage = QueryCoverage([(Unit((word,)), 1.0) for word in words], lexical_index([passage]))
    near = None if likeness is None else np.array(likeness)
    sentence = best_sentence(passage, coverage, question, near)
    return None if sentence is None else passage.sentences.index(sentence)


def test_sentence_by_words_alone_needs_a_word_of_the_question():
    """Without vectors the share of the words decides, and the kind of answer between equal ones."""
    assert _best(["boats"], "which boats") == 2
    assert _best(["mill"], "when did the mill fall") is None
    assert _best(["bell", "fell"], "when did the bell fall") == 1


def test_sentence_by_vectors_needs_no_word_of_the_question():
    """What is nearest is chosen; words and the kind of answer decide only between near ones."""
    assert _best(["mill"], "the mill", [0.2, 0.3, 0.5]) == 2
    assert _best(["bell"], "the bell", [0.2, 0.3, 0.5]) == 2
    assert _best(["bell"], "the bell", [0.48, 0.3, 0.5]) == 0
    assert _best(["mill"], "when was it", [0.2, 0.48, 0.5]) == 1
    assert _best(["mill"], "when was it", [0.2, 0.4, 0.5]) == 2
    assert _best(["mill"], "the mill", [0.5, 0.3, 0.5]) == 0
