"""From a question and its history to an answer; knows no surface."""

from bot.answering.answer import (
    DEFAULT_TOP_K,
    Answer,
    Reason,
    answer_question,
    extend_history,
    further_quotes,
)
from bot.answering.conversation import (
    MAX_CONVERSATIONS,
    Turn,
    asked_in,
    makes_sense_alone,
    stands_alone,
)
from bot.answering.example_question import example_question
from bot.answering.explain import explain
from bot.answering.question_detection import asks_people, passes_on, reads_like_a_question
from bot.answering.quote import Quote, QuoteRef, quote_of

__all__ = [
    "DEFAULT_TOP_K",
    "MAX_CONVERSATIONS",
    "Answer",
    "Quote",
    "QuoteRef",
    "Reason",
    "Turn",
    "answer_question",
    "asked_in",
    "asks_people",
    "example_question",
    "explain",
    "extend_history",
    "further_quotes",
    "makes_sense_alone",
    "passes_on",
    "quote_of",
    "reads_like_a_question",
    "stands_alone",
]
