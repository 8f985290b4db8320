"""Read AsciiDoc: what pandoc does not know is removed, and pandoc reads the rest."""

import re
from collections.abc import Iterator

from index.documents.limits import Limits
from index.documents.model import Content
from index.documents.readers.charset import decode
from index.documents.readers.markup.pandoc import read_by_pandoc

# The lines around code, literal text and what is passed on, and those around a comment.
_AROUND_CODE = re.compile(r"(-{4,}|\.{4,}|\+{4,}|`{3,})(?:(?<=`)[\w,-]+)?")
_AROUND_COMMENT = re.compile(r"/{4,}")

# The line above code may say of it what it is, or that it belongs to an item of a list.
_BEFORE_CODE = re.compile(r"\[.*\]|\.[^.\s].*|\+|")

# Takes in another file, which pandoc may not read.
_INCLUDE = re.compile(r"include::.*")

# Begins and ends what is shown under a condition, which may stand on one line.
_CONDITION = re.compile(r"(?:ifn?def|ifeval|endif)::[^\[\]]*\[(.*)\]\s*")


def read_asciidoc(data: bytes, limits: Limits) -> Content:
    """Return the title and the paragraphs of AsciiDoc.

    Files that it includes are left out; the remark counts them. What is shown under a condition is
    read.

    Raises:
        ValueError: It cannot be read.
    """
    decoded = decode(data)
    lines = decoded.text.split("\n")
    n_includes = sum(_INCLUDE.match(line) is not None for line in lines)
    text = "\n".join(_known(lines)).lstrip("\n")
    reading = read_by_pandoc(text.encode(), "asciidoc", limits)
    included = f"files left out that it includes: {n_includes:,}" if n_includes else None
    return Content(*reading, remark=decoded.remark or included)


def _known(lines: list[str]) -> Iterator[str]:
    """Yield the lines that pandoc knows: no comments, includes and conditions.

    Code begins a block, and has an end: pandoc takes exponential time to look for a missing one.
    """
    before, end, is_comment = "", "", False
    for line in lines:
        mark = line.rstrip()
        if not end:
            is_comment = _AROUND_COMMENT.fullmatch(mark) is not None
            code = _AROUND_CODE.fullmatch(mark)
            end = mark if is_comment else code[1] if code else ""
            if code and not _BEFORE_CODE.fullmatch(before):
                yield ""
        elif mark == end:
            end = ""
        if is_comment:
            is_comment = bool(end)
        elif condition := _CONDITION.fullmatch(line):
            yield from [condition[1]] if condition[1] and not line.startswith("ifeval") else []
        elif not _INCLUDE.match(line):
            yield line
        before = mark
    if end and not is_comment:
        yield end
