"""What the bot says in its own words, everywhere: never more than a line, never an answer."""

from bot.answering import Answer, Quote, Reason

NOTHING_TO_QUOTE: dict[Reason, str] = {
    "nothing_found": (
        "I found nothing about that in my texts. Try other words, or ask about something else."
    ),
    "small_talk": (
        "I only speak in quotes: ask me something about my texts, "
        "and I'll show you the paragraphs that answer it."
    ),
    "empty_question": "I saw no question there. Ask me something about my texts.",
}

HESITANT = "I'm not sure my texts answer that. The closest passages I have:"

FURTHER_QUOTES = "Also in the texts"

APOLOGY = "Sorry, something went wrong while I looked that up. Please ask again in a moment."

COMMAND_GONE = "That command is not there any more. Use /ask, or mention me with your question."

CANNOT_READ = (
    "I can't read that message: here I only see messages that mention me. "
    "Mention me in your reply, or use /ask."
)


def nothing_to_quote(answer: Answer) -> str:
    """Return what is said instead of quotes, with an example question where there is one."""
    line = NOTHING_TO_QUOTE[answer.reason or "nothing_found"]
    return f"{line} For example: {answer.example}" if answer.example else line


def place(quote: Quote) -> str:
    """Return where a quote stands: file, section, page and paragraph, as far as there are such."""
    section = f" \u203a {quote.section}" if quote.section else ""
    page = f", page {quote.page}" if quote.page else ""
    return f"{quote.source}{section}{page}, paragraph {quote.paragraph}"


def counted(number: int, noun: str) -> str:
    """Return "1 text", "2 texts" and so on."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
