"""Comments of HTML at the beginning of a line: what a page shows in their place, and after them."""

import re

# Material for MkDocs writes the names of its settings so; a page shows the last part of the name.
_NAME = re.compile(r"<!--\s*+[a-z]++:(?:setting|option)\s++(?:[^\s`<>]*[.:])?([^\s`<>.:]++)\s*+-->")

_BEFORE_TEXT = re.compile(r"\A(\s*+)(?:<!--(?:[^-]|-(?!->))*+-->\s*+)++(?=\S)")


def without_comments_before(line: str) -> str | None:
    """Return a line without the comments before its text; None if it has no comments and text.

    CommonMark ends the paragraph after such a line, other readers do not.
    """
    found = _BEFORE_TEXT.match(line)
    return line[: found.end(1)] + line[found.end() :] if found else None


def name_in_comment(written: str) -> str | None:
    """Return the name of the setting that a comment stands for; None if it stands for nothing."""
    found = _NAME.fullmatch(written.strip())
    return found[1] if found else None
