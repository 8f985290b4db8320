"""A process aside reads risky files: what hangs, crashes or swells it costs one file."""

import json
import os
import time
from pathlib import Path

import pytest

from index.documents import DocumentReader, Limits, list_corpus
from index.errors import CorpusReadError
from tests.conftest import run_pullquote

PAGE = b"<p>The bell rang."


def _files(**contents):
    """Return the files of a corpus by their names, with "_" for the dot."""
    folder = Path("texts")
    folder.mkdir(exist_ok=True)
    for name, data in contents.items():
        (folder / name.replace("_", ".")).write_bytes(data)
    return list_corpus(folder)[0]


def test_reader_starts_one_process_for_many_files():
    """A thousand small pages take seconds, not the start of a thousand processes."""
    files = _files(**{f"a{n}_html": PAGE for n in range(1000)}, b_txt=b"Low tide.")
    started = time.monotonic()
    with DocumentReader() as reader:
        documents = [reader.read(file) for file in files]
    assert time.monotonic() - started < 30  # seconds; 3 as measured
    assert {one.paragraphs[0].text for one in documents} == {"The bell rang.", "Low tide."}


def test_reader_starts_no_process_for_texts():
    """Texts and Markdown are read where they are asked for."""
    (file,) = _files(a_txt=PAGE)
    with DocumentReader() as reader:
        reader.read(file)
        assert reader._process is None


def test_reader_gives_up_on_a_file_that_takes_too_long():
    """Reading ends after the time there is, and the next file is read."""
    slow, quick = _files(a_html=b"<ul><li>" * (3 << 20), b_html=PAGE)
    with DocumentReader(Limits(timeout_s=2)) as reader:
        started = time.monotonic()
        with pytest.raises(CorpusReadError, match="reading it takes longer than 2 s"):
            reader.read(slow)
        assert time.monotonic() - started < 10  # seconds
        assert reader.read(quick).paragraphs


def test_reader_outlives_a_process_that_dies():
    """Whoever ends the process, each of the other files is read."""
    first, second, third = _files(a_html=PAGE, b_html=PAGE, c_html=PAGE)
    with DocumentReader() as reader:
        reader.read(first)
        assert reader._process is not None
        reader._process.kill()
        with pytest.raises(CorpusReadError, match="reading it crashed"):
            reader.read(second)
        assert reader.read(third).paragraphs


def test_command_reads_no_file_above_the_setting():
    """The largest size can be set, and setting another reads what was left out."""
    _files(a_html=b"<!-- hidden -->" * 80_000 + PAGE, b_txt=b"Low tide.")
    small = {"MAX_FILE_MB": "1"}
    first = run_pullquote("rebuild", "--corpus", "texts", env=small)
    assert "Skipped 'a.html': it is larger than 1 MiB" in first.stderr
    second = run_pullquote("rebuild", "--json", "--corpus", "texts")
    assert json.loads(second.stdout)["added"] == ["a.html"]


def test_command_skips_what_is_hostile_and_finds_its_package_anywhere():
    """A folder that is named like the package, where the command runs, changes nothing."""
    Path("index").mkdir()
    Path("index", "__init__.py").write_text("raise SystemExit(9)", encoding="utf-8")
    _files(a_html=PAGE, d_epub=b"PK\3\4", e_epub=os.urandom(5000))
    done = run_pullquote("rebuild", "--json", "--corpus", "texts")
    report = json.loads(done.stdout)
    assert (done.returncode, report["added"]) == (0, ["a.html"])
    assert [one["source"] for one in report["skipped"]] == ["d.epub", "e.epub"]
