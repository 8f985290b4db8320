"""How a question was read is told line by line."""

import json

import pytest

from bot.answering.conversation import Turn
from bot.answering.explain import explain
from tests.support.command import run_pullquote


def test_explanation_names_what_stands_for_a_word_and_why(harbour):
    """A repaired typo is shown with the word it was taken for."""
    lines = list(explain("which lighthuose burned?", [], harbour))
    assert lines[0] == "tier: default"
    assert "lighthuose [lighthouse 1.00 by typo" in lines[1]
    assert lines[1].startswith("question, weight 1: ")


def test_explanation_tells_what_came_from_history(harbour):
    """The question before is listed with its weight."""
    lines = list(explain("and why?", [Turn("the storm")], harbour))
    assert lines[1] == "question, weight 1: (no words that tell anything)"
    assert lines[2].startswith("from history, weight 0.5: storm")


def test_explanation_gives_the_scores_by_part(harbour):
    """Each passage's score is the sum of its named parts; the judgement comes last."""
    lines = list(explain("what did the storm sink?", [], harbour, top_k=2))
    assert lines[-3].startswith("1. harbour.txt, paragraph 4: +")
    assert "(words +" in lines[-3]
    assert "static +" in lines[-3]
    assert lines[-1].startswith("log odds that the texts answer: +")
    assert lines[-1].endswith("(sure)")


def test_explanation_of_an_empty_question_is_no_error(harbour):
    """Where nothing was asked there is nothing to explain."""
    assert list(explain("?!", [], harbour))[-1].endswith("-inf (nothing found)")


@pytest.mark.process
@pytest.mark.usefixtures("harbour_index")
def test_ask_explains_as_text_and_as_json():
    """`--explain` adds lines below the answer, or a field to the JSON object."""
    done = run_pullquote("ask", "what did the storm sink?", "--explain")
    assert "sank nine boats" in done.stdout
    assert "tier: default" in done.stdout
    done = run_pullquote("ask", "what did the storm sink?", "--explain", "--json")
    assert json.loads(done.stdout)["explanation"][0] == "tier: default"
    assert run_pullquote("ask", "--batch", "--explain").returncode == 2


@pytest.mark.process
@pytest.mark.usefixtures("harbour_index")
def test_repl_explains_the_last_question_and_follows_pointing():
    """`:why` tells of the last question, and "the second one" shows the second quote."""
    done = run_pullquote(stdin="what did the storm sink?\nthe second one\n:why\n")
    assert done.returncode == 0
    assert "question, weight 1: storm" in done.stdout
