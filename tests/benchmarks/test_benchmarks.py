"""The benchmark commands, on a few passages: they run to their end and say what they measured."""

import json
import sys
from contextlib import redirect_stdout
from functools import cache
from importlib.util import find_spec
from io import StringIO

import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.benchmarks import builds, documents, questions, suggestions
from tests.benchmarks.support import collection
from tests.benchmarks.support.children import PIECES, build_ours, open_ours
from tests.benchmarks.support.memory import Measured, memory_mb, run_child
from tests.benchmarks.support.plots import Panel, write_plot
from tests.support.checkout import REPOSITORY
from tests.support.forks import run_forked

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc"),
]
PEERS = "bm25s", "numba", "tantivy", "matplotlib"


def missing(*names):
    """Return a mark that skips a test where any of these packages is not installed."""
    absent = [name for name in names if not find_spec(name)]
    return pytest.mark.skipif(bool(absent), reason=f"not installed: {', '.join(absent)}")


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a benchmark's main function as the command does, and return what it printed."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))

    def run(module, *arguments):
        monkeypatch.setattr(sys, "argv", [module.__name__, *arguments])
        module.main()
        return capsys.readouterr().out

    return run


def _run_piece(_, name, *arguments):
    """Run a piece in this process, which takes less than the start of one."""
    return Measured(PIECES[name](*map(str, arguments)), 0.0, *memory_mb())


def _ask_in_a_fork(question, corpus, data, tier):
    folders = "--corpus", str(corpus), "--data", str(data)
    assert run_forked("ask", question, *folders, env={"RETRIEVAL": tier}).returncode == 0
    return 1.0


def test_builds_measures_a_made_up_collection(run, monkeypatch):
    """Each table is there, and the peers that are installed.

    Each piece, and the command, is a process of its own the first time.
    """
    monkeypatch.setattr(builds, "run_child", _first_time(run_child, _run_piece))
    monkeypatch.setattr(builds, "_ask", _first_time(builds._ask, _ask_in_a_fork))
    # The fewest passages that fill more than one file.
    out = run(builds, "--passages", "11", "--rounds", "1", "--runs", "1", "--queries", "5")
    for title in ("11 passages", "building", "by its phases", "starting", "serving", "scopes"):
        assert title in out
    assert "rebuilding" in out
    for peer in ("bm25s", "tantivy"):
        assert f"{peer} " in out if find_spec(peer) else f"{peer} is left out" in out


def _first_time(start, run_here):
    """Return a function that starts what is new by its first two arguments, or runs it here."""
    started = set()

    def choose(first, second, *others):
        if (first, second) in started:
            return run_here(first, second, *others)
        started.add((first, second))
        return start(first, second, *others)

    return choose


def test_builds_measures_a_folder(run, harbour_corpus, monkeypatch):
    """The peers are left out, because the folder may hold any format.

    The pieces run in this process, and the command in a fork; the test above starts the real ones.
    """
    monkeypatch.setattr(builds, "run_child", _run_piece)
    monkeypatch.setattr(builds, "_ask", _ask_in_a_fork)
    options = ["--collection", str(harbour_corpus)]
    out = run(builds, *options, "--rounds", "1", "--runs", "1", "--queries", "5")
    assert "rebuilding, files: 1" in out
    assert "peers are left out" in " ".join(out.split())


def test_questions_times_each_tier(run, harbour_corpus, tmp_path):
    """Single questions and turns of conversations count alike."""
    turns = [{"question": "who dug it?", "gold": [1]}, {"question": "and when?", "gold": [1]}]
    entries = [
        {"id": "one", "kind": "plain", "question": "when do boats leave?", "gold": [2]},
        {"id": "two", "kind": "plain", "turns": turns},
    ]
    path = tmp_path / "questions.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    out = run(questions, str(path), "--corpus", str(harbour_corpus), "--rounds", "1")
    assert "3 questions" in out
    assert "lexical" in out
    assert "encoder" in out


