"""Code in Discord's Markdown: fenced blocks and spans that no text can close."""

import re

from bot.rendering.discord_markdown import sendable

# The client reads a fence as ```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][^]*?)\n*```: only three
# backticks in a row end it, and only these characters make a language.
_LANGUAGE = re.compile(r"[A-Za-z0-9_+\-.#]{1,30}")
_INNER_BACKTICK = re.compile("`(?=``)")

# Shown as nothing; between backticks it keeps them from being a fence.
ZERO_WIDTH_SPACE = "\u200b"


def fence(code: str, language: str = "") -> str:
    """Return a fenced block that shows `code`; empty if there is nothing to show.

    Three backticks in a row get zero-width spaces between them. Blank lines at the ends go.

    Args:
        code: Lines, with their indentation.
        language: For the colours; left out if Discord would show it as a line of code.
    """
    lines = sendable(code).split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    while lines and not lines[-1].strip():
        del lines[-1]
    if not lines:
        return ""
    inner = _INNER_BACKTICK.sub(f"`{ZERO_WIDTH_SPACE}", "\n".join(lines))
    shown_language = language if _LANGUAGE.fullmatch(language) else ""
    return f"```{shown_language}\n{inner}\n```"


def fits_span(code: str) -> bool:
    """Return whether `code_span` can show a text: it has no backtick and is on one line."""
    return bool(code.strip()) and "`" not in code and "\n" not in code


def code_span(code: str) -> str:
    """Return inline code for a text that `fits_span`; white space at its ends stays outside."""
    inner = code.strip()
    start = code.index(inner)
    return f"{code[:start]}`{sendable(inner)}`{code[start + len(inner) :]}"
