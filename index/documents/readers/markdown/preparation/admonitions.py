"""Admonitions and tabs written with signs: `:::`, `///`, `!!!`, `???`, `===` and `> [!NOTE]`."""

import re

from index.documents.readers.markdown.preparation.labels import scope_of
from index.documents.readers.markdown.preparation.line_cursor import (
    LineCursor,
    indent_of,
    spaces_before,
)
from index.documents.readers.markdown.preparation.page import Label, Page

_ALERT = re.compile(r"\A((?: *>)++ *)\[!([A-Za-z][\w-]*)(?:\|[^\]]*)?\]([+-]?)[ \t]*(.*)$")
_ALERTS_WITHOUT_TEXT = frozenset(("div", "video", "include"))

_COLONS = re.compile(r"(:{3,})\s*(?:\{(?P<braces>[^{}]*)\}|(?P<name>[\w-]+))?(?P<rest>.*)$")

# A block of PyMdown Extensions, such as "/// note | Label".
_SLASHES = re.compile(r"(/{3,})(?:\s*(?P<name>[A-Za-z][\w-]*+)\s*(?:\|\s*(?P<label>.*))?)?$")

_SLASHES_OPTION = re.compile(r"\A {4,}[a-z_]+:\s")

_BRACKETS = re.compile(r"\A\s*\[((?:[^\[\]\\]|\\.|\[(?:[^\[\]]|\[[^\[\]]*+\])*+\])*+)\]")
_TITLE = re.compile(r"""(?:title|label|alt-text|summary)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_TAB = re.compile(r"@tab(?::\w+)?\s+(.+)$")
_BRACED = re.compile(r"\{[^{}]*\}")

_INDENTED = re.compile(
    r"""(?:!!!|\?{3}\+?)[ \t]+(?P<type>[\w-]++(?:[ \t]+[\w-]++)*+)?"""
    r"""[ \t]*(?:"(?P<label>.*)")?[ \t]*$"""
    r"""|===[!+]?[ \t]+"(?P<tab>.*)"[ \t]*$"""
)

# A part of a program whose description another program puts here.
_DESCRIBED = re.compile(r":::\s+[A-Za-z_]\w*+(?:[.:][A-Za-z_]\w*+)++\s*$")

# The kind of a note, as the extension markdown-callouts writes it.
_CALLOUT = re.compile(r"\A((?: *>)++)[!?]( +[A-Z]{3,}:)")

_DEFINITION = re.compile(r"\A( *):( {1,3})(?=\S)")

# A line that is indented more goes on with the paragraph above.
_MAX_DEFINITION_INDENT = 3

# What a reader must not miss.
_TELLING_KINDS = frozenset(("caution", "danger", "important", "warning"))

# What a word after ::: is, if it is no label.
_WITHOUT_LABEL = frozenset(
    "image row column row-end column-end zone zone-end moniker moniker-end code code-group".split()
)


def read_admonition(line: str, page: Page, cursor: LineCursor) -> bool:
    """Read the first or last line of an admonition or tab; False if the line is none."""
    stripped = line.strip()
    if stripped.startswith(">"):
        return _read_alert(line, page, cursor)
    if stripped.startswith(":::"):
        return _read_colons(line, page, cursor)
    if stripped.startswith("///"):
        return _read_slashes(line, page, cursor)
    if stripped.startswith("@"):
        return _read_tab(line, page, cursor)
    return _read_indented(line, page, cursor)


def _read_alert(line: str, page: Page, cursor: LineCursor) -> bool:
    found = _ALERT.match(line)
    if not found:
        return _read_callout(line, page, cursor)
    marks, kind, _, label = found.groups()
    shown = "" if kind.lower() in _ALERTS_WITHOUT_TEXT else _with_kind(kind, label.strip())
    if shown:
        page.add_part(Label((shown,), "all", in_quote=True), marks)
    elif page.is_in_paragraph:
        page.lines.append(marks.rstrip())
    cursor.skip(1)
    return True


def _read_callout(line: str, page: Page, cursor: LineCursor) -> bool:
    """Read the first line of a note that can be closed, such as ">? NOTE: Title"."""
    found = _CALLOUT.match(line)
    if not found:
        return False
    page.lines.append(found[1] + line[found.start(2) :])
    cursor.skip(1)
    return True


def _skip_described(line: str, page: Page, cursor: LineCursor) -> bool:
    """Skip a line such as "::: package.module", and the options below it."""
    if not _DESCRIBED.match(line.strip()):
        return False
    indent = indent_of(line)
    page.add_gap()
    cursor.skip(1)
    while (following := cursor.peek(0)) is not None and following.strip():
        if indent_of(following) <= indent:
            break
        cursor.skip(1)
    return True


def _read_colons(line: str, page: Page, cursor: LineCursor) -> bool:
    if _skip_described(line, page, cursor):
        return True
    found = _COLONS.match(line.strip())
    if not found:
        return False
    cursor.skip(1)
    indent = spaces_before(line)
    colons, rest = found[1], found["rest"].strip()
    name = found["name"] or found["braces"] or ""
    if not name and not rest:
        _close_colons(colons, page, indent)
        return True
    label = _label_of_colons(name, rest.rstrip(":").strip())
    if rest.endswith(":::") or name.lower() in _WITHOUT_LABEL:
        page.add_gap()
        if label:
            page.add_part(Label((label,)), indent)
        if name.lower() not in ("code-group", "code") or rest.endswith(":::"):
            return True
    container = page.container(name.lower(), "colons", indent)
    container.fence = colons
    page.open(container, Label((label,), scope_of(name)) if label else None, indent)
    return True


def _read_slashes(line: str, page: Page, cursor: LineCursor) -> bool:
    found = _SLASHES.match(line.strip())
    if not found:
        return False
    slashes, name, indent = found[1], found["name"], spaces_before(line)
    if name is None:
        return _close_slashes(slashes, page, cursor, indent)
    if cursor.find(slashes, start=1) is None:
        return False
    cursor.skip(1)
    while (option := cursor.peek(0)) is not None and _SLASHES_OPTION.match(option):
        cursor.skip(1)
    container = page.container(name.lower(), "colons", indent)
    container.fence = slashes
    label = _with_kind(name, (found["label"] or "").strip())
    page.open(container, Label((label,), scope_of(name)) if label else None, indent)
    return True


def _close_slashes(slashes: str, page: Page, cursor: LineCursor, indent: str) -> bool:
    opened = [n for n, one in enumerate(page.containers) if one.fence == slashes]
    if not opened:
        return False
    cursor.skip(1)
    page.close(opened[-1], indent)
    return True


def _label_of_colons(name: str, rest: str) -> str:
    kind = name.split("{")[0].split(" ")[0]
    if titled := _TITLE.search(f"{name} {rest}"):
        return _with_kind(kind, titled[1] or titled[2] or "")
    if name.lower() in _WITHOUT_LABEL:
        return ""
    bracketed = _BRACKETS.match(rest)
    label = bracketed[1] if bracketed else _BRACED.sub("", rest)
    return _with_kind(kind, label.strip())


def _with_kind(kind: str, label: str) -> str:
    """Return a label with the kind of the note, which a page shows by a colour and an icon.

    The kind of a warning is its label if it has no other; a note without one has none.
    """
    if kind.lower() not in _TELLING_KINDS or kind.lower() in label.lower():
        return label
    return f"{kind.capitalize()}: {label}" if label else kind.capitalize()


def _close_colons(colons: str, page: Page, indent: str) -> None:
    opened = [n for n, one in enumerate(page.containers) if one.kind == "colons"]
    same = [n for n in opened if page.containers[n].fence == colons]
    if opened:
        page.close((same or opened)[-1], indent)
    else:
        page.add_gap()


def _read_tab(line: str, page: Page, cursor: LineCursor) -> bool:
    found = _TAB.match(line.strip())
    if not found or page.find("colons") is None:
        return False
    cursor.skip(1)
    page.add_part(Label((found[1].strip(),), "next"), spaces_before(line))
    return True


def _read_indented(line: str, page: Page, cursor: LineCursor) -> bool:
    found = _INDENTED.match(line.strip())
    if not found or not _has_indented_lines(cursor):
        return False
    cursor.skip(1)
    indent = spaces_before(line)
    label = (found["tab"] or _with_kind(found["type"] or "", found["label"] or "")).strip()
    scope = "next" if found["tab"] is not None else "all"
    container = page.container(found["type"] or "tab", "indented", indent)
    page.open(
        container, Label((label,), "all" if scope == "all" else "next") if label else None, indent
    )
    return True


def read_definition(line: str, page: Page, cursor: LineCursor) -> bool:
    """Read the first line ":   what it means" below a term; False if the line is none."""
    found = _DEFINITION.match(line)
    above = next((one for one in reversed(page.lines[-3:]) if one.strip()), "")
    if not found or not above or above.lstrip().startswith(("#", "```", "|")):
        return False
    if indent_of(line) > indent_of(above) + _MAX_DEFINITION_INDENT:
        return False
    indent, gap = found[1], len(found[2])
    container = page.container("definition", "indented", indent)
    page.open(container, Label((), "all"), indent)
    cursor.replace(" " * (container.indent + min(gap + 1, 4)) + line[found.end() :])
    return True


def _has_indented_lines(cursor: LineCursor) -> bool:
    indent = indent_of(cursor.line)
    for count in range(1, 4):
        following = cursor.peek(count)
        if following is not None and following.strip():
            return indent_of(following) > indent
    return False
