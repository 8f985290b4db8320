"""Code between fences, and the directives of MyST, which are written like it."""

import re
from dataclasses import dataclass

from index.documents.readers.markdown.preparation.labels import scope_of
from index.documents.readers.markdown.preparation.line_cursor import LineCursor
from index.documents.readers.markdown.preparation.page import Label, Page

_FENCE = re.compile(
    r"\A((?: *>)*+ *(?:(?:[-*+]|\d{1,9}[.)]) +)*+)(`{3,}|~{3,}|:{3,}(?=\{))([^\n]*)$"
)
_DIRECTIVE = re.compile(r"\{([\w:+-]+)\}\s*(.*)$")
_OPTION = re.compile(r"\A\s*:([\w-]+):\s?(.*)$")

_CODE_DIRECTIVES = frozenset(("code-block", "code", "sourcecode", "code-cell", "prompt"))
_WITHOUT_TEXT = frozenset(
    "toctree contents include literalinclude image eval-rst bibliography tableofcontents".split()
)
# Their argument is an address or nothing; that of all others is a label.
_ARGUMENT_IS_NO_LABEL = frozenset(("figure", "grid", "tab-set", "div", "card-carousel"))
_MARKDOWN_DIRECTIVES = frozenset(
    """note tip warning important caution danger hint attention error seealso admonition dropdown
    tab-item tab-set card grid grid-item grid-item-card details versionadded versionchanged
    deprecated topic sidebar margin epigraph figure div exercise solution todo""".split()
)


@dataclass(frozen=True, slots=True)
class Fence:
    """A fence that is open: its sign, how many of them, and whether it is in a block quote."""

    sign: str
    n_signs: int
    is_quoted: bool
    info: str

    def is_closed_by(self, line: str) -> bool:
        """Return whether a line is the end of the code."""
        signs = line.lstrip(" >") if self.is_quoted else line.lstrip(" ")
        signs = signs.rstrip()
        return len(signs) >= self.n_signs and not signs.strip(self.sign)


def opening_fence(line: str) -> Fence | None:
    """Return the fence that a line opens, or None."""
    found = _FENCE.match(line)
    if not found or (found[2][0] == "`" and "`" in found[3]):
        return None
    return Fence(found[2][0], len(found[2]), ">" in found[1], found[3].strip())


def code_directive(fence: Fence) -> str | None:
    """Return the language of a directive of MyST that is code, or None if it is none."""
    found = _DIRECTIVE.match(fence.info)
    return found[2] if found and found[1].lower() in _CODE_DIRECTIVES else None


def read_directive(fence: Fence, page: Page, cursor: LineCursor, indent: str) -> bool:
    """Read the beginning of a directive of MyST such as "```{note} Label"; False if it is none."""
    found = _DIRECTIVE.match(fence.info)
    if not found or fence.is_quoted:
        return False
    name, argument = found[1].lower(), found[2].strip()
    signs = fence.sign * fence.n_signs
    if name in _WITHOUT_TEXT:
        end = cursor.find(signs, start=1)
        page.add_gap()
        cursor.skip(1 if end is None else end + 1)
        return True
    if name not in _MARKDOWN_DIRECTIVES and fence.sign != ":":
        return False
    container = page.container(name, "fence", indent)
    container.fence = signs
    cursor.skip(1)
    options = read_options(cursor)
    is_label = argument and name not in _ARGUMENT_IS_NO_LABEL
    text = argument if is_label else options.get("name", "") if name == "tab-item" else ""
    page.open(container, Label((text,), scope_of(name)) if text else None, indent)
    return True


def read_options(cursor: LineCursor) -> dict[str, str]:
    """Skip the lines ":option: value" on top of a directive, and return them."""
    options: dict[str, str] = {}
    while (line := cursor.peek(0)) is not None and (found := _OPTION.match(line)):
        options[found[1]] = found[2]
        cursor.skip(1)
    return options
