"""Template tags that are lines: they go, and their labels and what they wrap stay."""

import re

from index.documents.readers.markdown.preparation.line_cursor import (
    LineCursor,
    spaces_before,
    without_indent,
)
from index.documents.readers.markdown.preparation.page import Label, Page
from index.documents.readers.markdown.preparation.templates import (
    TEMPLATE_TAG,
    TemplateTag,
    parse_template_tag,
)

_MAX_TAG_LINES = 30

# What Hugo gives to the block that a tag makes.
_ATTRIBUTES = re.compile(r"(?<=\}\})\{[^{}]*\}$")


class TemplateLines:
    """Reads the lines that are template tags.

    Attributes:
        is_raw: Whether the lines that follow hold no tags, although they look like it.
    """

    def __init__(self, page: Page, cursor: LineCursor) -> None:
        self.is_raw = False
        self._page = page
        self._cursor = cursor

    def read(self, line: str) -> bool:
        """Read a line that is a template tag, and what belongs to it; False if it is none."""
        stripped, n_lines = self._whole_template(line.strip())
        found = TEMPLATE_TAG.fullmatch(stripped)
        if not found or (self.is_raw and "endraw" not in stripped):
            return False
        tag, indent = parse_template_tag(found), spaces_before(line)
        self._cursor.skip(n_lines)
        if tag.use == "raw" or (tag.use, tag.name) == ("close", "raw"):
            self.is_raw = tag.use == "raw"
        elif tag.use == "comment":
            last = self._cursor.find("endcomment")
            self._cursor.skip(0 if last is None else last + 1)
        elif tag.use == "code" and self._read_template_code(tag, indent):
            pass
        elif tag.use in ("open", "code"):
            container = self._page.container(tag.name, "template", indent)
            label = Label((tag.label,), "next") if tag.label else None
            self._page.open(container, label, indent)
        elif (position := self._page.find("template", tag.name)) is not None:
            self._page.close(position, indent)
        self._page.add_gap()
        return True

    def _whole_template(self, stripped: str) -> tuple[str, int]:
        """Return the line, with those after it if a tag ends there; and how many they are."""
        closing = "%}" if stripped.startswith("{%") else "}}"
        last = self._cursor.find(closing)
        if last is None or last > _MAX_TAG_LINES:
            return stripped, 1
        whole = " ".join(self._cursor.ahead(last + 1).split()) if last else stripped
        return _ATTRIBUTES.sub("", whole), last + 1

    def _read_template_code(self, tag: TemplateTag, indent: str) -> bool:
        """Read the code that a tag stands above; False if it has no end, or Markdown inside."""
        last = self._cursor.find_any((f"end{tag.name}", f"/{tag.name}", f"/ {tag.name}"))
        if last is None:
            return False
        code = [without_indent(self._cursor.at(n), self._page.removed) for n in range(last)]
        if any("```" in line or "~~~" in line for line in code):
            return False
        fence = f"{indent}{'~' * 12}"
        self._page.add_gap()
        self._page.lines += [f"{fence} {tag.language}", *code, fence, ""]
        self._cursor.skip(last + 1)
        return True
