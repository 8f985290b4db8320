"""Detect whether a message that addresses nobody is a question for the bot."""

import re

from bot.answering.answer import Answer
from bot.answering.pastes import split_paste
from bot.answering.question_words import asks_in_any_language
from bot.answering.quote import Quote
from bot.answering.small_talk import continues_talk, is_meant_for_people
from index import extract_terms, extract_tokens, extract_words, innermost_heading

# Longer messages tell a story, in which a question is rare.
_MAX_CHARS = 400

_AUXILIARY = "is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|may|might|must"

# "What a storm that was" exclaims, and "when I was there" tells.
_BEGINS_LIKE_A_QUESTION = re.compile(
    r"(?:(?:hi|hello|hey|ok|so|and|but|also|please|guys|everyone|anyone)[ ,]+)*"
    r"(?:who|whom|whose|what(?! an?\b)|which|why|how"
    rf"|(?:when|where)(?:['\u2019](?:s|re|d)| (?:{_AUXILIARY}))"
    rf"|(?:{_AUXILIARY})"
    r" (?:i|we|you|he|she|it|they|there|the|a|an|this|that|these|those|any|anyone|anybody|someone"
    r"|my|our|your|his|her|its|their|not)"
    r"|(?:does|did) \w+"
    r"|tell me|explain|show me|i wonder|i need to know|i would like to know)\b",
    re.IGNORECASE,
)

# Words with which people pass somebody else's question on: "can you answer this?", "any ideas?".
_PASSING_ON = frozenset(
    """
    answer answers question questions help helping know idea ideas clue explain respond reply solve
    find search check look see say tell try take handle think thoughts turn
    quote bot pullquote assist guy person user member need needs
    """.split()
)

# A web address is not a question, although its query string may hold a question mark.
_ADDRESS = re.compile(r"https?://\S+")


def passes_on(text: str) -> bool:
    """Return whether a reply asks nothing itself: it is empty, or only asks to answer "this"."""
    return _PASSING_ON.issuperset(extract_words(text.lower()))


def reads_like_a_question(text: str, *, follows_answer: bool = False) -> bool:
    """Return whether a message asks something, of the texts or of the people around.

    It must be short, hold a word to search for, and have a question mark of any script or ask in
    the words of a common language. Lines quoted with ">", web addresses, blocks of code and output
    of programs are ignored; a message with code in a line is no question.

    Args:
        text: The message.
        follows_answer: Whether the question before was answered there, so that "why so?" asks
            something although it holds no word to search for.
    """
    said, _ = _said_in(text)
    if not 0 < len(said) <= _MAX_CHARS or "```" in said:
        return False
    if not extract_words(said) and not (follows_answer and extract_tokens(said)):
        return False
    return bool(_BEGINS_LIKE_A_QUESTION.match(said)) or asks_in_any_language(said)


def asks_people(text: str, answer: Answer) -> bool:
    """Return whether a message that begins a talk asks the people around, and not the texts.

    "Where are my keys?" does where the texts only mention keys, and "where are my invoices?" does
    not where they answer "Where do I find my invoices?". A message with a quoted line goes on.

    Args:
        text: The message.
        answer: The answer to it.
    """
    said, has_quoted_line = _said_in(text)
    if has_quoted_line or not is_meant_for_people(said):
        return False
    is_sure = answer.answered and not answer.hesitant
    return continues_talk(said) or not is_sure or not _is_about(said, answer.quotes[0])


def _said_in(text: str) -> tuple[str, bool]:
    """Return what a message says itself, on one line, and whether it quotes a line with ">"."""
    lines = split_paste(text).asked.splitlines()
    own = [line for line in lines if not line.lstrip().startswith(">")]
    return _ADDRESS.sub(" ", " ".join(own)).strip(), len(own) < len(lines)


def _is_about(message: str, quote: Quote) -> bool:
    """Return whether a quote is about a message, and does not only mention a word of it.

    It is if it holds all words of the message, at least two, or if the heading above it has no
    other words than the message, or if the question above it has all of them. Of 633 requests that
    people make to each other, a news article is sure of 216, two manuals are of 469 and 417, and
    fairy tales of 417; by this rule they are about 4, 15, 14 and 21 (30 November 2026).
    """
    asked = set(extract_terms(message))
    above = set(extract_terms(innermost_heading(quote.section)))
    questions = [line for line in (quote.context or "").split("\n") if line.rstrip().endswith("?")]
    held = above.union(extract_terms(quote.text), extract_terms(quote.context or ""))
    return (
        (len(asked) > 1 and asked <= held)
        or (bool(above) and above <= asked)
        or (bool(asked) and asked <= set(extract_terms("\n".join(questions))))
    )
