"""Passages as lines: written once, each read back alone, and never without its checksum."""

import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import IndexUnusableError
from index.documents import Document, Paragraph
from index.passages.passage import line_above
from index.passages.passage_file import (
    EncodedPassages,
    PassageLines,
    PassageWriter,
    WrittenPassages,
    from_line,
    to_line,
)
from index.passages.split_passages import split_passages
from tests.support.in_memory import passage_lines

quick = settings(max_examples=60, deadline=None, derandomize=True)


def _passages(texts):
    paragraphs = tuple(Paragraph(n, text) for n, text in enumerate(texts, start=1))
    return list(split_passages(Document("a.txt", "Lowmere", paragraphs)))


def _write(folder, passages):
    with PassageWriter(folder) as writer:
        writer.add(EncodedPassages.of(passages))
        assert len(writer) == len(passages)
        writer.finish()


@given(texts=st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=6))
@quick
def test_written_passages_come_back_in_any_order(tmp_path_factory, texts):
    """Each is the passage of its row, and its sentences are counted through all of them."""
    folder, passages = tmp_path_factory.mktemp("lines"), _passages(texts)
    if not passages:
        return
    _write(folder, passages)
    opened, first_sentences = PassageLines.open(folder)
    assert len(opened) == len(passages)
    assert list(opened) == passages
    for row in reversed(range(len(passages))):
        assert opened[row] == passages[row]
        assert from_line(opened.line(row)) == passages[row]
    counts = [len(passage.sentences) for passage in passages]
    assert first_sentences.tolist() == np.cumsum([0, *counts]).tolist()


def test_lines_of_the_file_are_the_lines_that_were_given(tmp_path):
    """One passage, one line; the checksums are those of the lines, the starts their places."""
    passages = _passages(["The bell rang.", "\u2028Eels\u0085 swam.", "It \ud800 broke."])
    _write(tmp_path, passages)
    lines = (tmp_path / "passages.jsonl").read_bytes().splitlines(keepends=True)
    assert lines == [to_line(passage) for passage in passages]
    checksums = np.load(tmp_path / "passage-checksums.npy")
    assert checksums.tolist() == [zlib.crc32(line) for line in lines]
    starts = np.load(tmp_path / "passage-starts.npy")
    assert starts.tolist() == np.cumsum([0, *map(len, lines)]).tolist()


@pytest.mark.parametrize("row", [-1, 2, 99])
def test_row_that_does_not_exist_is_an_error(row):
    """Rows do not count from the end."""
    with pytest.raises(IndexError):
        passage_lines(_passages(["One.", "Two."]))[row]


def test_row_may_be_a_number_of_numpy():
    """Rows come out of arrays."""
    lines = passage_lines(_passages(["One.", "Two."]))
    assert lines[np.int32(1)] is lines[1]  # type: ignore[index]


@given(data=st.data())
@quick
def test_any_change_of_a_line_is_refused_when_it_is_read(data):
    """Whatever byte is another, the passage raises, its neighbours do not."""
    passages = _passages(["The bell rang.", "Eels swam. They left.", "It broke."])
    lines = [to_line(passage) for passage in passages]
    whole = b"".join(lines)
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    starts = np.cumsum([0, *map(len, lines)])
    checksums = np.array([zlib.crc32(line) for line in lines], dtype=np.uint32)
    damaged = PassageLines(Path("index"), np.frombuffer(changed, np.uint8), starts, checksums)
    row = int(np.searchsorted(starts, place, side="right")) - 1
    for read in (damaged.__getitem__, damaged.line):
        with pytest.raises(IndexUnusableError, match=f"text of passage {row} is corrupt"):
            read(row)
    with pytest.raises(IndexUnusableError):
        list(damaged)
    assert [damaged[other] for other in range(3) if other != row] == [
        passage for other, passage in enumerate(passages) if other != row
    ]


