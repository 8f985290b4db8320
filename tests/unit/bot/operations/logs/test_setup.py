"""What goes to stderr, as text or as JSON."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from bot.operations.logs.setup import set_up_logging
from tests.support.command import run_pullquote
from tests.support.forks import run_forked


@pytest.mark.process
def test_commands_say_what_they_say_as_json(harbour_corpus):
    """Skipped files and errors are lines of JSON on stderr; answers on stdout stay as they are."""
    (harbour_corpus / "book.epub").write_bytes(b"no book")
    env = {"CORPUS_DIR": str(harbour_corpus), "LOG_FORMAT": "json"}
    done = run_pullquote("ask", "who dug the harbour?", env=env)
    assert "Captain Ada Finch" in done.stdout
    skipped, indexed = map(json.loads, done.stderr.splitlines())
    assert (skipped["level"], indexed["level"]) == ("WARNING", "INFO")
    assert "book.epub" in skipped["message"]
    assert indexed["message"].startswith("Indexed 1 text as 5 passages")
    failed = run_forked("evaluate", "missing.json", env=env)
    (line,) = map(json.loads, failed.stderr.splitlines())
    assert (failed.returncode, line["level"]) == (2, "ERROR")
    assert "missing.json" in line["message"]


@pytest.mark.process
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
    """Errors are JSON even before the settings are in force."""
    Path(".env").write_text(file, encoding="utf-8")
    done = run_forked(*arguments, env=env)
    (line,) = map(json.loads, done.stderr.splitlines())
    assert (done.returncode, line["level"]) == (2, "ERROR")
    assert part in line["message"]


@pytest.mark.process
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


@pytest.mark.parametrize("library", ["discord", "aiohttp"])
def test_debug_logging_keeps_libraries_at_info(library):
    """Libraries that would write messages or the token at DEBUG stay above it."""
    root = logging.getLogger()
    before, handlers = root.level, root.handlers[:]
    try:
        set_up_logging("DEBUG")
        assert logging.getLogger("bot").isEnabledFor(logging.DEBUG)
        assert not logging.getLogger(library).isEnabledFor(logging.DEBUG)
    finally:
        root.setLevel(before)
        root.handlers[:] = handlers