@missing(*PEERS)
def test_queries_times_every_engine(run, tmp_path, monkeypatch):
    """The table has each engine, and the plot is written.

    Ours is built and served in processes of its own, the others in this one. bm25s runs
    uncompiled: numba would compile it for longer than all else takes.
    """
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")  # read when numba is imported
    from tests.benchmarks import queries

    start_child = queries._child

    def run_piece(what, name, folder):
        if name == "ours":
            return start_child(what, name, folder)
        with redirect_stdout(StringIO()) as printed:
            queries._run_child(what, name, str(folder))
        return json.loads(printed.getvalue())

    monkeypatch.setattr(queries, "_child", run_piece)
    monkeypatch.setattr(collection, "word", cache(collection.word))  # each is made a dozen times
    plot = tmp_path / "plot.svg"
    out = run(queries, "--passages", "60", "--queries", "5", "--plot", str(plot))
    for engine in ("ours", "rank_bm25", "bm25s", "tantivy"):
        assert f"{engine} " in out
    assert plot.stat().st_size < 60_000


@missing("matplotlib")
def test_plot_names_its_lines(tmp_path):
    """The names of the engines stand in the SVG as text."""
    panel = Panel("Queries", "ms")
    panel.add("ours", 51, 0.1)
    panel.add("bm25s", 51, 0.2)
    write_plot([panel], tmp_path / "plots" / "queries.svg")
    drawn = (tmp_path / "plots" / "queries.svg").read_text(encoding="utf-8")
    assert ">bm25s<" in drawn
    assert ">Queries<" in drawn


def test_documents_are_measured(run, tmp_path):
    """Ours reads both kinds; a damaged file is counted."""
    document = docx.Document()
    document.add_paragraph("The tide is low.")
    document.save(str(tmp_path / "tide.docx"))
    (tmp_path / "damaged.docx").write_bytes(b"no archive")
    canvas = Canvas(str(tmp_path / "tide.pdf"))
    for tide in ("low", "high", "slack"):
        canvas.drawString(72, 700, f"The tide is {tide}.")
        canvas.showPage()
    canvas.save()
    rows = [line.split("\u2502") for line in run(documents, str(tmp_path)).splitlines()]
    ours = [row for row in rows if len(row) > 2 and row[2].strip() == "ours"]
    assert [(row[1].strip(), row[-2].strip()) for row in ours] == [
        ("3 pages", "0"),
        ("2 documents", "1"),
    ]


def test_suggestions_are_measured(run):
    """The first, which prepares, stands apart from the others."""
    out = run(suggestions, str(REPOSITORY / "corpus" / "us-israel-2023.md"), "--typed", "9")
    assert out.startswith("2000 sections, 200 questions: first ")


def test_memory_of_a_process_is_that_of_its_own_and_of_files():
    """What is resident is at least what is its own; a process that has gone holds nothing."""
    anonymous, resident = memory_mb()
    assert resident > anonymous > 1
    assert memory_mb(2**30) == (0.0, 0.0)


def test_child_that_fails_is_an_error(monkeypatch):
    """A piece that does not run gives no figures."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    with pytest.raises(Exception, match="exit status"):
        run_child("tests.benchmarks.support.children", "nothing")


def test_opening_is_measured_apart_from_imports(harbour_index):
    """The imports, the opening and the first search have each their figure."""
    assert set(open_ours(str(harbour_index), "lexical")) == {"import_ms", "open_ms", "first_ms"}


def test_phases_of_a_build_leave_out_nothing(harbour_corpus, tmp_path):
    """Every second of a build counts in one of the phases that the table shows."""
    words = build_ours(str(harbour_corpus), str(tmp_path / "words"))
    vectors = build_ours(str(harbour_corpus), str(tmp_path / "vectors"), "encoder")
    for figures in (words, vectors):
        assert sum(figures["phases"].values()) == pytest.approx(figures["seconds"])
    assert set(vectors["phases"]) == set(builds._PHASES)
    assert set(words["phases"]) == {"listing", "reading", "inverting"}
