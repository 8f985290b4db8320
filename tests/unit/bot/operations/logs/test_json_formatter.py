"""Log records as lines of JSON: always whole, whatever they hold."""

import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.indexing.worker_threads import run_in_worker_thread
from bot.operations.logs.json_formatter import JsonLines
from bot.operations.logs.request_id import current_question_id, new_question
from tests.support.command import run_pullquote

ANY_TEXT = st.text(st.characters(), max_size=200) | st.text('\ud800\udfff\n\r\u2028\0"\\{}%s')


class Unshowable:
    """Something that fails when it is shown."""

    def __str__(self):
        raise RuntimeError

    __repr__ = __str__


def record(message, *args, error=None):
    """Return a log record; `error` is an exception that was raised."""
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("bot.x", logging.WARNING, "x.py", 1, message, args, info)


def written(of):
    """Return the object that a record is written as, after making sure that it is one line."""
    line = JsonLines().format(of)
    assert line.isascii()
    assert line.isprintable()
    fields = json.loads(line)
    json.dumps(fields, ensure_ascii=False).encode()  # no half of a surrogate pair is left
    return fields


@given(message=ANY_TEXT, argument=ANY_TEXT | st.binary() | st.floats() | st.none())
def test_any_record_is_one_line_of_json(message, argument):
    """Line ends, quotes, control characters, halves of surrogates, signs of formats."""
    assert written(record("%s", message)).get("message", "") == message.encode(
        "utf-16-le", "surrogatepass"
    ).decode("utf-16-le", "replace")
    assert written(record(message, argument))["level"] == "WARNING"


@given(text=ANY_TEXT)
def test_any_exception_is_one_field(text):
    """A traceback has many lines, and stands in one with them."""

    def fail():
        raise ValueError(text)

    with pytest.raises(ValueError) as caught:  # noqa: PT011  # any text
        fail()
    fields = written(record("It failed", error=caught.value))
    assert fields["exception"].startswith("Traceback (most recent call last):\n")


@pytest.mark.parametrize(
    "args", [("too", "many"), (Unshowable(),)], ids=["arguments", "an argument"]
)
def test_wrong_arguments_cost_no_line(args):
    """The message says that they do not fit."""
    assert written(record("%s", *args))["message"] == "%s (its arguments do not fit)"


def test_line_says_when_where_and_how_bad():
    """The time is in UTC; what there is nothing of is left out."""
    of = record("All %s", "well")
    of.created = 1_000_000_000.1239
    assert written(of) == {
        "time": "2001-09-09T01:46:40.123Z",
        "level": "WARNING",
        "logger": "bot.x",
        "message": "All well",
    }


def test_lines_of_tasks_and_threads_carry_the_question_they_were_begun_for():
    """Those begun outside of it, or later, carry none."""

    async def look():
        return written(record("Looking")).get("question")

    async def play():
        with new_question():
            own = current_question_id()
            task = asyncio.create_task(look())
            thread = await asyncio.to_thread(current_question_id)
            beside = await run_in_worker_thread(current_question_id)
        return own, await task, thread, beside, await look()

    own, *inside, outside = asyncio.run(play())
    assert inside == [own] * 3
    assert outside is None


def test_questions_have_different_ids():
    """Also one that begins within another, which has its own again afterwards."""
    with new_question():
        outer = current_question_id()
        with new_question():
            assert current_question_id() not in (outer, None)
        assert current_question_id() == outer


def test_commands_say_what_they_say_as_json(harbour_corpus):
    """What is skipped and what goes wrong are lines of JSON, and answers stay as they are."""
    (harbour_corpus / "book.epub").write_bytes(b"no book")
    env = {"CORPUS_DIR": str(harbour_corpus), "LOG_FORMAT": "json"}
    done = run_pullquote("ask", "who dug the harbour?", env=env)
    assert "Captain Ada Finch" in done.stdout
    skipped, indexed = map(json.loads, done.stderr.splitlines())
    assert (skipped["level"], indexed["level"]) == ("WARNING", "INFO")
    assert "book.epub" in skipped["message"]
    assert indexed["message"].startswith("Indexed 1 text as 5 passages")
    failed = run_pullquote("evaluate", "missing.json", env=env)
    (line,) = map(json.loads, failed.stderr.splitlines())
    assert (failed.returncode, line["level"]) == (2, "ERROR")
    assert "missing.json" in line["message"]


@pytest.mark.parametrize(
    ("arguments", "env", "file", "part"),
    [
        (["nonsense"], {"LOG_FORMAT": "json"}, "", "No such command 'nonsense'"),
        (["ask"], {"LOG_FORMAT": "JSON "}, "", "--batch"),
        (["ask", "storm"], {"LOG_FORMAT": "json"}, "no setting", ".env"),
        (["ask", "storm"], {"RETENTION_DAYS": "0"}, "LOG_FORMAT=json", "RETENTION_DAYS"),
    ],
)
def test_wrong_settings_and_usage_are_said_as_json(arguments, env, file, part):
    """Also before any setting is in force."""
    Path(".env").write_text(file, encoding="utf-8")
    done = run_pullquote(*arguments, env=env)
    (line,) = map(json.loads, done.stderr.splitlines())
    assert (done.returncode, line["level"]) == (2, "ERROR")
    assert part in line["message"]


def test_what_python_prints_becomes_lines(tmp_path):
    """Warnings, and exceptions that nobody catches in threads and destructors."""
    program = tmp_path / "program.py"
    program.write_text(
        """
import threading, warnings
from bot.operations.logs.setup import set_up_logging

class Grumpy:
    def __del__(self):
        raise ValueError("in a destructor")

set_up_logging("INFO", "json")
warnings.warn("an old\\nfunction")
thread = threading.Thread(target=lambda: 1 / 0, name="counting")
thread.start()
thread.join()
Grumpy()
""",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    warning, thread, destructor = map(json.loads, done.stderr.splitlines())
    assert "an old\nfunction" in warning["message"]
    assert thread["message"] == "The thread counting failed"
    assert "ZeroDivisionError" in thread["exception"]
    assert "in a destructor" in destructor["exception"]
