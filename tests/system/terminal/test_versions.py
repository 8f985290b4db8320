"""Texts in several versions, as commands answer from them."""

import json

import pytest

from tests.support.command import run_pullquote
from tests.support.forks import run_forked
from tests.support.scenes import write_texts

TEXTS = {
    "1.x/locks.md": "# Locks\n\nThe lock opens at seven.\n",
    "2.0/locks.md": "# Locks\n\nThe lock opens at nine, and a bell rings.\n",
    "tea.md": "---\nversion: 7\n---\n# Tea\n\nTea is free for all members.\n",
}


@pytest.fixture(autouse=True)
def _corpus(tmp_path, monkeypatch):
    write_texts(tmp_path, TEXTS)
    monkeypatch.chdir(tmp_path)


def _ask(question, *arguments):
    return json.loads(run_forked("ask", "--json", question, *arguments).stdout)


def test_json_names_the_version_and_the_others():
    """Optional fields: a text without other versions has none."""
    (quote,) = _ask("when does the lock open?")["quotes"]
    assert quote["source"] == "2.0/locks.md"
    assert (quote["version"], quote["other_versions"]) == ("2.0", ["1.x"])
    (quote,) = _ask("when does the lock open in 1.x?")["quotes"]
    assert (quote["source"], quote["other_versions"]) == ("1.x/locks.md", ["2.0"])
    (quote,) = _ask("who gets free tea?")["quotes"]
    assert quote["version"] == "v7"
    assert "other_versions" not in quote


def test_terminal_names_the_others_and_a_version_that_no_path_names():
    """Below the citation of the best quote."""
    done = run_forked("ask", "when does the lock open?")
    assert "Other versions: 1.x" in done.stdout
    assert "tea.md, paragraph 1, version v7" in run_forked("ask", "who gets free tea?").stdout
    shown = run_forked("ask", "--format", "discord", "when does the lock open?").stdout
    assert "-# Other versions: 1.x" in shown


def test_source_names_only_its_own_versions():
    """What is not searched is not named."""
    (quote,) = _ask("when does the lock open?", "--source", "1.x")["quotes"]
    assert quote["version"] == "1.x"
    assert "other_versions" not in quote


def test_batch_follows_up_in_the_version_of_the_question():
    """As a conversation does everywhere."""
    lines = [
        {"conversation": "a", "question": "when does the lock open in 1.x?"},
        {"conversation": "a", "question": "and when does it open?"},
    ]
    done = run_forked("ask", "--batch", stdin="".join(json.dumps(one) + "\n" for one in lines))
    versions = [json.loads(line)["quotes"][0]["version"] for line in done.stdout.splitlines()]
    assert versions == ["1.x", "1.x"]


def test_setting_says_which_version_is_current(monkeypatch):
    """A change of it is taken over with the next command; what is no version is refused."""
    question = "when does the lock open?"
    assert _ask(question)["quotes"][0]["version"] == "2.0"
    monkeypatch.setenv("CURRENT_VERSION", "v1")
    assert _ask(question)["quotes"][0]["version"] == "1.x"
    monkeypatch.setenv("CURRENT_VERSION", "")
    assert _ask(question)["quotes"][0]["version"] == "2.0"
    monkeypatch.setenv("CURRENT_VERSION", "newest")
    done = run_forked("ask", question)
    assert done.returncode == 2
    assert "CURRENT_VERSION: 'newest' is not a version" in done.stderr


def test_unchanged_texts_keep_their_versions(tmp_path):
    """They are copied from the former index, with what they say of their version."""
    assert _ask("who gets free tea?")["quotes"][0]["version"] == "v7"
    (tmp_path / "corpus" / "pier.md").write_text("# Pier\n\nThe pier is long.\n", encoding="utf-8")
    assert _ask("who gets free tea?")["quotes"][0]["version"] == "v7"
    (tmp_path / "corpus" / "2.0" / "locks.md").unlink()
    (quote,) = _ask("when does the lock open?")["quotes"]
    assert (quote["version"], "other_versions" in quote) == ("1.x", False)


def test_installed_command_answers_alike():
    """As a process of its own."""
    done = run_pullquote("ask", "--json", "when does the lock open in version 1?")
    assert json.loads(done.stdout)["quotes"][0]["version"] == "1.x"
