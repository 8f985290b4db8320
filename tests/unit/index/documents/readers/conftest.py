"""What the tests of the readers share: a way from the bytes of a file to its quote."""

import io

import pytest
from rich.console import Console

from bot.answering import answer_question
from bot.rendering.answer_json import answer_to_json
from bot.rendering.terminal import print_answer
from index import Searcher, build_index


@pytest.fixture
def first_quote(tmp_path):
    """A function that returns the first quote from a corpus of one file, as JSON and as text."""

    def ask(name, data, question):
        (tmp_path / "texts").mkdir()
        (tmp_path / "texts" / name).write_bytes(data)
        report = build_index(tmp_path / "texts", tmp_path / "index")
        assert report.added == [name], report.skipped
        answer = answer_question(question, [], Searcher.open(tmp_path / "index"))
        shown = io.StringIO()
        print_answer(Console(file=shown), answer)
        return answer_to_json(answer)["quotes"][0], " ".join(shown.getvalue().split())

    return ask
