"""The installed command: arguments, exit codes, errors of one line, output for scripts."""

import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from index import build_index
from tests.support.command import COMMAND, run_pullquote
from tests.support.forks import run_forked

COMMANDS = ("repl", "ask", "rebuild", "discord", "evaluate")

# The documented fields, and those that were added to them.
ANSWER_FIELDS = {"question", "answered", "reason", "quotes", "milliseconds", "hesitant", "example"}


def _assert_one_line_error(done, exit_code):
    """Check the exit code, and that stderr is one line for people."""
    assert done.returncode == exit_code, done.stderr
    assert done.stderr.startswith("pullquote: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@contextmanager
def _running(*arguments):
    """Start the command with pipes; always kill it at the end."""
    process = subprocess.Popen(
        [COMMAND, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


# Help and wrong usage


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command):
    """`--help` says how to use a command and names the options that all take."""
    done = run_forked(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: pullquote {command}")
    assert "--corpus DIR" in done.stdout
    assert "--data DIR" in done.stdout


def test_help_lists_every_command():
    """The command's own help names the commands, each in a whole line."""
    done = run_pullquote("--help")
    assert done.returncode == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in done.stdout] == []
    assert "..." not in done.stdout.partition("Commands:")[2]


@pytest.mark.parametrize(
    "arguments",
    [
        ["rebuild", "--no-such-option"],
        ["no-such-command"],
        ["ask"],
        ["ask", "Who dug it?", "--batch"],
        ["ask", "storm", "--top-k", "0"],
        ["ask", "storm", "--format", "html"],
        ["ask", "storm", "--format", "text", "--json"],
        ["ask", "--batch", "--format", "discord"],
        ["ask", "storm", "--format", "discord", "--explain"],
        ["evaluate"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line_and_exit_2(harbour_corpus, arguments):
    """Wrong usage is refused before anything is built."""
    _assert_one_line_error(run_forked(*arguments), 2)
    assert harbour_corpus.is_dir()
    assert not Path(".pullquote").exists()


@pytest.mark.parametrize(
    ("command", "env", "named"),
    [
        ("rebuild", {"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
        ("discord", {}, "DISCORD_TOKEN"),
        ("discord", {"DISCORD_TOKEN": "  "}, "DISCORD_TOKEN"),
        ("discord", {"DISCORD_TOKEN": "abc", "DISCORD_API_BASE": "here"}, "DISCORD_API_BASE"),
        ("rebuild", {"CORPUS_DIR": "~no-such-user-here/texts"}, "CORPUS_DIR"),
    ],
)
def test_wrong_setting_is_one_line_and_exit_2(command, env, named):
    """A setting that is missing or cannot be used is named."""
    done = run_forked(command, env=env)
    _assert_one_line_error(done, 2)
    assert named in done.stderr
    assert "abc" not in done.stderr


def test_dotenv_file_that_is_not_utf8_is_one_line_and_exit_2():
    """A `.env` file in another encoding is refused by its name."""
    Path(".env").write_bytes(b"CORPUS_DIR=k\xf6rper\n")
    done = run_pullquote("rebuild")
    _assert_one_line_error(done, 2)
    assert ".env" in done.stderr


# Folders


@pytest.mark.parametrize(
    "order",
    [
        ["rebuild", "--corpus", "texts", "--data", "built"],
        ["--corpus", "texts", "--data", "built", "rebuild"],
        ["--corpus", "nowhere", "--data=other", "rebuild", "--corpus=texts", "--data=built"],
    ],
    ids=["after", "before", "nearer"],
)
def test_folders_of_the_command_line_win(harbour_corpus, order):
    """--corpus and --data win over the environment, before and after the command's name."""
    harbour_corpus.rename("texts")
    done = run_forked(*order, env={"CORPUS_DIR": "nowhere", "DATA_DIR": "elsewhere"})
    assert (done.returncode, done.stderr) == (0, "")
    assert Path("built", "index").is_dir()
    assert not Path("elsewhere").exists()
    assert not Path("other").exists()


def test_folders_of_the_environment_win_over_the_defaults(harbour_corpus):
    """CORPUS_DIR and DATA_DIR replace the default folders."""
    (harbour_corpus / "more.txt").write_text("Only here.\n\nA heron stands here.\n")
    harbour_corpus.rename("texts")
    done = run_forked("rebuild", "--json", env={"CORPUS_DIR": "texts", "DATA_DIR": "built"})
    assert json.loads(done.stdout)["documents"] == 2
    assert not Path(".pullquote").exists()


@pytest.mark.parametrize("arguments", [["rebuild"], []], ids=["rebuild", "repl"])
def test_missing_corpus_is_one_line_and_exit_1(arguments):
    """Without a folder of texts and without an index nothing can be done."""
    done = run_forked(*arguments)
    _assert_one_line_error(done, 1)
    assert "corpus: no such folder" in done.stderr


@pytest.mark.parametrize("content", [None, b"\x00\x01\x02"], ids=["none", "binary"])
def test_corpus_without_a_text_is_one_line_and_exit_1(content):
    """A folder in which nothing can be quoted is a failure."""
    Path("corpus").mkdir()
    if content is not None:
        Path("corpus", "a.txt").write_bytes(content)
    _assert_one_line_error(run_forked("rebuild"), 1)


def test_data_folder_that_cannot_be_written_is_one_line_and_exit_1(harbour_corpus):
    """A file in the data folder's place is reported."""
    Path("taken").write_text("a file", encoding="utf-8")
    done = run_pullquote("rebuild", "--corpus", str(harbour_corpus), "--data", "taken")
    _assert_one_line_error(done, 1)


# One question


@pytest.mark.usefixtures("harbour_index")
def test_ask_json_has_the_documented_form():
    """Every documented field is there with its type; offsets and order are right."""
    done = run_forked("ask", "Who dug the harbour?", "--json", "--top-k", "4")
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    answer = json.loads(done.stdout)
    assert set(answer) == ANSWER_FIELDS
    assert (answer["question"], answer["answered"]) == ("Who dug the harbour?", True)
    assert answer["reason"] is None
    assert isinstance(answer["milliseconds"], float)
    quotes = answer["quotes"]
    assert len(quotes) == 4
    assert quotes == sorted(quotes, key=lambda quote: -quote["score"])
    assert (
        quotes[0].items()
        >= {
            "text": "The harbour was dug in 1802 by Captain Ada Finch. It took four years.",
            "source": "harbour.txt",
            "title": "The harbour of Lowmere",
            "paragraph": 1,
            "highlight": [0, 49],
        }.items()
    )
    marked = [quote for quote in quotes if quote["highlight"]]
    assert all(
        0 <= start < end <= len(q["text"]) for q in marked for start, end in [q["highlight"]]
    )
    assert all(isinstance(quote["score"], float) for quote in quotes)


@pytest.mark.usefixtures("harbour_index")
def test_ask_json_says_why_there_is_no_answer():
    """A question without an answer is a success with a reason and no quotes."""
    done = run_forked("ask", "zebra?", "--json")
    answer = json.loads(done.stdout)
    answer.pop("milliseconds")
    assert done.returncode == 0
    assert answer == {
        "question": "zebra?",
        "answered": False,
        "reason": "nothing_found",
        "hesitant": False,
        "example": None,
        "quotes": [],
    }


@pytest.mark.usefixtures("harbour_corpus")
def test_ask_builds_the_index_and_prints_the_quote():
    """The first question builds the index; stdout holds the answer only."""
    done = run_pullquote("ask", "Who dug the harbour?", "--top-k", "1")
    assert done.returncode == 0
    assert "The harbour was dug in 1802 by Captain Ada Finch." in done.stdout
    assert "harbour.txt, paragraph 1" in done.stdout
    assert "Indexed 1 text as 5 passages" in done.stderr


@pytest.mark.usefixtures("harbour_index")
@pytest.mark.parametrize("options", [["--json"], ["--format", "json"], ["--json", "--format=json"]])
def test_ask_has_two_names_for_json(options):
    """`--json` is `--format json`."""
    done = run_forked("ask", "Who dug the harbour?", *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["answered"]


@pytest.mark.usefixtures("harbour_index")
def test_ask_prints_the_text_by_its_name_too():
    """Text is the default."""
    texts = [run_forked("ask", "the storm", *form) for form in ([], ["--format", "text"])]
    assert texts[0].stdout == texts[1].stdout


@pytest.mark.usefixtures("harbour_index")
def test_ask_prints_the_message_of_discord():
    """The Markdown is what is sent as plain text, also where nothing is found."""
    done = run_forked("ask", "Why did nobody drown?", "--format", "discord", "--top-k", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "> A storm in 1887 sank nine boats. **Nobody drowned, because the bell rang early.**\n"
        "-# **The harbour of Lowmere** \u00b7 harbour.txt, paragraph 4\n"
    )
    done = run_forked("ask", "zebra?", "--format", "discord")
    assert done.stdout.startswith("I found nothing about that in my texts.")


@pytest.mark.usefixtures("harbour_index")
def test_ask_takes_a_blank_question():
    """An empty question is answered, not refused as a missing one."""
    done = run_forked("ask", "")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no question" in done.stdout


@pytest.mark.usefixtures("harbour_index")
def test_python_module_is_the_same_command():
    """`python -m bot` answers like the installed command."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "storm", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["quotes"][0]["paragraph"] == 4


def test_control_characters_of_a_text_stay_out_of_the_terminal():
    """Escape sequences in a text or a file's name are not printed."""
    Path("corpus").mkdir()
    Path("corpus", "a\x1b[2Jb.txt").write_text(
        "Bells \x1b]0;gone\x07\n\nThe bell \x1b[31mrang\x9b2J \u202etwice.\n", encoding="utf-8"
    )
    done = run_forked("ask", "Who rang the bell?")
    assert done.returncode == 0
    assert "The bell \ufffd[31mrang" in done.stdout
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(done.stdout + done.stderr)
    done = run_forked("ask", "Who rang the bell?", "--format", "discord")
    assert "The bell \ufffd\\[31mrang" in done.stdout
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(done.stdout + done.stderr)


def test_control_characters_of_a_file_name_stay_out_of_the_report():
    """The report of a build names files without acting on the terminal."""
    Path("corpus").mkdir()
    Path("corpus", "a\x1b[2Jb.txt").write_text("Bells\n\nThe bell rang.\n", encoding="utf-8")
    Path("corpus", "a\x1b[2Jb.bin").write_text("no text", encoding="utf-8")
    done = run_forked("rebuild")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.usefixtures("harbour_index")
def test_output_in_a_narrow_encoding_is_no_traceback():
    """If the output cannot show a character, the answer is still printed."""
    done = run_pullquote("ask", "storm", env={"PYTHONIOENCODING": "ascii"})
    assert "Traceback" not in done.stderr
    assert (done.returncode, "sank nine boats" in done.stdout) == (0, True)


# JSON lines


def _ask_line(process, fields):
    process.stdin.write(json.dumps(fields) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


@pytest.mark.usefixtures("harbour_index")
def test_batch_answers_each_line_before_the_next_is_written():
    """Output is flushed line by line, and bad input does not end the run."""
    with _running("ask", "--batch", "--top-k", "1") as process:
        first = _ask_line(process, {"id": 1, "conversation": "c", "question": "the storm"})
        error = _ask_line(process, {"id": 2, "conversation": "c"})
        second = _ask_line(process, {"id": 3, "conversation": "c", "question": "and when?"})
        assert set(error) == {"id", "error"}
        assert [len(first["quotes"]), second["quotes"][0]["paragraph"]] == [1, 4]
        assert set(first) - {"id"} == ANSWER_FIELDS
        rest, errors = process.communicate(timeout=20)
        assert (process.returncode, rest, errors) == (0, "", "")


@pytest.mark.usefixtures("harbour_index")
def test_batch_reads_bytes_that_are_no_utf8():
    """Invalid bytes, blank lines and a missing final line end are answered line by line."""
    done = run_forked("ask", "--batch", stdin=b'\xff\n\n{"id": "last", "question": "storm"}')
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert ["error" in answer for answer in answers] == [True, True, False]
    assert (done.returncode, done.stderr, answers[2]["id"]) == (0, "", "last")


@pytest.mark.usefixtures("harbour_index")
def test_interrupted_batch_leaves_with_130():
    """Ctrl-C while waiting for a line ends the command quietly."""
    with _running("ask", "--batch") as process:
        _ask_line(process, {"question": "storm"})
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
        assert process.returncode == 130
        assert (rest, errors.strip()) == ("", "")


@pytest.mark.usefixtures("harbour_index")
def test_reader_that_leaves_causes_no_traceback(tmp_path):
    """Output into a closed pipe ends the command without a message."""
    (tmp_path / "lines").write_text('{"question": "storm"}\n' * 500, encoding="utf-8")
    pipeline = f"'{COMMAND}' ask --batch < lines | head -1"
    done = subprocess.run(["sh", "-c", pipeline], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["answered"]
    assert done.stderr == ""


@pytest.mark.usefixtures("harbour_index")
def test_head_of_an_answer_is_no_error():
    """`| head -1` shows one line and nothing on stderr."""
    pipeline = f"'{COMMAND}' ask 'storm boats' | head -1"
    done = subprocess.run(["sh", "-c", pipeline], capture_output=True, text=True, check=True)
    assert done.stderr == ""


# Building


def _rebuild():
    done = run_forked("rebuild", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_rebuild_reports_what_was_added_changed_and_removed(harbour_corpus):
    """Each report compares the corpus with the index before it."""
    (harbour_corpus / "a.txt").write_text("A\n\nOld words.\n", encoding="utf-8")
    first = _rebuild()
    assert (first["documents"], first["passages"], first["unchanged"]) == (2, 6, False)
    assert (first["added"], first["changed"], first["removed"]) == (
        ["a.txt", "harbour.txt"],
        [],
        [],
    )
    assert first["terms"] > 30
    assert 0 < first["seconds"] < 30
    (harbour_corpus / "a.txt").write_text("A\n\nNew words.\n\nMore.\n", encoding="utf-8")
    (harbour_corpus / "b.txt").write_text("B\n\nOther words.\n", encoding="utf-8")
    (harbour_corpus / "harbour.txt").unlink()
    second = _rebuild()
    assert (second["added"], second["changed"]) == (["b.txt"], ["a.txt"])
    assert (second["removed"], second["documents"], second["passages"]) == (["harbour.txt"], 2, 3)


def test_rebuild_without_a_change_says_so(harbour_index):
    """An index that is up to date is left as it is."""
    before = {path: path.stat().st_mtime_ns for path in harbour_index.rglob("*.json*")}
    done = run_forked("rebuild")
    assert done.stdout.startswith("The texts have not changed: 1 document, 5 passages, ")
    assert {path: path.stat().st_mtime_ns for path in harbour_index.rglob("*.json*")} == before
    report = _rebuild()
    assert report["unchanged"] is True
    assert report["added"] == report["changed"] == report["removed"] == []


def test_rebuild_prints_its_figures_for_people(harbour_corpus):
    """Documents, passages, terms, seconds and the sources added are printed."""
    (harbour_corpus / "photo.jpg").write_bytes(b"\xff\xd8")
    done = run_pullquote("rebuild")
    indexed, added = done.stdout.splitlines()
    assert indexed.startswith("Indexed 1 document, 5 passages, ")
    assert indexed.endswith(" s.")
    assert " terms in " in indexed
    assert added == "added: harbour.txt"
    assert done.stderr.startswith("Skipped 'photo.jpg': ")


@pytest.mark.parametrize("command", [["rebuild", "--json"], ["ask", "storm", "--json"]])
def test_unusable_index_is_reported_in_one_line_and_rebuilt(harbour_index, command):
    """A broken index is replaced, and a line says why."""
    for path in harbour_index.glob("*.json"):
        path.write_text("{", encoding="utf-8")
    done = run_forked(*command)
    reported = [line for line in done.stderr.splitlines() if "could not be used" in line]
    assert (done.returncode, len(reported)) == (0, 1)
    assert "Traceback" not in done.stderr
    assert run_forked("rebuild").stdout.startswith("The texts have not changed")


@pytest.mark.usefixtures("harbour_index")
def test_empty_corpus_keeps_the_old_index_serving(harbour_corpus):
    """Without texts a rebuild fails, and questions are answered from the last index."""
    (harbour_corpus / "harbour.txt").unlink()
    _assert_one_line_error(run_forked("rebuild"), 1)
    done = run_forked("ask", "storm", "--json")
    assert json.loads(done.stdout)["quotes"][0]["paragraph"] == 4
    assert done.stderr.count("\n") == 1
    assert "last good index" in done.stderr


# Evaluation


@pytest.fixture
def question_set(tmp_path):
    """A set whose ranks are 1 and 2, with one question that nothing answers."""
    entries = [
        {"id": "a", "kind": "who", "question": "Who dug the harbour?", "gold": [1]},
        {"id": "b", "kind": "why", "question": "Who dug the harbour?", "gold": [2]},
        {"id": "u", "kind": "off_topic", "question": "zebra", "gold": []},
    ]
    path = tmp_path / "questions.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    return path


@pytest.mark.usefixtures("harbour_index")
def test_evaluate_json_gives_the_hand_worked_figures(question_set):
    """Ranks 1 and 2 give hit@1 1/2 and MRR 3/4; --verbose adds what was missed."""
    done = run_forked(
        "evaluate", str(question_set), "--json", "--verbose", env={"RETRIEVAL": "lexical"}
    )
    summary = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert summary["missed"] == ["b"]
    single = summary["single questions"]
    assert (single["questions"], single["hit@1"], single["hit@3"]) == (2, 0.5, 1.0)
    assert (single["mrr"], single["kinds"]["why"]["mrr"]) == (0.75, 0.5)
    assert summary["unanswerable"]["refused"] == 1.0


@pytest.mark.usefixtures("harbour_index")
def test_evaluate_prints_a_table(question_set):
    """The figures are a table; --verbose lists the missed questions below it."""
    done = run_forked("evaluate", str(question_set), "--verbose", env={"RETRIEVAL": "lexical"})
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["questions", "hit@1", "hit@3", "hit@5", "mrr", "refused"]
    assert lines[1].split()[2:] == ["2", "0.500", "1.000", "1.000", "0.750", "0.000"]
    assert lines[-1] == "b (why; gold 2; rank 2): Who dug the harbour?"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "questions.json"),
        ("{", "JSON"),
        ('[{"id": 1, "kind": "who", "question": "Who?", "gold": [99]}]', "paragraph 99"),
    ],
    ids=["missing", "no JSON", "no such place"],
)
@pytest.mark.usefixtures("harbour_index")
def test_unusable_question_set_is_one_line_and_exit_2(content, said):
    """A set that cannot be read, or names an unknown paragraph, is refused."""
    if content is not None:
        Path("questions.json").write_text(content, encoding="utf-8")
    done = run_forked("evaluate", "questions.json")
    _assert_one_line_error(done, 2)
    assert said in done.stderr


def test_index_of_another_folder_is_not_touched(harbour_index, tmp_path):
    """Two data folders hold two independent indexes."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text("A\n\nA heron stood.\n", encoding="utf-8")
    before = sorted(harbour_index.iterdir())
    build_index(tmp_path / "other", tmp_path / "data" / "index")
    done = run_forked("ask", "heron", "--json", "--corpus", "other", "--data", "data")
    assert json.loads(done.stdout)["quotes"][0]["source"] == "a.txt"
    assert sorted(harbour_index.iterdir()) == before


# Failures of the surroundings


@pytest.mark.parametrize(
    ("arguments", "see"),
    [
        (["ask"], "see 'pullquote ask --help'"),
        (["rebuild", "--no-such-option"], "see 'pullquote rebuild --help'"),
        (["no-such-command"], "see 'pullquote --help'"),
        (["ask", "storm", "--top-k", "0"], "see 'pullquote ask --help'"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_wrong_usage_says_where_to_look(arguments, see):
    """The line about wrong usage ends with the help to read."""
    done = run_forked(*arguments)
    _assert_one_line_error(done, 2)
    assert done.stderr.rstrip().endswith(see)


@pytest.mark.parametrize("arguments", [["ask", "storm"], ["ask", "storm", "--json"], ["rebuild"]])
@pytest.mark.usefixtures("harbour_index")
def test_full_disk_is_one_line_and_exit_1(arguments):
    """One line says that output cannot be written."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("pullquote: No space left on device")


@pytest.mark.parametrize("arguments", ["ask --batch", "repl", ""])
@pytest.mark.usefixtures("harbour_index")
def test_closed_input_is_one_line_and_exit_1(arguments):
    """A command that reads says that its input is closed."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"'{COMMAND}' {arguments} <&-"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("pullquote: standard input is closed")


@pytest.mark.usefixtures("harbour_index")
def test_closed_input_is_no_matter_to_a_command_that_reads_none():
    """A single question is answered without any input."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"'{COMMAND}' ask storm <&-"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "A storm in 1887" in done.stdout


def test_error_is_never_longer_than_a_line_or_two_of_a_terminal():
    """A long value is cut in its middle; the problem and the advice stay."""
    done = run_forked("rebuild", "--corpus", "/".join(["x" * 200] * 15))
    _assert_one_line_error(done, 1)
    assert len(done.stderr) < 330
    assert done.stderr.rstrip().endswith("CORPUS_DIR")


@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
@pytest.mark.usefixtures("harbour_index")
def test_unexpected_error_is_one_line_and_its_traceback_is_for_debugging(level, tmp_path):
    """A bug is one line; at DEBUG its traceback is above the line."""
    (tmp_path / "sitecustomize.py").write_text(
        "import bot.answering\n"
        "def fail(*_, **__): raise ZeroDivisionError('a fault')\n"
        "bot.answering.answer_question = fail\n"
    )
    done = run_pullquote("ask", "storm", env={"PYTHONPATH": str(tmp_path), "LOG_LEVEL": level})
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("pullquote: unexpected ZeroDivisionError: a fault")
    assert ("Traceback" in done.stderr) == (level == "DEBUG")
    assert level == "DEBUG" or done.stderr.count("\n") == 1


def test_rebuild_names_ten_texts_of_each_kind_and_counts_the_others(harbour_corpus, tmp_path):
    """Thousands of names would hide the rest of the report; `--json` has all."""
    for number in range(12):
        (harbour_corpus / f"log-{number:02}.txt").write_text(f"A boat came in {number + 1800}.")
        (harbour_corpus / f"photo-{number:02}.pdf").write_bytes(b"no PDF")
    folders = "--corpus", str(harbour_corpus), "--data", str(tmp_path / "data")
    done = run_forked("rebuild", *folders)
    (added,) = [line for line in done.stdout.splitlines() if line.startswith("added: ")]
    assert added.endswith("log-08.txt and 3 more")
    skipped = done.stderr.splitlines()
    assert skipped[9].startswith("Skipped 'photo-09.pdf': ")
    assert skipped[10] == "Skipped 2 more files; `pullquote rebuild --json` lists all"
    report = json.loads(run_forked("rebuild", "--json", *folders).stdout)
    assert len(report["skipped"]) == 12


def test_rebuild_names_files_whose_encoding_was_guessed(tmp_path):
    """Ten are named, and the report has all."""
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(11):
        (texts / f"{number:02}.txt").write_bytes("Лодки уходят на рассвете.\n".encode("cp1251") * 3)
    done = run_forked("rebuild", "--json", "--corpus", str(texts))
    named = done.stderr.splitlines()
    assert named[0].startswith("Note on '00.txt': its encoding was guessed as windows-1251; save")
    assert named[10] == "Notes on 1 more file are in the report of `--json`"
    assert len(json.loads(done.stdout)["remarks"]) == 11
