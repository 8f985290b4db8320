"""Turn a question and its history into a query that stands on its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.pastes import read_message
from bot.answering.quote import QuoteRef
from bot.answering.small_talk import is_small_talk
from index import WeightedText, extract_words

# A question counts fully, the one before it by half, and so on. Measured on two sets of follow-up
# questions: within a point of the best of ten ways to carry history (gates on pronouns or length
# add nothing, because strong words of a new topic outweigh the halved old ones).
DECAY = 0.5

# The weight of the question before one that stands alone, instead of DECAY. Asked after a question
# about something else, 895 questions of nine sets then lose .7 points at the first place and 1.2
# among three (with DECAY 2.6 and 1.6), and 210 follow-ups .0 and 1.0 (30 November 2026).
DECAY_ALONE = 0.1

# The weight of output that is pasted beside a question.
PASTE_WEIGHT = 0.25

# After eight halvings an old question has 0.4 % of the new one's weight.
MAX_TURNS = 8

# Conversations in memory at a time, with eight short questions each: some megabytes at most.
MAX_CONVERSATIONS = 10_000

# Words with which people announce another topic.
_SWITCH = re.compile(
    r"(?:^|\b(?:ask|about|know|talk) )something (?:\w+ )?(?:else|different|unrelated)\b"
    r"|\b(?:new|another|different|unrelated) (?:question|topic|subject)\b"
    r"|\bchang(?:e|ing) (?:of )?(?:the )?(?:topic|subject)\b"
    r"|^(?:by the way|btw)\b"
    r"|\b(?:on another note|moving on|forget (?:that|it)|never ?mind)\b",
    re.IGNORECASE,
)


# Words that refer to earlier questions.
_REFERS_BACK = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|that|this|those|these|then"
    r"|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )there"  # not in "is there a lighthouse"
    r"|one|ones|same|other|others|else|too|either|both|again|instead|former|latter)\b",
    re.IGNORECASE,
)

# Words with which a follow-up opens.
_CONTINUES = re.compile(r"(?:and|but|so|or|then|also)\b", re.IGNORECASE)
_NAMES_ANOTHER = re.compile(r"(?:what|how) about\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange of a conversation.

    Attributes:
        question: What was searched for.
        shown: The quotes shown last, best first.
        n_seen: How many of the question's quotes have been shown so far.
        hesitant: Whether they were only the closest passages.
        asked_by: A pseudonym of the person who asked; None if it is unknown or does not matter.
        kept: Whether it may be stored; not if a person said it to others than the bot.
        within: What names the texts that it was asked of; None for all.
    """

    question: str
    shown: tuple[QuoteRef, ...] = ()
    n_seen: int = 0
    hesitant: bool = False
    asked_by: str | None = None
    kept: bool = True
    within: str | None = None


def read_in_context(question: str, history: list[Turn]) -> list[WeightedText]:
    """Return the query for a question in its conversation.

    Args:
        question: What was typed now.
        history: The earlier turns of the same conversation, oldest first.

    Returns:
        The question with weight 1, then output that is pasted beside it, then the earlier
        questions, newest first, each weighing half of the one after it, or less if the question
        stands alone. There are no earlier questions if its words announce another topic.
    """
    message = read_message(question)
    query = [WeightedText(asked_in(question))]
    if message.pasted:
        query.append(WeightedText(message.pasted, PASTE_WEIGHT))
    continued = continued_turns(question, history)
    weight = DECAY_ALONE if stands_alone(question) else DECAY
    for turn in reversed(continued[-MAX_TURNS:]):
        earlier = read_message(turn.question).asked
        query.append(WeightedText(earlier, weight))
        weight *= DECAY
        if _SWITCH.search(earlier):
            break
    return query


def continued_turns(question: str, history: Sequence[Turn]) -> list[Turn]:
    """Return the turns that a question continues: none if its words announce another topic."""
    return [] if _SWITCH.search(read_message(question).asked) else list(history)


def asked_in(message: str) -> str:
    """Return the question of a message.

    Output of programs is left out, and so are the words that announce another topic, if there are
    others.
    """
    question = read_message(message).asked
    rest = _SWITCH.sub(" ", question).strip(" ,.:;!-")
    return rest if _SWITCH.search(question) and extract_words(rest) else question


def makes_sense_alone(question: str, *, follows: bool = False) -> bool:
    """Return whether people who did not read the conversation understand a question.

    Fragments are not understood: "hello", "why so?", "did it work?", "and the bell?".

    Args:
        question: As it was typed.
        follows: Whether other questions came before it in its conversation, so that words such as
            "it" and "the second one" lead back to them.
    """
    question = asked_in(question).strip()
    words = extract_words(question)
    if not words or is_small_talk(question):
        return False
    continues, refers_back = _CONTINUES.match(question), _refers_back(question)
    if follows and (refers_back or _NAMES_ANOTHER.match(question)):
        return False
    return not (continues and refers_back) and (len(words) > 1 or not (continues or refers_back))


def is_short(question: str) -> bool:
    """Return whether a question has at most one word to search for, such as "did it work?"."""
    return len(extract_words(read_message(question).asked)) <= 1


def stands_alone(question: str) -> bool:
    """Return whether a question must find its answer without its history.

    It has at least two words of its own, and none that lead back to earlier questions.
    """
    question = read_message(question).asked.strip()
    leads_back = (
        _CONTINUES.match(question) or _NAMES_ANOTHER.match(question) or _refers_back(question)
    )
    return not is_short(question) and not leads_back


def _refers_back(question: str) -> bool:
    """Return whether a question has a word that refers to earlier ones; "IT" is a name."""
    is_shouted = question.isupper()
    return any(is_shouted or not word.isupper() for word in _REFERS_BACK.findall(question))
