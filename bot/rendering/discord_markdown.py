"""Answers as Discord messages: inert Markdown within the platform's limits."""

import re

from bot.answering import Answer, Quote
from bot.rendering.excerpts import ELLIPSIS, choose_excerpt
from bot.rendering.wording import FURTHER_QUOTES, HESITANT, nothing_to_quote, place

# Discord's limit for a message. Its documentation does not say which characters it counts, so
# this counts UTF-16 code units, never fewer than any other way.
MESSAGE_LIMIT = 2000

# A further quote is a pointer: about two lines on a phone.
_FURTHER_QUOTE_ROOM = 220

# Titles, headings and file names have no bound of their own.
_NAME_ROOM = 150

# The best quote gets what the rest leaves, and at least this.
_MIN_BEST_ROOM = 500

# Signs of markup; the colon of an address and the first one of an emoji's name (":fire:"); the
# dot of an invite, which acts without a scheme ("discord.gg/...").
_SPECIAL = re.compile(
    r"[\\*_~|`<>\[\]()#@]|(?<=[A-Za-z]):(?=//)|:(?=[\w+\-]+:)"
    r"|(?:(?<=discord)|(?<=discordapp))\.(?=\w)",
    re.IGNORECASE,
)
_LINE_START = re.compile(r"^(\s*)([-+]|\d+(?=[.)]))", re.MULTILINE)


def message_length(content: str) -> int:
    """Return the length of a message as the limit counts it, in UTF-16 code units."""
    return len(content.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str) -> str:
    """Return Markdown that Discord shows as exactly `text`, with nothing in it active.

    Styles, quotes, lists, headings, spoilers, code, links, invites, emoji and mentions are all
    shown as typed.
    A backslash before a sign that is neither letter, digit nor white space is never shown.
    """
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    return _LINE_START.sub(_escape_line_start, escaped)


def render_answer(answer: Answer, *, show_question: bool = False) -> str:
    """Return the message for an answer, at most MESSAGE_LIMIT long.

    The best passage is a block quote with the answering sentence in bold; of the others only the
    answering sentences follow. With `show_question` the question stands on top, for slash
    commands, where Discord does not show it.
    """
    head = (
        f"-# \u201c{escape(_shorten(answer.question, _NAME_ROOM))}\u201d\n" if show_question else ""
    )
    if answer.reason:
        return head + escape(nothing_to_quote(answer))
    if answer.hesitant:
        head += f"{HESITANT}\n"
    best, *further = answer.quotes
    tail = _citation(best, with_title=True)
    rest = ""
    for quote in further:
        more = f"\n{_block(quote, _FURTHER_QUOTE_ROOM, whole_passage=False)}\n{_citation(quote)}"
        heading = "" if rest else f"\n\n**{FURTHER_QUOTES}**"
        if message_length(head + tail + rest + heading + more) > MESSAGE_LIMIT - _MIN_BEST_ROOM:
            break
        rest += heading + more
    room = MESSAGE_LIMIT - message_length(head + tail + rest) - 1
    return f"{head}{_block(best, room)}\n{tail}{rest}"


def _escape_line_start(match: re.Match[str]) -> str:
    indent, mark = match.groups()
    return f"{indent}{mark}\\" if mark.isdigit() else f"{indent}\\{mark}"


def _block(quote: Quote, room: int, *, whole_passage: bool = True) -> str:
    """Return a block quote of the quote's excerpt that is at most `room` long."""

    def block(start: int, end: int) -> str:
        text = _emphasise(quote, start, end) if whole_passage else escape(quote.text[start:end])
        before = f"{ELLIPSIS} " if start > 0 else ""
        after = f" {ELLIPSIS}" if end < len(quote.text) else ""
        return "\n".join(f"> {line}" for line in f"{before}{text}{after}".split("\n"))

    def cost(start: int, end: int) -> int:
        return message_length(block(start, end))

    return block(*choose_excerpt(quote, room, cost, whole_passage=whole_passage))


def _emphasise(quote: Quote, start: int, end: int) -> str:
    """Return the escaped excerpt with the answering sentence in bold."""
    text = quote.text
    if quote.highlight is None:
        return escape(text[start:end])
    bold_start, bold_end = quote.highlight[0], min(quote.highlight[1], end)
    bold = f"**{escape(text[bold_start:bold_end])}**"
    return escape(text[start:bold_start]) + bold + escape(text[bold_end:end])


def _citation(quote: Quote, *, with_title: bool = False) -> str:
    title = f"**{escape(_shorten(quote.title, _NAME_ROOM))}** \u00b7 " if with_title else ""
    return f"-# {title}{escape(_shorten(place(quote), 2 * _NAME_ROOM))}"


def _shorten(text: str, room: int) -> str:
    """Return `text` on one line and at most `room` characters long."""
    line = " ".join(text.split())
    return line if len(line) <= room else line[: room - 1].rstrip() + ELLIPSIS
