"""A separate process reads risky files: one that hangs or crashes it is skipped."""

import json
import os
import re
import time
from pathlib import Path

import pytest

from index.documents import DocumentReader, Limits, list_corpus
from index.errors import CorpusReadError
from tests.support.command import run_pullquote
from tests.support.forks import run_forked
from tests.unit.index.documents.readers.docx.test_read import docx_bytes, harbour_docx
from tests.unit.index.documents.readers.pdf.test_read import make_pdf

PAGE = b"<p>The bell rang."


def _files(**contents):
    """Return the files of a corpus by their names, with "_" for the dot."""
    folder = Path("texts")
    folder.mkdir(exist_ok=True)
    for name, data in contents.items():
        (folder / name.replace("_", ".")).write_bytes(data)
    return list_corpus(folder)[0]


def test_reader_starts_one_process_for_many_files():
    """All pages are read by the same process."""
    files = _files(**{f"a{n}_html": PAGE for n in range(100)}, b_txt=b"Low tide.")
    documents, processes = [], set()
    with DocumentReader() as reader:
        for file in files:
            documents.append(reader.read(file))
            processes.add(reader._process)
    assert len(documents) == 101
    assert len(processes) == 1
    assert {one.paragraphs[0].text for one in documents} == {"The bell rang.", "Low tide."}


@pytest.mark.parametrize("name", ["a_txt", "a_md"])
def test_reader_starts_no_process_for_short_texts(name):
    """Texts and Markdown are read in this process, unless they are very long."""
    (file,) = _files(**{name: PAGE})
    with DocumentReader() as reader:
        reader.read(file)
        assert reader._process is None


@pytest.mark.parametrize("name", ["a_txt", "a_md"])
def test_reader_gives_up_on_a_long_text_that_takes_too_long(name):
    """A text of many lines has the same time limit as any file, and the next one is read."""
    slow, quick = _files(**{name: b"1. a\n" * (6 << 20)}, b_md=PAGE)
    with DocumentReader(Limits(timeout_s=1)) as reader:
        with pytest.raises(CorpusReadError, match="reading it takes longer than 1 s"):
            reader.read(slow)
        assert reader.read(quick).paragraphs


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="only Linux bounds it")
def test_reader_bounds_the_memory_of_its_process():
    """The reader process may use at most 2 GB more than at its start."""
    (file,) = _files(a_html=PAGE)
    with DocumentReader() as reader:
        reader.read(file)
        assert reader._process is not None
        limits = Path(f"/proc/{reader._process.pid}/limits").read_text(encoding="ascii")
    found = re.search(r"^Max address space +(\d+)", limits, re.MULTILINE)
    assert found is not None
    assert 2 << 30 < int(found[1]) < 4 << 30


def test_reader_gives_the_document_that_was_read():
    """Title, sections and pages come through, and the process ends with the reader."""
    file, other = _files(a_pdf=make_pdf(title="Lowmere"), b_docx=docx_bytes(harbour_docx()))
    with DocumentReader() as reader:
        document = reader.read(file)
        assert reader.read(other).title == "The harbour of Lowmere"
        process = reader._process
        assert process is not None
    assert (document.source, document.title) == ("a.pdf", "Lowmere")
    assert [(one.number, one.page) for one in document.paragraphs][:3] == [(1, 1), (2, 1), (3, 2)]
    assert process.poll() is not None


def test_reader_gives_up_on_a_file_that_takes_too_long():
    """Reading ends after the time limit, and the next file is read."""
    slow, quick = _files(a_html=b"<ul><li>" * (3 << 20), b_html=PAGE)
    with DocumentReader(Limits(timeout_s=1)) as reader:
        started = time.monotonic()
        with pytest.raises(CorpusReadError, match="reading it takes longer than 1 s"):
            reader.read(slow)
        assert time.monotonic() - started < 10  # seconds
        assert reader.read(quick).paragraphs


def test_reader_outlives_a_process_that_dies():
    """After the process was killed, the other files are read."""
    first, second, third = _files(a_html=PAGE, b_html=PAGE, c_html=PAGE)
    with DocumentReader() as reader:
        reader.read(first)
        assert reader._process is not None
        reader._process.kill()
        with pytest.raises(CorpusReadError, match="reading it crashed"):
            reader.read(second)
        assert reader.read(third).paragraphs


@pytest.fixture
def without_pandoc(tmp_path):
    """The environment of a Python without the extra."""
    blocker = tmp_path / "site" / "sitecustomize.py"
    blocker.parent.mkdir()
    blocker.write_text(
        "import importlib.util\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name: None if name == 'pypandoc' else find(name)\n",
        encoding="utf-8",
    )
    return {"PYTHONPATH": str(blocker.parent)}


def test_command_says_which_extra_is_missing(without_pandoc):
    """Without the extra its files are skipped with the advice; with it they count as new."""
    _files(a_adoc=b"Low tide.", b_txt=b"Low tide at Hull.")
    first = run_pullquote("rebuild", "--json", "--corpus", "texts", env=without_pandoc)
    assert json.loads(first.stdout)["added"] == ["b.txt"]
    advice = "reading .adoc files needs: pip install 'pullquote[pandoc]'"
    assert f"Skipped 'a.adoc': {advice}" in first.stderr
    second = run_forked("rebuild", "--json", "--corpus", "texts")
    assert json.loads(second.stdout)["added"] == ["a.adoc"]


def test_command_reads_no_file_above_the_setting():
    """The largest size can be set, and setting another reads what was left out."""
    _files(a_html=b"<!-- hidden -->" * 80_000 + PAGE, b_txt=b"Low tide.")
    small = {"MAX_FILE_MB": "1"}
    first = run_forked("rebuild", "--corpus", "texts", env=small)
    assert "Skipped 'a.html': it is larger than 1 MiB" in first.stderr
    second = run_forked("rebuild", "--json", "--corpus", "texts")
    assert json.loads(second.stdout)["added"] == ["a.html"]


def test_command_skips_what_is_hostile_and_finds_its_package_anywhere():
    """A folder that is named like the package, where the command runs, changes nothing."""
    Path("index").mkdir()
    Path("index", "__init__.py").write_text("raise SystemExit(9)", encoding="utf-8")
    _files(a_html=PAGE, b_pdf=b"garbage", c_docx=os.urandom(5000), d_epub=b"PK\3\4")
    done = run_pullquote("rebuild", "--json", "--corpus", "texts")
    report = json.loads(done.stdout)
    assert (done.returncode, report["added"]) == (0, ["a.html"])
    assert [one["source"] for one in report["skipped"]] == ["b.pdf", "c.docx", "d.epub"]
