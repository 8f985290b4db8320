"""Skip what MDX says to the machine: imports, exports and expressions."""

import re

from index.documents.readers.markdown.preparation.line_cursor import LineCursor
from index.documents.readers.markdown.tags import EXPRESSION, text_of_expression

_IMPORT = re.compile(
    r"""import\s+(?:type\s+)?(?:['"][^'"]+['"]|(?:[\w$*{][^'"`;]*?\sfrom|\{[^'"`;]*\}\s*from)\s*['"][^'"]+['"])\s*;?\s*$"""
)
_IMPORT_LINES = re.compile(r"import\s+(?:type\s+)?(?:[\w$]+\s*,\s*)?\{[^'\"`}]*$")
_EXPORT = re.compile(
    r"export\s+(?:default\b|(?:const|let|var|function|async|class|type|interface|enum)\s|[{*])"
)
_FROM = re.compile(r"""\}\s*from\s*['"]""")

_MAX_SCRIPT_LINES = 200
_MAX_EXPRESSION_LINES = 80

_OPENS, _CLOSES = "([{", ")]}"


def is_mdx(lines: list[str]) -> bool:
    """Return whether a text has imports on top, so that it is MDX whatever its file is called."""
    return any(_IMPORT.match(line) for line in lines[:200] if line.startswith("import "))


def skip_script(line: str, cursor: LineCursor, *, mdx: bool) -> bool:
    """Skip an import, export, expression or comment of JSX that begins on a line."""
    stripped = line.strip()
    if mdx and _is_brace_around_tags(stripped, cursor):
        cursor.skip(1)
        return True
    if stripped.startswith("{"):
        return _skip_braces(stripped, cursor, mdx=mdx)
    if line != stripped and line[0] == " ":
        return False
    if _IMPORT.match(stripped):
        cursor.skip(1)
        return True
    if _IMPORT_LINES.match(stripped):
        return _skip_to_from(cursor)
    return mdx and bool(_EXPORT.match(stripped)) and _skip_statement(cursor)


def _is_brace_around_tags(stripped: str, cursor: LineCursor) -> bool:
    """Return whether a line is only a brace, with tags that are shown inside of the braces."""
    following = (cursor.peek(count) for count in (1, 2))
    first = next((line.lstrip() for line in following if line and line.strip()), "")
    return stripped == "}" or (stripped == "{" and first.startswith("<"))


def _skip_braces(stripped: str, cursor: LineCursor, *, mdx: bool) -> bool:
    if stripped.startswith("{/*"):
        last = cursor.find("*/}")
        if last is None or not cursor.at(last).rstrip().endswith("*/}"):
            return False
        cursor.skip(last + 1)
        return True
    if not mdx:
        return False
    ahead = cursor.ahead(_MAX_EXPRESSION_LINES).lstrip()
    found = EXPRESSION.match(ahead)
    if not found or text_of_expression(found[0]) is not None:
        return False
    rest = ahead[found.end() :].split("\n", 1)[0]
    if rest.strip():
        return False
    cursor.skip(found[0].count("\n") + 1)
    return True


def _skip_to_from(cursor: LineCursor) -> bool:
    for count in range(_MAX_SCRIPT_LINES):
        line = cursor.peek(count)
        if line is None or not line.strip():
            return False
        if _FROM.search(line):
            cursor.skip(count + 1)
            return True
    return False


def _skip_statement(cursor: LineCursor) -> bool:
    """Skip lines until all brackets are closed, or to the first blank line if they never are."""
    depth = 0
    blank = None
    for count in range(_MAX_SCRIPT_LINES):
        line = cursor.peek(count)
        if line is None:
            blank = count if blank is None else blank
            break
        if not line.strip() and blank is None:
            blank = count
        depth += sum(line.count(sign) for sign in _OPENS) - sum(map(line.count, _CLOSES))
        is_last = depth <= 0 and line.strip() and not line.rstrip().endswith(("=", "=>"))
        if is_last:
            cursor.skip(count + 1)
            return True
    cursor.skip(blank or 1)
    return True
