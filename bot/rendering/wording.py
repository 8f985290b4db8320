"""What the bot says in its own words, everywhere: never more than a line, never an answer."""

from bot.answering import Quote, Reason

NOTHING_TO_QUOTE: dict[Reason, str] = {
    "nothing_found": (
        "I found nothing about that in my texts. Try other words, or ask about something else."
    ),
    "small_talk": (
        "Hello! I only speak in quotes: ask me something about my texts, "
        "and I'll show you the paragraphs that answer it."
    ),
    "empty_question": "I saw no question there. Ask me something about my texts.",
}

FURTHER_QUOTES = "Also in the texts"

APOLOGY = "Sorry, something went wrong while I looked that up. Please ask again in a moment."

CANNOT_READ = (
    "I can't read that message: here I only see messages that mention me. "
    "Mention me in your reply, or use /ask."
)


def place(quote: Quote) -> str:
    """Return where a quote stands: file, section and paragraph."""
    section = f" \u203a {quote.section}" if quote.section else ""
    return f"{quote.source}{section}, paragraph {quote.paragraph}"


def counted(number: int, noun: str) -> str:
    """Return "1 text", "2 texts" and so on."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
