"""`pullquote rebuild --watch`, as a process beside a running search."""

import json
import signal
import subprocess
import threading
import time
from queue import Queue

import pytest

from index import LiveSearcher, WeightedText
from tests.support.command import COMMAND

# Long enough for a loaded machine; the watch waits 1.6 s for the end of a burst of changes.
WAIT_S = 30


class _Watch:
    """The command over `corpus` and `.pullquote`, and the lines that it prints."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [COMMAND, "rebuild", "--watch", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: dict[str, Queue[str]] = {name: Queue() for name in ("stdout", "stderr")}
        self._readers = [
            threading.Thread(target=self._read, args=(getattr(self.process, name), lines))
            for name, lines in self.lines.items()
        ]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _read(stream, lines):
        with stream:
            for line in stream:
                lines.put(line)

    def line(self, stream="stdout"):
        """Wait for the next line."""
        return self.lines[stream].get(timeout=WAIT_S)

    def end(self):
        """Kill the command if it still runs."""
        self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join()


@pytest.fixture
def watch():
    """Start a watch; it is killed at the end if it still runs."""
    started = []

    def start(*options):
        started.append(_Watch(*options))
        return started[-1]

    yield start
    for one in started:
        one.end()


def _finds(live, words, text):
    hits = live.current().search([WeightedText(words)], 1)
    return bool(hits) and text in hits[0].passage.text


def test_watch_rebuilds_on_a_change_and_a_running_search_takes_it(watch, harbour_corpus, tmp_path):
    """A new file is reported, and a running search finds it without a restart."""
    running = watch("--json")
    assert json.loads(running.line())["added"] == ["harbour.txt"]
    live = LiveSearcher(tmp_path / ".pullquote" / "index")
    time.sleep(1)  # the watch begins after the report
    (harbour_corpus / "mill.txt").write_text("The mill grinds barley.")
    assert json.loads(running.line())["added"] == ["mill.txt"]
    assert _finds(live, "grinds barley mill", "barley")


def test_watch_outlives_a_rebuild_that_fails(watch, harbour_corpus, tmp_path):
    """A mistake is one line on stderr; the index stays, and the next change is taken."""
    running = watch()
    assert running.line().startswith("Indexed 1 document")
    assert running.line().startswith("added")
    time.sleep(1)
    (harbour_corpus / "synonyms.txt").write_text("alone\n")
    assert "synonyms.txt, line 1" in running.line("stderr")
    assert _finds(LiveSearcher(tmp_path / ".pullquote" / "index"), "storm boats", "storm")
    (harbour_corpus / "synonyms.txt").write_text("tempest, storm\n")
    assert running.line().startswith("Indexed 1 document")


def test_watch_fails_at_once_without_texts(watch, tmp_path):
    """With nothing to build there is nothing to watch."""
    running = watch("--corpus", str(tmp_path / "none"))
    assert running.process.wait(WAIT_S) == 1
    assert "no such folder" in running.line("stderr")


@pytest.mark.usefixtures("harbour_corpus")
def test_watch_ends_quietly_on_ctrl_c(watch):
    """Ctrl-C is how a watch ends: exit code 0, no traceback."""
    running = watch()
    running.line()
    time.sleep(1)
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(WAIT_S) == 0
    running.end()
    assert running.lines["stderr"].empty()
