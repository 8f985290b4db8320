"""Files made to exhaust the machine end in one line each, and the others are read."""

import io
import json
import zipfile
from pathlib import Path

import openpyxl

from tests.support.command import run_pullquote
from tests.support.data.document_files import ENTITY_BOMB, archive_of, bomb
from tests.unit.index.documents.readers.docx.test_read import docx_bytes, harbour_docx

_MB = 1 << 20
_CELL_BYTES = 50 * _MB
_DEPTH = 200_000


def _changed(data, name, change):
    """Return an archive with one part changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    parts[name] = change(parts[name])
    return archive_of(parts)


def _workbook(cell):
    stream = io.BytesIO()
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "CELL"
    workbook.save(stream)
    inline = f'<c r="A1" t="inlineStr"><is><t>{cell}</t></is></c>'.encode()
    return _changed(
        stream.getvalue(),
        "xl/worksheets/sheet1.xml",
        lambda sheet: sheet[: sheet.index(b"<c ")] + inline + sheet[sheet.index(b"</row>") :],
    )


def _nested(data):
    """Return the main part of a Word document with tables in each other."""
    begin, end = b"<w:tbl><w:tr><w:tc>", b"</w:tc></w:tr></w:tbl>"
    return data.replace(b"<w:body>", b"<w:body>" + begin * _DEPTH + end * _DEPTH)


def _bombs():
    """Return the hostile files by name; a number of bytes is a file of nothing but zeros."""
    word = docx_bytes(harbour_docx())
    entities = f"{ENTITY_BOMB}<mediawiki>&i;</mediawiki>".encode()
    return {
        "zip.docx": bomb("word/document.xml", 520 * _MB),
        "zip.xlsx": bomb("xl/workbook.xml", 520 * _MB),
        "zip.odt": bomb("content.xml", 520 * _MB),
        "zip.epub": bomb("META-INF/container.xml", 520 * _MB),
        "entities.xml": entities,
        "entities.odt": archive_of({"content.xml": entities, "styles.xml": "<a/>"}),
        "nested.docx": _changed(word, "word/document.xml", _nested),
        "nested.ipynb": b"[" * _DEPTH,
        "nested.json": b'{"a":' * _DEPTH,
        "nested.xml": b"<a>" * _DEPTH,
        "nested.rst": b"".join(b" " * n + b"* a\n\n" for n in range(400)),
        "nested.adoc": b"".join(b"*" * n + b" a\n" for n in range(1, 200)),
        "cell.csv": b'a,b\n"' + b"x" * _CELL_BYTES,
        "cell.xlsx": _workbook("x" * _CELL_BYTES),
        "notebook.ipynb": 200 * _MB,
    }


# Files that are nested, but not hostile enough that they cannot be read.
_MAY_BE_READ = {"nested.rst", "nested.adoc"}


def test_bombs_are_skipped_with_one_line_each():
    """A rebuild names each with its reason and what to do, and indexes the text beside them."""
    folder = Path("corpus")
    folder.mkdir()
    (folder / "tide.txt").write_text("The tide is low at noon.", encoding="utf-8")
    bombs = _bombs()
    for name, content in bombs.items():
        with (folder / name).open("wb") as stream:
            if isinstance(content, int):
                stream.truncate(content)
            else:
                stream.write(content)
    done = run_pullquote("rebuild", "--json", timeout_s=300)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    reasons = {one["source"]: one["reason"] for one in report["skipped"]}
    assert bombs.keys() - reasons.keys() <= _MAY_BE_READ
    assert all("; " in reason and "\n" not in reason for reason in reasons.values()), reasons
    assert "tide.txt" not in reasons
