"""How a question was read is told line by line."""

from bot.answering.answer import answer_question
from bot.answering.conversation import Turn
from bot.answering.explain import explain


def test_explanation_names_what_stands_for_a_word_and_why(harbour):
    """A repaired typo is shown with the word it was taken for."""
    lines = list(explain("which lighthuose burned?", [], harbour))
    assert lines[0] == "tier: lexical"
    assert "lighthuose [lighthouse 1.00 by typo" in lines[1]
    assert lines[1].startswith("question, weight 1: ")


def test_explanation_tells_what_came_from_history(harbour):
    """The question before is listed with its weight."""
    lines = list(explain("and why?", [Turn("the storm")], harbour))
    assert lines[1] == "question, weight 1: (no words that tell anything)"
    assert lines[2].startswith("from history, weight 0.5: storm")


def test_explanation_gives_the_scores_by_part(encoded_harbour):
    """Each passage's score is the sum of its named parts; the judgement comes last."""
    lines = list(explain("what did the storm sink?", [], encoded_harbour, top_k=2))
    assert lines[-3].startswith("1. harbour.txt, paragraph 4: +")
    assert all(f"{kind} +" in lines[-3] for kind in ("(words", "vectors", "tokens"))
    assert lines[-1].startswith("log odds that the texts answer: +")
    assert lines[-1].endswith("(sure)")


def test_explanation_of_an_empty_question_is_no_error(harbour):
    """Where nothing was asked there is nothing to explain."""
    assert list(explain("?!", [], harbour))[-1].endswith("-inf (nothing found)")


def test_explanation_of_a_short_follow_up_says_what_the_answer_does(encoded_harbour):
    """A short question after an answer is not refused, so it is not explained as refused."""
    (quote, *_) = answer_question("How many boats sank in the storm?", [], encoded_harbour).quotes
    asked = "Which xylophone quartet of Patagonia plays zydeco?"
    assert answer_question(asked, [], encoded_harbour).reason == "nothing_found"
    history = [Turn(asked, (quote.refs,), 1)]
    assert answer_question("Zanzibar?", history, encoded_harbour).hesitant
    assert "(hesitant" in list(explain("Zanzibar?", history, encoded_harbour))[-1]
