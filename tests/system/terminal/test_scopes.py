"""Questions that are asked of some of the texts, as commands."""

import json
from pathlib import Path

import pytest

from tests.support.forks import run_forked
from tests.support.scenes import write_texts

TEXTS = {
    "part1/locks.md": "# Locks, old\n\nThe lock opens at seven.\n",
    "part2/locks.md": "# Locks\n\nThe lock opens at nine, and a bell rings.\n",
    "tea.md": "# Tea\n\nTea is free for all members.\n",
}


@pytest.fixture(autouse=True)
def _corpus(tmp_path, monkeypatch):
    write_texts(tmp_path, TEXTS)
    monkeypatch.chdir(tmp_path)


def _ask(*arguments):
    return json.loads(run_forked("ask", "--json", "when does the lock open?", *arguments).stdout)


@pytest.mark.parametrize(
    ("sources", "quoted"),
    [
        (["part1"], ["part1/locks.md"]),
        (["part2/*"], ["part2/locks.md"]),
        (["Locks, old"], ["part1/locks.md"]),
        (["part1", "tea.md"], ["part1/locks.md"]),
        ([], ["part1/locks.md", "part2/locks.md"]),
    ],
)
def test_only_the_named_texts_answer(sources, quoted):
    """By folder, by pattern and by title, one or several."""
    named = [one for source in sources for one in ("--source", source)]
    assert sorted(quote["source"] for quote in _ask(*named)["quotes"]) == quoted


def test_answer_says_where_it_looked():
    """Nothing of the other texts is suggested."""
    done = run_forked("ask", "when does the lock open?", "--source", "tea.md")
    assert "Only these texts were searched: tea.md." in done.stdout
    assert "Locks" not in done.stdout


def test_name_of_no_text_is_one_clear_line():
    """The line names the texts that there are."""
    done = run_forked("ask", "when does the lock open?", "--source", "v3")
    assert (done.returncode, done.stdout) == (2, "")
    said = done.stderr.splitlines()[-1]
    assert said == (
        "pullquote: no text has the path, folder or title 'v3'; the texts are "
        "part1/locks.md, part2/locks.md, tea.md"
    )


def test_lines_and_question_sets_are_asked_of_the_named_texts():
    """`ask --batch` and `evaluate` take the option as well."""
    line = json.dumps({"id": 1, "question": "when does the lock open?"})
    done = run_forked("ask", "--batch", "--source", "part1", stdin=f"{line}\n")
    (quote,) = json.loads(done.stdout)["quotes"]
    assert quote["source"] == "part1/locks.md"
    asked = [{"id": "1", "kind": "when", "question": "when does the lock open?", "gold": [1]}]
    Path("questions.json").write_text(json.dumps(asked), encoding="utf-8")
    assert run_forked("evaluate", "questions.json").returncode == 2
    done = run_forked("evaluate", "questions.json", "--json", "--source", "part2")
    assert json.loads(done.stdout)["single questions"]["hit@1"] == 1


def test_repl_searches_the_texts_that_were_chosen():
    """Until others are chosen; a name of no text says so, and all texts are searched again."""
    lines = [
        ":in part1",
        "when does the lock open?",
        ":in tea.md",
        "when does the lock open?",
        ":in v3",
        "is tea free?",
        ":in",
    ]
    said = run_forked("repl", stdin="\n".join(lines)).stdout
    assert "Searching 1 text from now on." in said
    assert "at seven" in said
    assert "at nine" not in said.partition("no text has")[0]
    assert "Only these texts were searched: tea.md." in said
    assert "no text has the path, folder or title 'v3'" in said
    assert "Tea is free" in said
    assert "Searching 3 texts from now on." in said
