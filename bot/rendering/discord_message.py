"""Answers and lists as descriptions of Discord messages: their parts, in order."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.answering import Answer, Quote
from bot.languages import ENGLISH, Catalogue
from bot.rendering.discord_markdown import MESSAGE_LIMIT, escape, link, message_length, shorten
from bot.rendering.discord_quote import quote_markdown
from bot.rendering.pieces import has_blocks
from bot.rendering.wording import (
    FURTHER_QUOTES,
    HESITANT,
    MAX_OFFERED,
    citation_of,
    did_you_mean,
    further_places,
    left_out,
    looked_only_in,
    nearest_headings,
    nothing_to_quote,
    other_versions,
)

# Characters in all text displays of a message with components v2, as discord.py's documentation
# of `LayoutView.content_length` gives it; counted like MESSAGE_LIMIT.
DISPLAY_LIMIT = 4000

# A further quote of prose is a pointer: about two lines on a phone. Of one with several blocks,
# code or rows more is shown, as the answer often stands beside the sentence that fits the question.
# With 220 for all of them the answers of 20 of the 40 questions about Ghostty can be read, with 350
# of 23, with 500 of 25, with 650 of 24 (30 November 2026).
_FURTHER_PROSE_ROOM = 220
_FURTHER_BLOCKS_ROOM = 500

# Titles, headings and file names have no bound of their own.
_NAME_ROOM = 150

# Places of the same text; five take some 200 characters.
_PLACE_ROOM = 100
_PLACES_ROOM = 300

# The best quote gets the room that the others leave, and at least this.
_MIN_BEST_ROOM = 500

# Of several passages each gets at least this, with the line break after it.
_LEAST_ROOM = 200

Tone = Literal["sure", "unsure", "neutral"]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a message in Discord's Markdown; a heading begins a new part of it."""

    kind: Literal["line", "quote", "citation", "heading"]
    markdown: str


@dataclass(frozen=True, slots=True)
class Message:
    """The content of a message, twice: for a card, and as plain text.

    Attributes:
        blocks: In the order they are read; at most DISPLAY_LIMIT characters together, with the
            line breaks between them.
        plain: The same as one text of at most MESSAGE_LIMIT characters.
        tone: "sure" if the quotes answer, "unsure" if they are only the closest ones, else
            "neutral".
    """

    blocks: tuple[Block, ...]
    plain: str
    tone: Tone = "neutral"

    @property
    def parts(self) -> tuple[str, ...]:
        """The texts of the message's parts; each heading begins a part."""
        return _parts(self.blocks)


def answer_message(
    answer: Answer,
    say: Catalogue = ENGLISH,
    *,
    show_question: bool = False,
    words: Sequence[str] = (),
    headings: Sequence[str] = (),
    looked_in: Sequence[str] = (),
) -> Message:
    """Return the message for an answer.

    The best passage is a block quote with the answering sentence in bold; of the others only the
    answering sentences follow.

    Args:
        answer: The answer to the question.
        say: The language of the bot's own words.
        show_question: Whether the question stands on top, for slash commands, because Discord does
            not show it.
        words: Words that the person may have meant, offered if nothing was found.
        headings: The nearest headings, offered if nothing was found.
        looked_in: The texts and folders that were searched, named if nothing was found.
    """
    above = []
    if show_question:
        question = escape(shorten(answer.question, _NAME_ROOM))
        above.append(Block("line", f"-# \u201c{question}\u201d"))
    if answer.reason:
        lines = [nothing_to_quote(answer, say)]
        if looked_in:
            lines.append(looked_only_in(_offered(looked_in), say))
        if words:
            lines.append(did_you_mean(_offered(words), say))
        if headings:
            lines.append(nearest_headings(_offered(headings), say))
        above += [Block("line", escape(line)) for line in lines]
        return Message(tuple(above), _text(above))
    if answer.hesitant:
        above.append(Block("line", say(HESITANT)))
    return Message(
        _answer_blocks(above, answer.quotes, say, DISPLAY_LIMIT),
        _text(_answer_blocks(above, answer.quotes, say, MESSAGE_LIMIT)),
        "unsure" if answer.hesitant else "sure",
    )


def passages_message(
    quotes: Sequence[Quote], say: Catalogue = ENGLISH, *, above: str | None = None
) -> Message:
    """Return the message that shows passages one below the other, as many as there is room for.

    Args:
        quotes: The passages.
        say: The language of the bot's own words.
        above: Markdown of a line on top, of at most 500 characters.
    """
    top = [Block("line", above)] if above is not None else []
    return Message(
        _passage_blocks(top, quotes, say, DISPLAY_LIMIT),
        _text(_passage_blocks(top, quotes, say, MESSAGE_LIMIT)),
    )


