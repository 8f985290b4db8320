"""Answers on a terminal, or as plain text if the output is not a terminal."""

from rich.console import Console
from rich.text import Text

from bot.answering import Answer, Quote
from bot.rendering.excerpts import choose_excerpt
from bot.rendering.plain_text import is_web_address, printable
from bot.rendering.terminal_quote import quote_lines
from bot.rendering.wording import (
    FURTHER_QUOTES,
    HESITANT,
    citation_of,
    further_places,
    nothing_to_quote,
    other_versions,
)

# Lines of up to 80 characters read best, also on a wide terminal.
_MAX_WIDTH = 80

# A further quote is shortened to some seven lines.
_FURTHER_QUOTE_ROOM = 500

_MARGIN = "  \u2502 "


def print_answer(console: Console, answer: Answer) -> None:
    """Print the best passage in full with its answering sentence in bold, then the others."""
    if answer.reason:
        print_line(console, nothing_to_quote(answer))
        return
    if answer.hesitant:
        print_line(console, HESITANT)
    best, *further = answer.quotes
    _print_quote(console, best, (0, len(best.text)), with_title=True)
    if further:
        console.print(Text(f"\n{FURTHER_QUOTES}", style="bold"))
    for quote in further:
        room = _FURTHER_QUOTE_ROOM * (1 + len(quote.joined))
        part = choose_excerpt(quote, room, _characters)
        _print_quote(console, quote, part)


def print_line(console: Console, line: str, style: str = "") -> None:
    """Print a line of the bot's own words."""
    console.print(Text(printable(line), style=style), soft_wrap=False, width=_width(console))


def _print_quote(
    console: Console, quote: Quote, part: tuple[int, int], *, with_title: bool = False
) -> None:
    console.print()
    for line in quote_lines(quote, *part, _width(console) - len(_MARGIN)):
        if line.wrapped:
            _print_wrapped(console, line.text, margin=_MARGIN)
        else:
            console.print(Text.assemble((_MARGIN, "dim"), line.text), soft_wrap=True)
    title = f"{quote.title} \u00b7 " if with_title else ""
    citation = Text(printable(f"{title}{citation_of(quote)}"), style="italic")
    _print_wrapped(console, citation, margin="  \u2514 ", next_margin="    ")
    if quote.copies:
        copies = further_places([(copy.source, copy.paragraph) for copy in quote.copies])
        _print_wrapped(console, Text(printable(copies), style="italic"), margin="    ")
    if with_title and quote.other_versions:
        versions = other_versions(quote.other_versions)
        _print_wrapped(console, Text(printable(versions), style="italic"), margin="    ")
    if quote.url and is_web_address(quote.url):
        console.print(Text(f"    {printable(quote.url)}", style="italic"), soft_wrap=True)


def _print_wrapped(
    console: Console, text: Text, *, margin: str, next_margin: str | None = None
) -> None:
    for line in text.wrap(console, max(1, _width(console) - len(margin))):
        line.rstrip()
        console.print(Text.assemble((margin, "dim"), line), soft_wrap=True)
        margin = margin if next_margin is None else next_margin


def _characters(start: int, end: int) -> int:
    return end - start


def _width(console: Console) -> int:
    return min(console.width, _MAX_WIDTH)
