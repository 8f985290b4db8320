"""The REPL in a pseudo-terminal, as a person uses it."""

import json
import os
import re
from contextlib import contextmanager

import pexpect
import pyte
import pytest

from index import build_index
from tests.support.command import COMMAND, run_pullquote
from tests.support.forks import run_forked

PROMPT = "\r\n? "


@contextmanager
def _repl(*arguments, columns=80, **env):
    """Start the REPL in a terminal and wait for its prompt; always end it."""
    # Lexical retrieval quotes only texts that share a word, which keeps the screen small.
    environment = {**os.environ, "TERM": "xterm", "INPUTRC": os.devnull, "RETRIEVAL": "lexical"}
    environment |= env
    for size in ("COLUMNS", "LINES"):  # they override the size of this terminal
        environment.pop(size, None)
    child = pexpect.spawn(
        str(COMMAND),
        list(arguments),
        env=environment,
        dimensions=(24, columns),
        encoding="utf-8",
        codec_errors="replace",
        timeout=20,
    )
    try:
        child.expect_exact(PROMPT)
        yield child
    finally:
        child.close(force=True)


def _plain(text):
    """Return terminal output as words, without codes, margins and line breaks."""
    text = re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", text)
    return " ".join(text.replace("\u2502", " ").split())


def _ask(child, line):
    child.sendline(line)
    child.expect_exact(PROMPT)
    return _plain(child.before)


def _leave(child):
    """Press Ctrl-D and return the exit code."""
    child.sendeof()
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


@pytest.mark.parametrize("arguments", [[], ["repl"]], ids=["no arguments", "repl"])
@pytest.mark.usefixtures("harbour_corpus")
def test_repl_builds_the_index_first_and_leaves_on_ctrl_d(arguments):
    """Without an index it is built; Ctrl-D leaves with 0."""
    with _repl(*arguments) as child:
        assert "Pullquote knows 1 text with 5 passages" in _plain(child.before)
        assert _leave(child) == 0


@pytest.mark.usefixtures("harbour_index")
def test_repl_conversation_as_a_person_has_it():
    """Answers, follow-ups, :new, :help and nonsense, in one session."""
    with _repl() as child:
        assert "A storm in 1887 sank nine boats." in _ask(child, "What sank?")
        follow_up = _ask(child, "and when was that?")
        assert "A storm in 1887 sank nine boats." in follow_up
        assert "harbour.txt, paragraph 4" in follow_up
        assert "Forgotten" in _ask(child, ":new")
        assert "found nothing" in _ask(child, "and when was that?")
        assert ":quit" in _ask(child, ":help")
        assert ":quit" in _ask(child, ":nonsense")
        assert "quotes" in _ask(child, "hello")
        assert _ask(child, "") == ""
        assert _leave(child) == 0


@pytest.mark.usefixtures("harbour_index")
def test_repl_survives_ctrl_c():
    """Ctrl-C drops the line that is being typed; the next question is answered."""
    with _repl() as child:
        child.send("what about the cho")
        child.expect_exact("cho")
        child.sendintr()
        child.expect_exact(PROMPT)
        child.sendintr()
        child.expect_exact(PROMPT)
        answer = _ask(child, "What sank?")
        assert "sank nine boats" in answer
        assert "choir" not in answer
        assert _leave(child) == 0


@pytest.mark.parametrize("word", [":quit", ":q", ":exit"])
@pytest.mark.usefixtures("harbour_index")
def test_repl_leaves_on_a_word(word):
    """Commands that leave end the program with 0."""
    done = run_forked("repl", stdin=f"{word}\nWhat sank?\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "sank" not in done.stdout


@pytest.mark.usefixtures("harbour_index")
def test_repl_rebuilds_when_the_corpus_changed(harbour_corpus):
    """A text that was added since the last build is known at the next start."""
    (harbour_corpus / "mill.txt").write_text("The mill\n\nIt grinds rye.\n", encoding="utf-8")
    with _repl() as child:
        assert "Pullquote knows 2 texts with 6 passages" in _plain(child.before)
        assert "It grinds rye." in _ask(child, "rye?")


def test_repl_takes_over_an_index_that_is_rebuilt_meanwhile(harbour_index, harbour_corpus):
    """A rebuild in another terminal reaches the REPL without a restart."""
    with _repl() as child:
        assert "found nothing" in _ask(child, "rye?")
        (harbour_corpus / "mill.txt").write_text("The mill\n\nIt grinds rye.\n", encoding="utf-8")
        build_index(harbour_corpus, harbour_index)
        assert "It grinds rye." in _ask(child, "rye?")


@pytest.mark.usefixtures("harbour_index")
def test_repl_screen_shows_the_answer_within_its_width():
    """On a narrow screen no word is lost and the prompt stands below the answer."""
    screen = pyte.Screen(40, 24)
    with _repl(columns=40) as child:
        pyte.Stream(screen).feed(child.before)
        child.sendline("What sank?")
        child.expect_exact(PROMPT)
        pyte.Stream(screen).feed(child.before + PROMPT)
    lines = [line.rstrip() for line in screen.display]
    quoted = " ".join(line.removeprefix("  \u2502 ") for line in lines if line[:3] == "  \u2502")
    assert quoted == (
        "A storm in 1887 sank nine boats. Nobody drowned, because the bell rang early."
    )
    assert "?" in lines


@pytest.mark.usefixtures("harbour_index")
def test_repl_reads_a_pipe():
    """Lines that are piped in are answered, follow-ups included; the end of input leaves with 0."""
    done = run_pullquote(stdin="What sank?\nand when was that?")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("sank nine boats") == 2


@pytest.mark.usefixtures("harbour_index")
def test_repl_goes_on_after_bytes_that_are_no_text():
    """A line in another encoding is not the end of the REPL."""
    env = {"PYTHONIOENCODING": "utf-8:strict"}
    done = run_pullquote("repl", stdin=b"k\xf6rper?\nWhat sank?\n", env=env)
    assert "Traceback" not in done.stderr
    assert (done.returncode, "sank nine boats" in done.stdout) == (0, True)


def test_repl_takes_the_folders_of_the_command_line(harbour_corpus):
    """Options before the missing command's name reach the REPL."""
    harbour_corpus.rename("texts")
    done = run_forked("--corpus", "texts", "--data", "built", stdin="What sank?\n")
    assert "sank nine boats" in done.stdout
    assert json.loads(run_forked("rebuild", "--json", "--corpus", "texts").stdout)["added"]
