"""Answer a question with quotes: the one entry that every front end calls."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.conversation import MAX_TURNS, Turn, read_in_context
from bot.small_talk import is_small_talk
from index import Hit, Searcher
from index.terms import extract_tokens

DEFAULT_TOP_K = 3

# Discord's longest message (with Nitro) has 4,000 characters; what lies beyond is not read.
MAX_QUESTION_CHARS = 4000

# Below this share of the question's idf mass even the best passage has little to do with it.
MIN_SHARE = 0.15

Reason = Literal["nothing_found", "small_talk", "empty_question"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage as it is quoted.

    Attributes:
        text: The passage's characters.
        source: The file below the corpus folder.
        title: The document's title.
        section: Headings above the passage, or None.
        paragraph: The paragraph's number in its document, from 1.
        score: The passage's score; comparable only within one answer.
        highlight: Half-open character offsets in `text` of the answering sentence, or None.
        sentences: Half-open character offsets in `text` of all its sentences, in order.
    """

    text: str
    source: str
    title: str
    section: str | None
    paragraph: int
    score: float
    highlight: tuple[int, int] | None
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question.

    Attributes:
        question: As it was asked.
        quotes: Best first; empty when nothing was found.
        reason: Why there are no quotes, or None.
        milliseconds: From the question to the chosen quotes.
    """

    question: str
    quotes: tuple[Quote, ...]
    reason: Reason | None
    milliseconds: float

    @property
    def answered(self) -> bool:
        """Whether there is something to quote."""
        return bool(self.quotes)


def answer_question(
    question: str, history: Sequence[Turn], searcher: Searcher, *, top_k: int = DEFAULT_TOP_K
) -> Answer:
    """Find the passages that answer a question.

    Args:
        question: As it was typed; only its first MAX_QUESTION_CHARS characters are read.
        history: The earlier turns of the same conversation, oldest first.
        searcher: An open index.
        top_k: The most quotes to return.

    Returns:
        An answer with quotes, or with the reason why there are none; never an exception for
        anything a person can type.
    """
    started = time.perf_counter()
    hits: list[Hit] = []
    read = question[:MAX_QUESTION_CHARS]
    reason = _reason_not_to_search(read)
    if reason is None:
        query = read_in_context(read, list(history))
        hits = searcher.search(query, top_k)
        if not hits or hits[0].share < MIN_SHARE:
            hits, reason = [], "nothing_found"
    milliseconds = (time.perf_counter() - started) * 1000
    return Answer(question, tuple(_quote(hit) for hit in hits), reason, milliseconds)


def extend_history(history: Sequence[Turn], answer: Answer) -> list[Turn]:
    """Return the history that the next question of the same conversation has behind it.

    Greetings and empty messages leave no trace; only the newest MAX_TURNS turns are kept.
    """
    if answer.reason in ("small_talk", "empty_question"):
        return list(history)
    turn = Turn(answer.question[:MAX_QUESTION_CHARS], _answering_sentence(answer))
    return [*history, turn][-MAX_TURNS:]


def _answering_sentence(answer: Answer) -> str:
    if not answer.quotes or answer.quotes[0].highlight is None:
        return ""
    start, end = answer.quotes[0].highlight
    return answer.quotes[0].text[start:end]


def _reason_not_to_search(question: str) -> Reason | None:
    if not extract_tokens(question):
        return "empty_question"
    if is_small_talk(question):
        return "small_talk"
    return None


def _quote(hit: Hit) -> Quote:
    passage = hit.passage
    highlight = (hit.sentence.start, hit.sentence.end) if hit.sentence else None
    return Quote(
        passage.text,
        passage.source,
        passage.title,
        passage.section,
        passage.paragraph,
        hit.score,
        highlight,
        tuple((sentence.start, sentence.end) for sentence in passage.sentences),
    )
