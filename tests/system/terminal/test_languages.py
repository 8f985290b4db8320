"""Texts in five languages in one corpus: each is found by questions in its language."""

import json

import pytest

from tests.support.data.five_languages import QUESTIONS, write_texts
from tests.support.forks import run_forked


@pytest.fixture
def _corpus(tmp_path):
    write_texts(tmp_path / "corpus")


@pytest.mark.usefixtures("_corpus")
def test_question_is_answered_from_the_texts_of_its_language():
    """The first quote is the paragraph that answers, and no other language's stands before it."""
    run_forked("rebuild")
    for language, question in QUESTIONS.items():
        answer = json.loads(run_forked("ask", question, "--json").stdout)
        assert (answer["reason"], answer["hesitant"]) == (None, False), question
        first = answer["quotes"][0]
        assert (first["source"], first["paragraph"]) == (f"{language}.md", 2)
        start, end = first["highlight"]
        assert first["text"].startswith(first["text"][start:end])