def sections_message(title: str, paragraphs: Sequence[str], say: Catalogue = ENGLISH) -> Message:
    """Return the message for a list of anything.

    Args:
        title: What it lists, as plain text.
        paragraphs: Markdown of the bot's own words, with all else escaped. Paragraphs that do not
            fit are left out, and the last line counts them.
        say: The language of that line.
    """
    heading = Block("heading", f"### {escape(shorten(title, _NAME_ROOM))}")
    return Message(
        _list_blocks(heading, paragraphs, say, DISPLAY_LIMIT),
        _text(_list_blocks(heading, paragraphs, say, MESSAGE_LIMIT)),
    )


def _answer_blocks(
    above: Sequence[Block], quotes: Sequence[Quote], say: Catalogue, limit: int
) -> tuple[Block, ...]:
    best, *further = quotes
    citation = _citation(best, say, with_title=True)
    below: list[Block] = []
    for quote in further:
        more = [] if below else [Block("heading", f"**{say(FURTHER_QUOTES)}**")]
        more.append(_further_quoted(quote))
        more.append(_citation(quote, say))
        if _length([*above, citation, *below, *more]) > limit - _MIN_BEST_ROOM:
            break
        below += more
    room = limit - _length([*above, citation, *below]) - len("\n")
    return (*above, Block("quote", quote_markdown(best, room)), citation, *below)


def _passage_blocks(
    above: Sequence[Block], quotes: Sequence[Quote], say: Catalogue, limit: int
) -> tuple[Block, ...]:
    """Share the room evenly; leave out the last passages if each would get too little."""
    citations = [_citation(quote, say, with_title=n == 0) for n, quote in enumerate(quotes)]
    while _length([*above, *citations]) > limit - len(citations) * _LEAST_ROOM:
        citations.pop()
    room = limit - _length([*above, *citations])
    blocks = [*above]
    for n, (quote, citation) in enumerate(zip(quotes, citations, strict=False)):
        share = room // (len(citations) - n) - len("\n")
        shown = Block("quote", quote_markdown(quote, share))
        room -= message_length(shown.markdown) + len("\n")
        blocks += shown, citation
    return tuple(blocks)


def _list_blocks(
    heading: Block, paragraphs: Sequence[str], say: Catalogue, limit: int
) -> tuple[Block, ...]:
    def first(n: int) -> tuple[Block, ...]:
        shown = [Block("line", paragraph) for paragraph in paragraphs[:n]]
        rest = len(paragraphs) - n
        last = [Block("line", f"-# {left_out(rest, say)}")] if rest else []
        return (heading, *shown, *last)

    whole = first(len(paragraphs))
    if _length(whole) <= limit:
        return whole
    longer = bisect_right(range(len(paragraphs)), limit, key=lambda n: _length(first(n)))
    return first(longer - 1)


def _further_quoted(quote: Quote) -> Block:
    """Return the part of a passage around its answering sentence; of joined ones that of each."""
    n_passages = 1 + len(quote.joined)
    is_prose = quote.paragraph_end < quote.paragraph + n_passages and not has_blocks(quote)
    room = n_passages * (_FURTHER_PROSE_ROOM if is_prose else _FURTHER_BLOCKS_ROOM)
    room += min(len(quote.context or ""), _NAME_ROOM)
    return Block("quote", quote_markdown(quote, room))


def _citation(quote: Quote, say: Catalogue, *, with_title: bool = False) -> Block:
    """Return the citation of a quote, linked, the places of its copies, and other versions."""
    section = quote.section and shorten(quote.section, _NAME_ROOM)
    where = escape(
        citation_of(replace(quote, source=shorten(quote.source, _NAME_ROOM), section=section), say)
    )
    cited = link(where, quote.url)
    if with_title:
        title = escape(say.isolated(shorten(quote.title, _NAME_ROOM)))
        cited = f"**{link(title, quote.url)}** \u00b7 {where}"
    lines = [cited, *_other_places(quote, say)]
    if with_title and quote.other_versions:
        lines.append(escape(other_versions(quote.other_versions, say)))
    return Block("citation", "\n".join(f"-# {line}" for line in lines))


def _other_places(quote: Quote, say: Catalogue) -> list[str]:
    """Return the line that names the places of a quote's copies, as many as there is room for."""
    copies = [(shorten(copy.source, _PLACE_ROOM), copy.paragraph) for copy in quote.copies]
    lines = (escape(further_places(copies[:n], say)) for n in range(len(copies), 0, -1))
    return [line for line in lines if message_length(line) <= _PLACES_ROOM][:1]


def _offered(texts: Sequence[str]) -> list[str]:
    return [shorten(text, _NAME_ROOM) for text in texts[:MAX_OFFERED]]


def _parts(blocks: Sequence[Block]) -> tuple[str, ...]:
    parts: list[list[str]] = []
    for block in blocks:
        if block.kind == "heading" or not parts:
            parts.append([])
        parts[-1].append(block.markdown)
    return tuple("\n".join(part) for part in parts)


def _text(blocks: Sequence[Block]) -> str:
    return "\n\n".join(_parts(blocks))


def _length(blocks: Sequence[Block]) -> int:
    return message_length(_text(blocks))
