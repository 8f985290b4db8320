"""Detect whether a message that addresses nobody is a question."""

import re

from bot.answering.pastes import split_paste
from bot.answering.question_words import asks_in_any_language
from bot.answering.small_talk import is_meant_for_people
from index import extract_tokens, extract_words

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
    find search check look see say tell try handle thoughts quote bot pullquote assist
    """.split()
)

# A web address is not a question, although its query string may hold a question mark.
_ADDRESS = re.compile(r"https?://\S+")


def passes_on(text: str) -> bool:
    """Return whether a reply asks nothing itself: it is empty, or only asks to answer "this"."""
    return _PASSING_ON.issuperset(extract_words(text.lower()))


def reads_like_a_question(
    text: str, *, follows_answer: bool = False, is_first: bool = True
) -> bool:
    """Return whether a message asks something that a text may answer.

    It must be short, hold a word to search for, and have a question mark of any script or ask in
    the words of a common language. A message that begins a conversation must not be meant for the
    people around. Lines quoted with ">", web addresses, blocks of code and output of programs are
    ignored; a message with code in a line is no question.

    Args:
        text: The message.
        follows_answer: Whether the question before was answered there, so that "why so?" asks
            something although it holds no word to search for.
        is_first: Whether the bot has not answered the person there just before.
    """
    asked = split_paste(text).asked.splitlines()
    lines = [line for line in asked if not line.lstrip().startswith(">")]
    said = _ADDRESS.sub(" ", " ".join(lines)).strip()
    if not 0 < len(said) <= _MAX_CHARS or "```" in said:
        return False
    if not extract_words(said) and not (follows_answer and extract_tokens(said)):
        return False
    if not (_BEGINS_LIKE_A_QUESTION.match(said) or asks_in_any_language(said)):
        return False
    continues = follows_answer or not is_first or len(lines) < len(asked)
    return continues or not is_meant_for_people(said)
