"""The pages of the list of texts, and the names of texts and paragraphs in suggestions."""

from collections.abc import Collection, Sequence

from bot.languages import Catalogue, to_translate
from bot.rendering.discord_markdown import escape, link, message_length, shorten
from bot.rendering.discord_message import Message, sections_message
from bot.rendering.notices import reading_notice
from bot.rendering.wording import THE_TEXTS
from index import Passage, SourceInfo

NO_SOURCES = to_translate("There are no texts to quote from.")
PREVIOUS_PAGE = to_translate("Previous page")
NEXT_PAGE = to_translate("Next page")
_VERSION = to_translate("version {version}")
_OWN = to_translate("only in this server")

# A page is read on a phone without scrolling far, and fits into a plain message.
_TEXTS_ON_A_PAGE = 10
_PAGE_ROOM = 1700

_NAME_ROOM = 80

# Of a suggestion's 100 characters.
_TITLE_ROOM = 50


def pages(say: Catalogue, infos: Sequence[SourceInfo], own: Collection[str]) -> list[list[str]]:
    """Return the entries of the list, page by page, in the order given; empty without texts.

    Args:
        say: The language.
        infos: The texts.
        own: Sources that only this server has.
    """
    made: list[list[str]] = []
    room = 0
    for info in infos:
        entry = _entry(say, info, own=info.source in own)
        length = message_length(entry) + len("\n")
        if not made or length > room or len(made[-1]) == _TEXTS_ON_A_PAGE:
            made.append([])
            room = _PAGE_ROOM
        made[-1].append(entry)
        room -= length
    return made


def page_message(
    say: Catalogue, made: Sequence[Sequence[str]], page: int, percent_read: int | None = None
) -> Message:
    """Return a page of the list as a message; beyond the last page, the last is shown.

    Args:
        say: The language.
        made: The entries, page by page.
        page: From 0.
        percent_read: How much of the texts the encoder has read; None if all.
    """
    if not made:
        return sections_message(say(THE_TEXTS), [say(NO_SOURCES)], say)
    page = min(max(page, 0), len(made) - 1)
    numbered = f" ({page + 1}/{len(made)})" if len(made) > 1 else ""
    reading = [] if percent_read is None else [reading_notice(say, percent_read)]
    return sections_message(f"{say(THE_TEXTS)}{numbered}", [*made[page], *reading], say)


def paragraph_choice(passage: Passage) -> str:
    """Return how a paragraph is named in a list of suggestions: its section and first words."""
    section = f"{shorten(passage.section, _TITLE_ROOM)}: " if passage.section else ""
    return f"{passage.paragraph} \u00b7 {section}{passage.text}"


def _entry(say: Catalogue, info: SourceInfo, *, own: bool) -> str:
    title = link(escape(say.isolated(shorten(info.title, _NAME_ROOM))), info.url)
    details = [
        say.isolated(escape(shorten(info.source, _NAME_ROOM))),
        say.many("{count} paragraph", "{count} paragraphs", info.paragraphs),
        f"<t:{int(info.changed_at.timestamp())}:d>",
        *([say(_OWN)] if own else []),
        say.language_name(info.language),
        *([say(_VERSION, version=info.version)] if info.version else []),
    ]
    joined = " \u00b7 ".join(details)
    return f"**{title}**\n-# {joined}"
