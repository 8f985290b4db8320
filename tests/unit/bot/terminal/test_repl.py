"""Questions and answers in the terminal, one after the other."""

from types import SimpleNamespace
from typing import cast

import pytest
from rich.console import Console

from bot.answering import answer_question
from bot.config.settings import Settings
from bot.terminal import repl
from index import ClusterError, LiveSearcher
from tests.support.command import run_pullquote


@pytest.mark.process
@pytest.mark.usefixtures("harbour_index")
def test_repl_explains_the_last_question_and_follows_pointing():
    """`:why` tells of the last question, and "the second one" shows the second quote."""
    done = run_pullquote(stdin="what did the storm sink?\nthe second one\n:why\n")
    assert done.returncode == 0
    assert "question, weight 1: storm" in done.stdout


def test_repl_goes_on_after_a_cluster_that_did_not_answer(harbour, monkeypatch, capsys, tmp_path):
    """The error is a line; the next question is answered."""
    failures = [ClusterError("opensearch://host/quotes", "no node answers", "try again")]

    def fail_once(*given, **named):
        if failures:
            raise failures.pop()
        return answer_question(*given, **named)

    monkeypatch.setattr(repl, "answer_question", fail_once)
    lines: list[str | None] = ["what did the storm sink?", "what did the storm sink?", None]
    monkeypatch.setattr(repl, "_read_line", lambda: lines.pop(0))
    live = cast(LiveSearcher, SimpleNamespace(current=lambda: harbour))
    repl.run_repl(live, Console(width=200), Settings(data_dir=tmp_path, repl_history=False))
    shown = capsys.readouterr().out
    assert shown.index("no node answers; try again") < shown.index("storm")
