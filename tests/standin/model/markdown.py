r"""Renders Discord's markdown as a person sees it.

The rules follow Discord's clients: a backslash hides any character that is neither an ASCII
letter, a digit nor white space; quotes, headings and lists count only at the start of a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

Styles = frozenset[str]
PLAIN: Styles = frozenset()
DEEPEST = 50  # nested constructs; markup inside the last shows as it is


@dataclass(frozen=True)
class Span:
    """A run of text in one combination of styles, such as {"bold", "quote"}."""

    text: str
    styles: Styles


@dataclass(frozen=True)
class Active:
    """A construct that does more than style text: its kind and its source."""

    kind: str
    text: str


@dataclass
class Rendered:
    """A message as it shows: its spans in order and the constructs that act."""

    spans: list[Span] = field(default_factory=list)
    active: list[Active] = field(default_factory=list)
    depth: int = 0

    @property
    def text(self) -> str:
        """All that is shown."""
        return "".join(span.text for span in self.spans)

    @property
    def kinds(self) -> set[str]:
        """The kinds of the active constructs."""
        return {item.kind for item in self.active}

    def runs(self, style: str) -> list[str]:
        """Return each unbroken run of text that has a style."""
        runs = [""]
        for span in self.spans:
            if style in span.styles:
                runs[-1] += span.text
            elif runs[-1]:
                runs.append("")
        return [run for run in runs if run]

    def _show(self, text: str, styles: Styles) -> None:
        if self.spans and self.spans[-1].styles == styles:
            text = self.spans.pop().text + text
        if text:
            self.spans.append(Span(text, styles))


def visible_text(content: str) -> str:
    """Return the text that a person sees of a message's content."""
    return parse(content).text


def parse(content: str) -> Rendered:
    """Read a message's content as Discord's client does."""
    rendered = Rendered()
    _read(rendered, content, PLAIN, at_line_start=True)
    return rendered


def _read(out: Rendered, text: str, styles: Styles, *, at_line_start: bool = False) -> None:
    if out.depth == DEEPEST:
        return out._show(text, styles)
    out.depth += 1
    position = 0
    while position < len(text):
        starts_line = text[position - 1] == "\n" if position else at_line_start
        length = _line_rules(out, text, position, styles) if starts_line else 0
        length = length or _inline_rules(out, text, position, styles)
        if not length:
            out._show(text[position], styles)
            length = 1
        position += length
    out.depth -= 1
    return None


# Rules for the start of a line

QUOTE_LINES = re.compile(r"> [^\n]*(?:\n> [^\n]*)*\n?")
QUOTE_REST = re.compile(r">>> ([\s\S]+)")
HEADING = re.compile(r"(#{1,3}) +(\S[^\n]*)")
SUBTEXT = re.compile(r"-# +(\S[^\n]*)")
LIST_ITEM = re.compile(r"( *)[-*] +(?=\S)")


def _line_rules(out: Rendered, text: str, position: int, styles: Styles) -> int:
    """Apply the rule for a line's start, if there is one; return how much it consumed."""
    if "quote" not in styles:
        inner = styles | {"quote"}
        if match := QUOTE_REST.match(text, position):
            _read(out, match[1], inner, at_line_start=True)
            return len(match[0])
        if match := QUOTE_LINES.match(text, position):
            _read(out, re.sub(r"(?m)^> ", "", match[0]), inner, at_line_start=True)
            return len(match[0])
    if match := HEADING.match(text, position):
        out.active.append(Active("heading", match[0]))
        _read(out, match[2], styles | {"heading"})
        return len(match[0])
    if match := SUBTEXT.match(text, position):
        out.active.append(Active("subtext", match[0]))
        _read(out, match[1], styles | {"subtext"})
        return len(match[0])
    if match := LIST_ITEM.match(text, position):
        out.active.append(Active("list", match[0]))
        out._show(f"{match[1]}• ", styles)
        return len(match[0])
    return 0


# Rules for anywhere in a line: shown as is, or read again with one style more

