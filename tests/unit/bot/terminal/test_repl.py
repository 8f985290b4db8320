"""Questions and answers in the terminal, one after the other."""

import pytest

from tests.support.command import run_pullquote


@pytest.mark.process
@pytest.mark.usefixtures("harbour_index")
def test_repl_explains_the_last_question_and_follows_pointing():
    """`:why` tells of the last question, and "the second one" shows the second quote."""
    done = run_pullquote(stdin="what did the storm sink?\nthe second one\n:why\n")
    assert done.returncode == 0
    assert "question, weight 1: storm" in done.stdout
