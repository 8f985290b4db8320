"""Read Jupyter notebooks: text, code, and outputs that are text."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from index.documents.model import Content, Mark, Paragraph
from index.documents.readers.charset import decode
from index.documents.readers.composer import Composer
from index.documents.readers.html import read_page, words_of_html
from index.documents.readers.markdown import add_markdown
from index.documents.reasons import DAMAGED

# What colours the text of a terminal.
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

# What stands for a picture or a page.
_OBJECT = re.compile(r"<(?:IPython\.core|Figure size)[^<>]*>")

# A longer output is a log or a dump.
_MAX_OUTPUT_CHARS = 10_000

# A table of pandas has at most 60 rows and 20 columns, with marks around each cell.
_MAX_PAGE_CHARS = 100_000


def read_notebook(data: bytes) -> Content:
    """Return the title and the paragraphs of a notebook of format 3 or 4.

    Cells of text are read like Markdown. An output is read together with its code: what is printed,
    the plain text or the table of a result, and the message of an error. Warnings and pictures are
    left out, and so is what follows the first 10,000 characters.

    Raises:
        ValueError: It is no notebook.
    """
    decoded = decode(data)
    try:
        notebook = _object(json.loads(decoded.text))
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(DAMAGED) from error
    if not notebook:
        raise ValueError(DAMAGED)
    metadata = _object(notebook.get("metadata"))
    language = _language(metadata)
    composer = _NotebookComposer()
    for cell in _cells(notebook):
        kind, source = cell.get("cell_type"), _text(cell.get("source", cell.get("input")))
        if kind == "markdown":
            add_markdown(source, composer)
        elif kind == "heading":  # format 3
            level = cell.get("level")
            composer.add_heading(level if isinstance(level, int) else 1, source.strip())
        elif kind == "code":
            _add_code(source, composer, language)
            composer.in_output = bool(source.strip())
            for output in _outputs(cell):
                _add_output(output, composer)
            composer.in_output = False
    title = metadata.get("title")
    return Content(
        *composer.reading(title if isinstance(title, str) else None), remark=decoded.remark
    )


class _NotebookComposer(Composer):
    """Reads an output together with its code; a heading in it opens no section."""

    def __init__(self) -> None:
        super().__init__()
        self.in_output = False

    def add_heading(self, level: int, text: str, anchor: str | None = None) -> None:
        """Open a section, or add a heading of an output as bold text."""
        if self.in_output:
            self.add_paragraph(text, marks=[Mark("strong", 0, len(text))])
        else:
            super().add_heading(level, text, anchor)

    def _append(self, paragraph: Paragraph) -> None:
        continues = paragraph.continues or self.in_output
        super()._append(replace(paragraph, continues=continues))


def _add_code(source: str, composer: Composer, language: str) -> None:
    code = source.strip("\n").rstrip()
    composer.add_paragraph(code, kind="code", marks=[Mark("code", 0, len(code), language)])


def _add_output(output: Mapping[str, Any], composer: _NotebookComposer) -> None:
    """Add an output in the form that a person sees, if that is a text."""
    data = output if "text" in output else _object(output.get("data"))
    text = _COLOURS.sub("", _text(data.get("text", data.get("text/plain"))))
    page, markdown = _text(data.get("text/html")), _text(data.get("text/markdown"))
    is_object = bool(_OBJECT.fullmatch(text.strip()))
    if output.get("output_type") in ("error", "pyerr"):
        text = f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}"
    elif markdown:
        add_markdown(markdown[:_MAX_OUTPUT_CHARS], composer)
        return
    elif len(page) <= _MAX_PAGE_CHARS and (is_object or "<table" in page) and words_of_html(page):
        read_page(page, composer)
        return
    if not is_object:
        _add_code(_COLOURS.sub("", text)[:_MAX_OUTPUT_CHARS], composer, "")


def _cells(notebook: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for holder in (notebook, *_objects(notebook.get("worksheets"))):
        yield from _objects(holder.get("cells"))


def _outputs(cell: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for output in _objects(cell.get("outputs")):
        if output.get("name", output.get("stream")) != "stderr":
            yield output


def _language(metadata: Mapping[str, Any]) -> str:
    info = _object(metadata.get("language_info")) or _object(metadata.get("kernelspec"))
    name = info.get("name", info.get("language"))
    return name if isinstance(name, str) and name.isprintable() else ""


def _text(value: object) -> str:
    """Return a text, which notebooks also write as a list of lines."""
    lines = value if isinstance(value, list) else [value]
    return "".join(line for line in lines if isinstance(line, str))


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> Iterator[dict[str, Any]]:
    yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()