Rule = Callable[[Rendered, re.Match[str], Styles], None]


def _shown(kind: str | None, style: str | None = None) -> Rule:
    def show(out: Rendered, match: re.Match[str], styles: Styles) -> None:
        if kind is not None:
            out.active.append(Active(kind, match[0]))
        out._show(match["shown"], styles | {style} if style else styles)

    return show


def _styled(style: str, kind: str | None = None) -> Rule:
    def restyle(out: Rendered, match: re.Match[str], styles: Styles) -> None:
        if kind is not None:
            out.active.append(Active(kind, match[0]))
        _read(out, match["inner"], styles | {style})

    return restyle


_ESCAPED = r"(?:\\[\s\S]|[^\\])+?"
_INLINE: list[tuple[str, str, Rule]] = [
    ("\\", r"\\(?P<shown>[^0-9A-Za-z\s])", _shown(None)),
    ("`", r"```(?:[\w+\-.#]+\n)?\n*(?P<shown>[^\n][\s\S]*?)\n*```", _shown("code fence", "fence")),
    ("`", r"(?P<ticks>`+)(?P<shown>[\s\S]*?[^`])(?P=ticks)(?!`)", _shown("code", "code")),
    ("*", rf"\*\*(?P<inner>{_ESCAPED})\*\*(?!\*)", _styled("bold")),
    (
        "*",
        rf"\*(?=\S)(?P<inner>(?:\*\*{_ESCAPED}\*\*|\\[\s\S]|\s+(?=[^\s*])|[^\s*\\])+)\*(?!\*)",
        _styled("italic"),
    ),
    ("_", rf"__(?P<inner>{_ESCAPED})__(?!_)", _styled("underline")),
    ("_", r"(?<!\w)_(?P<inner>(?:__|\\[\s\S]|[^\\_])+?)_(?!\w)", _styled("italic")),
    ("~", rf"~~(?P<inner>{_ESCAPED})~~", _styled("strike")),
    ("|", rf"\|\|(?P<inner>{_ESCAPED})\|\|", _styled("spoiler", "spoiler")),
    (
        "[",
        r"\[(?P<inner>(?:\\.|[^\[\]\\\n])+)\]\(<?https?://[^\s()<>]+>?(?: +\"[^\"]*\")?\)",
        _styled("link", "masked link"),
    ),
    ("<", r"(?P<shown><@[!&]?\d+>)", _shown("mention")),
    ("<", r"(?P<shown><#\d+>)", _shown("mention")),
    ("<", r"(?P<shown><id:\w+>|</[^:>]+:\d+>)", _shown("mention")),
    ("<", r"<a?(?P<shown>:\w{2,32}:)\d+>", _shown("emoji")),
    ("<", r"(?P<shown><t:-?\d+(?::[tTdDfFR])?>)", _shown("timestamp")),
    ("<", r"<(?P<shown>https?://[^\s>]+)>", _shown("url", "link")),
    ("@", r"(?P<shown>@(?:everyone|here))", _shown("mention")),
    # Any name counts as an emoji's, and an invite acts without a scheme.
    (":", r"(?P<shown>:[\w+\-]+:)", _shown("emoji")),
    ("dD", r"(?P<shown>(?i:discord(?:\.gg|(?:app)?\.com/invite))/[\w-]+)", _shown("invite")),
    ("h", r"(?P<shown>https?://[^\s<]+[^<.,:;\"')\]\s])", _shown("url", "link")),
]
INLINE: dict[str, list[tuple[re.Pattern[str], Rule]]] = {}
for _firsts, _pattern, _rule in _INLINE:
    for _first in _firsts:
        INLINE.setdefault(_first, []).append((re.compile(_pattern), _rule))


def _inline_rules(out: Rendered, text: str, position: int, styles: Styles) -> int:
    """Apply the first rule that matches here; return how much it consumed."""
    for pattern, rule in INLINE.get(text[position], []):
        if match := pattern.match(text, position):
            rule(out, match, styles)
            return len(match[0])
    return 0
