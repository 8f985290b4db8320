"""Read reStructuredText: docutils makes HTML of it."""

import re
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree, publish_from_doctree

from index.documents.model import Content
from index.documents.readers.charset import decode
from index.documents.readers.composer import Composer
from index.documents.readers.html import read_page
from index.documents.readers.markup.sphinx import TITLES, register_unknown

# A label and the title below it, which may have a line above it.
_LABELLED = re.compile(
    r"^\.\. _`?([^:`\n]{1,200})`?:[ \t]*\n(?:[ \t]*\n)*(?:([=~^\"'`#*+.:_-])\2{2,}[ \t]*\n[ \t]*)?"
    r"(\S[^\n]{0,200})\n([=~^\"'`#*+.:_-])\4{2,}[ \t]*$",
    re.MULTILINE,
)

# Nothing outside of the file is read, and no message of docutils becomes text.
_SETTINGS: dict[str, Any] = {
    "input_encoding": "unicode",
    "output_encoding": "unicode",
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 5,
    "traceback": True,
    "warning_stream": False,
    "syntax_highlight": "none",
    "smart_quotes": False,
    "embed_stylesheet": False,
    "stylesheet_path": None,
    "math_output": "LaTeX",
    "initial_header_level": 2,
    "section_self_link": False,
    "toc_backlinks": False,
    "line_length_limit": 1_000_000,
}

# Fields on top of a page that only Sphinx reads.
_FIELDS = frozenset(("orphan", "tocdepth", "nocomments", "nosearch", "no-search"))

# What docutils gives a page without a title.
_NO_TITLE = "<string>"


def read_restructured_text(data: bytes) -> Content:
    """Return the title and the paragraphs of a reStructuredText document.

    Directives and roles that docutils does not know, such as those of Sphinx, show what stands in
    them. Files that it includes are left out.

    Raises:
        ValueError: The bytes are not text.
    """
    decoded = decode(data)
    register_unknown(decoded.text)
    titles = {" ".join(one[1].lower().split()): one[3] for one in _LABELLED.finditer(decoded.text)}
    settings = {**_SETTINGS, TITLES: titles}
    document = publish_doctree(decoded.text, settings_overrides=settings)
    for label in list(document.findall(nodes.label)):  # the number of a note, which no text shows
        label.parent.remove(label)
    for field in list(document.findall(nodes.field)):
        if field.parent.parent is document and field[0].astext().lower() in _FIELDS:
            field.parent.remove(field)
    composer = Composer()
    page = publish_from_doctree(document, writer="html5", settings_overrides=_SETTINGS)
    title = read_page(page, composer)
    named = None if title == _NO_TITLE else title
    return Content(*composer.reading(named), remark=decoded.remark)
