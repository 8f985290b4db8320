"""What the bot says in its own words on every surface: a line at most, never an answer."""

import datetime
from collections.abc import Sequence

from bot.answering import Answer, Quote, Reason
from bot.languages import ENGLISH, Catalogue, to_translate

NOTHING_TO_QUOTE: dict[Reason, str] = {
    "nothing_found": to_translate(
        "I found nothing about that in my texts. Try other words, or ask about something else."
    ),
    "small_talk": to_translate(
        "I only speak in quotes: ask me something about my texts, "
        "and I'll show you the paragraphs that answer it."
    ),
    "empty_question": to_translate("I saw no question there. Ask me something about my texts."),
}

HESITANT = to_translate("I'm not sure that my texts answer that. These are the closest paragraphs:")

FURTHER_QUOTES = to_translate("Also in the texts")

# Below a question; FAILED is for all other commands, buttons and forms.
APOLOGY = to_translate(
    "Sorry, something went wrong while I looked that up. Please ask again in a moment."
)

FAILED = to_translate("Sorry, that did not work. Please try again in a moment.")

COMMAND_GONE = to_translate(
    "That command does not exist any more. Use /ask, or mention me with your question."
)

CANNOT_READ = to_translate(
    "I can't read that message: here I only see messages that mention me. "
    "Type @ and my name in your reply, or use /ask."
)

# Above a list of texts
THE_TEXTS = to_translate("The texts I quote from")

# Labels of buttons
MORE = to_translate("More")
IN_CONTEXT = to_translate("In context")
PRIVATE_COPY = to_translate("Private copy")
OTHER_TEXTS = to_translate("Search the other texts")
OTHER_VERSIONS = to_translate("Other versions")

# A line names so many versions.
_MAX_VERSIONS = 10

# More words or headings than this do not help a person who found nothing.
MAX_OFFERED = 5

# Between words or headings in a line; the same in every language.
_JOINT = " \u00b7 "


def nothing_to_quote(answer: Answer, say: Catalogue = ENGLISH) -> str:
    """Return what is said instead of quotes, with an example question if there is one."""
    line = say(NOTHING_TO_QUOTE[answer.reason or "nothing_found"])
    if answer.example is None:
        return line
    return f"{line} {say('For example: {example}', example=answer.example)}"


def citation_of(quote: Quote, say: Catalogue = ENGLISH) -> str:
    """Return the citation of a quote: file, section, page or time, paragraphs, version, date.

    What is not known is left out, and a version that the path names.
    """
    section = f" \u203a {quote.section}" if quote.section else ""
    time = f", {quote.time}" if quote.time else ""
    place = _paragraphs(quote, f"{quote.source}{section}{time}", say)
    if quote.version and quote.version not in quote.source:
        place = say("{place}, version {version}", place=place, version=quote.version)
    day = day_in_words(quote.date, say)
    return say("{citation}, as of {date}", citation=place, date=day) if day else place


def further_places(sources: Sequence[tuple[str, int]], say: Catalogue = ENGLISH) -> str:
    """Return the line that names the source and paragraph of other passages that read the same."""
    places = [
        say("{place}, paragraph {paragraph}", place=source, paragraph=paragraph)
        for source, paragraph in sources
    ]
    return say("The same text: {places}", places=_JOINT.join(places))


def other_versions(versions: Sequence[str], say: Catalogue = ENGLISH) -> str:
    """Return the line that names the other versions of the page of a quote."""
    shown = ", ".join(versions[:_MAX_VERSIONS])
    more = ", \u2026" if len(versions) > _MAX_VERSIONS else ""
    return say("Other versions: {versions}", versions=shown + more)


def day_in_words(date: str | None, say: Catalogue = ENGLISH) -> str | None:
    """Return a day such as "2026-03-01" in the words of a language; None if it is no day."""
    try:
        day = datetime.date.fromisoformat(date or "")
    except ValueError:
        return None
    # Imported here because it takes 30 ms, which texts without a date need not wait for.
    from babel.dates import format_date

    return format_date(day, "long", locale=say.locale)


def _paragraphs(quote: Quote, place: str, say: Catalogue) -> str:
    """Return a place in a text: a file, the page, and the number or numbers of the paragraphs."""
    first, last, page = quote.paragraph, quote.paragraph_end, quote.page
    if last > first and page:
        return say(
            "{place}, page {page}, paragraphs {first}-{last}",
            place=place,
            page=page,
            first=first,
            last=last,
        )
    if last > first:
        return say("{place}, paragraphs {first}-{last}", place=place, first=first, last=last)
    if page:
        return say(
            "{place}, page {page}, paragraph {paragraph}", place=place, page=page, paragraph=first
        )
    return say("{place}, paragraph {paragraph}", place=place, paragraph=first)


def did_you_mean(words: Sequence[str], say: Catalogue = ENGLISH) -> str:
    """Return the line that offers words of the texts for words that were typed."""
    return say("Did you mean: {words}?", words=_JOINT.join(words))


def nearest_headings(headings: Sequence[str], say: Catalogue = ENGLISH) -> str:
    """Return the line that offers the headings nearest to a question that found nothing."""
    return say("Nearest headings: {headings}", headings=_JOINT.join(headings))


def looked_only_in(texts: Sequence[str], say: Catalogue = ENGLISH) -> str:
    """Return the line that names the texts and folders that a question was asked of."""
    return say("I looked only in: {texts}", texts=_JOINT.join(texts))


def left_out(count: int, say: Catalogue = ENGLISH) -> str:
    """Return the line below a list that is longer than its message."""
    return say.many("\u2026 and {count} more entry", "\u2026 and {count} more entries", count)
