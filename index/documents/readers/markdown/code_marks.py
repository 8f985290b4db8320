"""Marks in code that tell a page how to show it, such as "// highlight-next-line"."""

import re

_OPENS = r"(?://|#|--|;|%|/\*|\{/\*|<!--)[ \t]*"
_CLOSES = r"[ \t]*(?:\*/\}?|-->)?"

# Docusaurus leaves such lines out, and so does Twoslash, as VitePress uses it.
_LINE = re.compile(rf"{_OPENS}(?:highlight-(?:next-line|start|end)|---cut(?:-[a-z]+)?---){_CLOSES}")
_ASKS_FOR_TYPE = re.compile(r"//[ \t]*\^[?|]")
_CUT = re.compile(r"//[ \t]*---cut(?:-before)?---")

# Shiki colours a line with such an end. What is added or taken away keeps its mark, which says so.
_LINE_END = re.compile(
    rf"{_OPENS}\[!code (?:focus|highlight|hl|word:[^\]\n]*+)(?::\d+)?\]{_CLOSES}[ \t]*$"
)

_SIGNS = ("highlight-", "---cut", "[!code")


def without_marks(code: str, info: str) -> str:
    """Return code as a page shows it.

    Args:
        code: Its lines.
        info: What stands behind the fence; with "twoslash" the lines above a cut are hidden.
    """
    is_twoslash = "twoslash" in info
    if not is_twoslash and not any(sign in code for sign in _SIGNS):
        return code
    lines = code.split("\n")
    if is_twoslash:
        cuts = [number for number, line in enumerate(lines) if _CUT.fullmatch(line.strip())]
        lines = lines[cuts[-1] + 1 :] if cuts else lines
        lines = [line for line in lines if not _ASKS_FOR_TYPE.fullmatch(line.strip())]
    return "\n".join(_without_end(line) for line in lines if not _LINE.fullmatch(line.strip()))


def _without_end(line: str) -> str:
    if "[!code" not in line:
        return line
    return _LINE_END.sub("", line).rstrip() if _LINE_END.search(line) else line
