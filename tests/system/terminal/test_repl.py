"""The REPL in a pseudo-terminal, as a person uses it."""

import json
import os
import re
import stat
from contextlib import contextmanager
from pathlib import Path

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


UP, TAB = "\x1b[A", "\t"

HISTORY = Path(".pullquote", "repl-history")


@pytest.mark.usefixtures("harbour_index")
def test_repl_completes_commands_and_titles():
    """Tab finishes a command, and after `:in` a title in any case."""
    with _repl() as child:
        assert "point at what was shown" in _ask(child, f":he{TAB}")
        assert "Searching 1 text from now on." in _ask(child, f":in the h{TAB}")
        assert "found nothing" in _ask(child, f"what is the {TAB}mill?")


@pytest.mark.usefixtures("harbour_index")
def test_repl_screen_lists_titles_that_begin_alike(harbour_corpus):
    """Tabs show what may follow; the line that is being typed stays, with what is sure."""
    (harbour_corpus / "mill.txt").write_text("The mill\n\nIt grinds rye.\n", encoding="utf-8")
    screen = pyte.Screen(80, 24)
    with _repl() as child:
        child.send(f":in t{TAB}{TAB}{TAB}")
        child.expect_exact("\r\n? :in The ")
        pyte.Stream(screen).feed(PROMPT + child.before + child.after)
    shown = "\n".join(screen.display)
    assert ":in The harbour of Lowmere" in shown
    assert ":in The mill" in shown
    assert screen.display[screen.cursor.y].rstrip() == "? :in The"


@pytest.mark.usefixtures("harbour_index")
def test_repl_history_lasts_over_sessions_and_is_private():
    """The key Up brings back the question of the session before; others cannot read the file."""
    with _repl() as child:
        _ask(child, "What sank?")
        assert _leave(child) == 0
    assert HISTORY.read_text().splitlines()[-1] == "What sank?"
    assert stat.S_IMODE(HISTORY.stat().st_mode) == 0o600
    with _repl() as child:
        child.send(UP)
        child.expect_exact("What sank?")
        child.sendline("")
        child.expect_exact(PROMPT)
        assert "sank nine boats" in _plain(child.before)


@pytest.mark.usefixtures("harbour_index")
def test_repl_history_can_be_deleted_and_kept_again():
    """`:history off` removes the file at once; `:history on` keeps what follows."""
    HISTORY.write_text("Who asked this?\n")
    with _repl() as child:
        assert str(HISTORY) in _ask(child, ":history")
        assert "deleted" in _ask(child, ":history off")
        assert not HISTORY.exists()
        _ask(child, "What sank?")
        assert "not kept" in _ask(child, ":history")
        assert _leave(child) == 0
    assert not HISTORY.exists()
    with _repl() as child:
        _ask(child, ":history off")
        _ask(child, ":history on")
        _ask(child, "What sank?")
        assert _leave(child) == 0
    assert HISTORY.read_text() == ":history on\nWhat sank?\n"


@pytest.mark.usefixtures("harbour_index")
def test_repl_keeps_no_history_if_the_setting_is_off_or_input_is_piped():
    """Neither leaves a file behind."""
    with _repl(REPL_HISTORY="off") as child:
        _ask(child, "What sank?")
        assert _leave(child) == 0
    assert run_pullquote(stdin="What sank?\n:history on\n").returncode == 0
    assert not HISTORY.exists()


@pytest.mark.usefixtures("harbour_index")
def test_repl_answers_without_a_history_that_cannot_be_read():
    """A folder in the file's place is one line, and the questions are answered."""
    HISTORY.mkdir()
    with _repl() as child:
        assert f"{HISTORY} could not be read" in _plain(child.before)
        assert f"{HISTORY} could not be deleted" in _ask(child, ":history off")
        assert "sank nine boats" in _ask(child, "What sank?")
        assert _leave(child) == 0


@pytest.mark.usefixtures("harbour_index")
def test_repl_ends_well_if_its_history_cannot_be_written():
    """What was asked is answered; a line says that it is not kept."""
    with _repl() as child:
        HISTORY.mkdir()
        assert "sank nine boats" in _ask(child, "What sank?")
        child.sendeof()
        child.expect_exact("could not be written")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0


@pytest.mark.usefixtures("harbour_index")
def test_repl_says_where_a_quote_stands_in_its_file():
    """The place is a path and a line, unbroken on a narrow screen; numbers beyond are refused."""
    with _repl(columns=20) as child:
        assert "0 quotes" in _ask(child, ":open")
        _ask(child, "What sank?")
        child.sendline(":open 1")
        child.expect_exact(PROMPT)
        lines = Path("corpus", "harbour.txt").read_text(encoding="utf-8").splitlines()
        number = next(n for n, line in enumerate(lines, 1) if line.startswith("A storm in 1887"))
        assert f"\ncorpus/harbour.txt:{number}\r\n" in child.before
        assert "1 quote shown" in _ask(child, ":open 9")
        Path("corpus", "harbour.txt").unlink()
        assert "texts may have changed" in _ask(child, ":open 1")


@pytest.mark.usefixtures("harbour_index")
def test_repl_asks_did_you_mean():
    """A question that finds nothing is told the words of the texts that are like its own."""
    with _repl() as child:
        assert "Did you mean: lighthouse?" in _ask(
            child, "lighthuose tax rates of kubernetes in toronto"
        )