def test_copied_passages_are_those_of_the_other_files(tmp_path):
    """Each part of them is copied, and counted from where it stands now."""
    first, second, third = passages = _passages(["The bell rang. It broke.", "Eels swam.", "It."])
    expected = [third, first, second, third, second, first, second]
    for name, written in (("old", passages), ("expected", expected)):
        (tmp_path / name).mkdir()
        _write(tmp_path / name, written)
    old = WrittenPassages.open(tmp_path / "old")
    (tmp_path / "new").mkdir()
    with PassageWriter(tmp_path / "new") as writer:
        writer.add(EncodedPassages.of([third]))
        writer.copy(old, range(2))
        assert len(writer) == 3
        writer.copy(old, range(2, 3))
        writer.copy(old, range(1, 2))
        writer.add(EncodedPassages.of([first]))
        writer.copy(old, range(1, 2))
        assert len(writer) == len(expected)
        writer.finish()
    for path in (tmp_path / "expected").iterdir():
        assert (tmp_path / "new" / path.name).read_bytes() == path.read_bytes()


def test_corrupt_passage_is_not_copied(tmp_path):
    """Each line is compared with its checksum before it is copied."""
    _write(tmp_path, _passages(["Bells.", "Eels.", "Boats."]))
    data = (tmp_path / "passages.jsonl").read_bytes()
    assert WrittenPassages.open(tmp_path).lines(range(3)) == data
    (tmp_path / "passages.jsonl").write_bytes(data.replace(b"Eels.", b"Eelz."))
    damaged = WrittenPassages.open(tmp_path)
    assert damaged.lines(range(2, 3)) == data.splitlines(keepends=True)[2]
    with pytest.raises(IndexUnusableError, match="text of passage 1 is corrupt"):
        damaged.lines(range(3))


def test_passages_are_never_written_over_others(tmp_path):
    """Files that are there already are not touched."""
    _write(tmp_path, _passages(["One."]))
    with pytest.raises(FileExistsError):
        PassageWriter(tmp_path)


def test_line_of_a_passage_keeps_the_names_it_introduces_and_completes():
    """What names add to a passage is written with it."""
    texts = ("Ada Finch dug it.", "Nobody saw Finch again.")
    numbered = tuple(Paragraph(n, text) for n, text in enumerate(texts, start=1))
    first, second = split_passages(Document("a.txt", "Lowmere", numbered))
    assert (first.introduced, second.completed) == (("finch",), ("ada",))
    assert [from_line(to_line(p)) for p in (first, second)] == [first, second]


optional_text = st.none() | st.text()


def test_text_for_an_encoder_has_the_line_above_and_its_lines():
    """A heading stands above the text, and the sentences are found behind it."""
    plain, below = Paragraph(1, "It rang. It broke."), Paragraph(2, "It rang.", "The bell")
    lines = passage_lines(list(split_passages(Document("a.txt", "Lowmere", (plain, below)))))
    assert lines.text_with_lines(0) == ("It rang. It broke.", ((0, 8), (9, 18)), "en")
    assert lines.text_with_lines(1) == ("The bell\nIt rang.", ((0, 8), (9, 17)), "en")


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=4), st.none() | st.text())
@quick
def test_lines_for_an_encoder_are_those_of_the_passage(texts, section):
    """Behind the line above, if there is one, each sentence is the passage's own."""
    paragraphs = tuple(Paragraph(n, text, section) for n, text in enumerate(texts, start=1))
    passages = list(split_passages(Document("a.txt", "Lowmere", paragraphs)))
    held = passage_lines(passages)
    for row, passage in enumerate(passages):
        text, lines, _ = held.text_with_lines(row)
        above = line_above(passage.section, passage.lead_in)
        assert text == (f"{above}\n{passage.text}" if above else passage.text)
        expected = [passage.text[one.start : one.end] for one in passage.sentences]
        assert [text[start:end] for start, end in lines] == [*([above] if above else []), *expected]


@given(st.text(min_size=1), st.text(), optional_text, st.none() | st.integers(1), optional_text)
@quick
def test_line_of_a_passage_gives_back_the_passage(text, title, section, page, url):
    """Any text survives being written as one line and read again."""
    document = Document("a\u2028b.txt", title, (Paragraph(1, text, section, page),), url)
    for passage in split_passages(document):
        line = to_line(passage)
        assert line.count(b"\n") == 1
        assert line.splitlines() == [line[:-1]]
        assert from_line(line) == passage
