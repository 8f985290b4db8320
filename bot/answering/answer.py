"""Answer a question with quotes: the one entry that every front end calls."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.answering.conversation import (
    MAX_TURNS,
    Turn,
    asked_in,
    continued_turns,
    is_short,
    read_in_context,
    stands_alone,
)
from bot.answering.example_question import example_question
from bot.answering.joined_hits import LOOKED_THROUGH, pages_of
from bot.answering.pastes import read_message
from bot.answering.quote import Quote, quote_of, quote_of_hits
from bot.answering.quote_references import Reference, find_reference
from bot.answering.small_talk import is_small_talk
from index import (
    AnySearcher,
    Hit,
    PassageIndexError,
    PassageRef,
    WeightedText,
    extract_tokens,
    extract_words,
    is_sure,
    is_unanswerable,
)

DEFAULT_TOP_K = 3

# Discord's longest message (with Nitro) has 4,000 characters; the rest of a longer one is ignored.
MAX_QUESTION_CHARS = 4000

# The thresholds of confidence were fitted on the three hits that people see by default.
_JUDGED_HITS = 3

# The hits of a question without its history among which the hits in its history are looked for.
_OWN_HITS = 30

# The best passage scores less than this share of its score without the history if the history is
# about something else. Of 210 follow-ups this takes the history from one that needs it; 895
# questions after another subject gain half a point at first place (30 November 2026). Scores by
# words alone are sums over the history, so they are never higher without it.
_OTHER_SUBJECT = 0.8

# Nobody points at more than the tenth quote; pointing at one that was not shown finds nothing.
_MAX_POINTED_AT = 10

Reason = Literal["nothing_found", "small_talk", "empty_question"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a question.

    Attributes:
        question: As it was asked.
        quotes: Best first; empty when nothing was found.
        reason: Why there are no quotes, or None.
        milliseconds: Time from the question to the chosen quotes.
        hesitant: Whether the quotes are only the closest passages, and may not answer.
        turn: The turn to append to the history; None for small talk and empty messages.
        example: A question that the texts answer, for people who did not ask one, or None.
    """

    question: str
    quotes: tuple[Quote, ...]
    reason: Reason | None
    milliseconds: float
    hesitant: bool = False
    turn: Turn | None = None
    example: str | None = None

    @property
    def answered(self) -> bool:
        """Whether there is something to quote."""
        return bool(self.quotes)


def answer_question(
    question: str,
    history: Sequence[Turn],
    searcher: AnySearcher,
    *,
    top_k: int = DEFAULT_TOP_K,
    refuses: bool = True,
    joins: bool = False,
) -> Answer:
    """Find the passages that answer a question.

    Args:
        question: As it was typed; only its first MAX_QUESTION_CHARS characters are read.
        history: The earlier turns of the same conversation, oldest first.
        searcher: An open index.
        top_k: The most quotes to return.
        refuses: Whether small talk, and what the texts seem not to answer, gets no quotes.
        joins: Whether hits that stand next to each other in one section are one quote, as people
            read them; scripts get each passage by itself.

    Returns:
        An answer with quotes, or with the reason why there are no quotes. Nothing that a person can
        type raises an exception.

    Raises:
        IndexUnusableError: The index is damaged; opening a large index does not find that.
    """
    started = time.perf_counter()
    try:
        answer = _answer(
            question[:MAX_QUESTION_CHARS],
            list(history),
            searcher,
            top_k,
            refuses=refuses,
            joins=joins,
        )
    except PassageIndexError:
        raise
    except Exception:
        searcher.check()  # a damaged index can cause any error
        raise
    milliseconds = (time.perf_counter() - started) * 1000
    return replace(answer, question=question, milliseconds=milliseconds)


def further_quotes(
    turns: Sequence[Turn],
    n_seen: int,
    searcher: AnySearcher,
    *,
    top_k: int = DEFAULT_TOP_K,
    joins: bool = False,
) -> Answer:
    """Return the next quotes for the last turn, after the first `n_seen`.

    Args:
        turns: At least one, oldest first.
        n_seen: How many hits have been shown.
        searcher: An open index.
        top_k: The most quotes to return.
        joins: As for `answer_question`; the same as for the quotes that have been shown.

    Returns:
        An answer; without further quotes its reason is "nothing_found".
    """
    *before, last = turns
    return _more(replace(last, n_seen=n_seen), before, searcher, top_k, joins=joins)


def extend_history(history: Sequence[Turn], answer: Answer) -> list[Turn]:
    """Return the history for the next question of the same conversation.

    Small talk and empty messages are not added. Pointing at a quote only updates the last turn. The
    newest MAX_TURNS turns are kept.
    """
    if answer.turn is None:
        return list(history)
    if history and history[-1].question == answer.turn.question:
        return [*history[:-1], answer.turn]
    return [*history, answer.turn][-MAX_TURNS:]


def _answer(
    question: str,
    history: list[Turn],
    searcher: AnySearcher,
    top_k: int,
    *,
    refuses: bool,
    joins: bool,
) -> Answer:
    if not extract_tokens(question):
        return _nothing(question, "empty_question", example=example_question(searcher))
    asked = read_message(question).asked
    n_shown = len(history[-1].shown) if history else 0
    if reference := find_reference(asked, n_shown):
        return _point(question, reference, history, searcher, top_k, joins=joins)
    if find_reference(asked, _MAX_POINTED_AT):
        return _nothing(question, "nothing_found", turn=history[-1] if history else None)
    if refuses and is_small_talk(asked, follows_answer=n_shown > 0):
        return _nothing(question, "small_talk", example=example_question(searcher))
    n_wanted = LOOKED_THROUGH * top_k if joins else top_k
    hits, log_odds = search_in_context(question, history, searcher, n_wanted)
    if not hits or (refuses and finds_nothing(question, history, hits, log_odds, searcher)):
        return _nothing(question, "nothing_found", turn=Turn(question))
    quotes, n_shown = _quotes(hits, 0, searcher, top_k, joins=joins)
    hesitant = not is_sure(log_odds, searcher.tier) or searcher.names_something_unknown(
        asked_in(question)
    )
    turn = Turn(question, _refs(quotes), n_shown, hesitant=hesitant)
    return Answer(question, quotes, None, 0.0, hesitant, turn)


def _point(
    question: str,
    reference: Reference,
    history: list[Turn],
    searcher: AnySearcher,
    top_k: int,
    *,
    joins: bool,
) -> Answer:
    """Answer a message that points at what the last turn showed."""
    last = history[-1]
    if reference.kind == "more":
        return _more(last, history[:-1], searcher, top_k, joins=joins)
    ref = last.shown[_position(reference, len(last.shown))]
    step = {"shown": 0, "before": -1, "after": 1}[reference.kind]
    passage = searcher.passage_from(ref, step)
    if passage is None:
        return _nothing(question, "nothing_found", turn=last)
    quotes = (quote_of(passage),)
    return Answer(question, quotes, None, 0.0, False, replace(last, shown=_refs(quotes)))


def _more(
    last: Turn, before: Sequence[Turn], searcher: AnySearcher, top_k: int, *, joins: bool
) -> Answer:
    """Return the quotes for a turn that were not shown yet."""
    n_wanted = last.n_seen + (LOOKED_THROUGH * top_k if joins else top_k)
    hits, _ = search_in_context(last.question, before, searcher, n_wanted)
    quotes, n_shown = _quotes(hits, last.n_seen, searcher, top_k, joins=joins)
    if not quotes:
        return _nothing(last.question, "nothing_found", turn=last)
    turn = replace(last, shown=_refs(quotes), n_seen=n_shown)
    return Answer(last.question, quotes, None, 0.0, last.hesitant, turn)


def _quotes(
    hits: Sequence[Hit], n_seen: int, searcher: AnySearcher, top_k: int, *, joins: bool
) -> tuple[tuple[Quote, ...], int]:
    """Return the quotes after the first `n_seen` hits, and the number of hits shown then."""
    if not joins:
        shown = hits[n_seen : n_seen + top_k]
        return tuple(quote_of_hits([hit]) for hit in shown), n_seen + len(shown)
    n_shown = 0
    for page in pages_of(hits, top_k, searcher):
        n_before, n_shown = n_shown, n_shown + sum(map(len, page))
        if n_before >= n_seen:
            return tuple(map(quote_of_hits, page)), n_shown
    return (), n_seen


def _position(reference: Reference, n_shown: int) -> int:
    number = reference.number or 1
    return n_shown - 1 if number < 0 else number - 1


def search_in_context(
    question: str, history: Sequence[Turn], searcher: AnySearcher, top_k: int
) -> tuple[list[Hit], float]:
    """Return the best hits, and the log odds that the first three of them answer the question.

    A question that stands alone is judged without its history: by what the hits have of the
    question itself. Its own hits, without the history, are returned instead of those in its history
    if they are sure and the others are not, or may answer and the others do not. Those of any other
    question are returned if they are sure and score much higher, because the history is about
    something else.

    Args:
        question: As it was typed.
        history: The earlier turns, oldest first.
        searcher: An open index.
        top_k: The number of quotes to return. The search returns at least three hits, so that the
            log odds do not depend on it.
    """
    k = max(top_k, _JUDGED_HITS)
    history = continued_turns(question, history)
    hits = searcher.search(read_in_context(question, history), k)
    asked = asked_in(question)
    if not history:
        return hits, searcher.confidence(asked, hits[:_JUDGED_HITS])
    own_hits = searcher.search([WeightedText(asked)], max(k, _OWN_HITS))
    own_log_odds = searcher.confidence(asked, own_hits[:_JUDGED_HITS])
    if stands_alone(question):
        shown = {hit.passage.ref for hit in hits[:_JUDGED_HITS]}
        judged = [hit for hit in own_hits if hit.passage.ref in shown]
        log_odds = searcher.confidence(asked, judged)
        is_better = _level(own_log_odds, searcher) > _level(log_odds, searcher)
    else:
        subject = f"{_subject_of(history)} {asked}"
        log_odds = searcher.confidence(subject, hits[:_JUDGED_HITS])
        is_better = is_sure(own_log_odds, searcher.tier) and (
            _best_score(hits) < _OTHER_SUBJECT * _best_score(own_hits)
        )
    return (own_hits[:k], own_log_odds) if is_better else (hits, log_odds)


def finds_nothing(
    question: str, history: Sequence[Turn], hits: list[Hit], log_odds: float, searcher: AnySearcher
) -> bool:
    """Return whether the answer is that nothing was found, by the result of `search_in_context`.

    A short question after an answer is about that answer, so it is never refused for its few words,
    unless it announces another topic.
    """
    history = continued_turns(question, history)
    if hits and history and history[-1].shown and is_short(question):
        return False
    return is_unanswerable(log_odds, searcher.tier) and searcher.may_refuse(asked_in(question))


def _subject_of(history: Sequence[Turn]) -> str:
    """Return the newest earlier question with a word to search for; empty without one."""
    asked = (asked_in(turn.question) for turn in reversed(history))
    return next((one for one in asked if extract_words(one)), "")


def _best_score(hits: Sequence[Hit]) -> float:
    return max((hit.score for hit in hits), default=0.0)


def _level(log_odds: float, searcher: AnySearcher) -> int:
    """Return 2 if the hits may be shown as the answer, 1 if they may answer, else 0."""
    return is_sure(log_odds, searcher.tier) + (not is_unanswerable(log_odds, searcher.tier))


def _nothing(
    question: str, reason: Reason, *, turn: Turn | None = None, example: str | None = None
) -> Answer:
    return Answer(question, (), reason, 0.0, turn=turn, example=example)


def _refs(quotes: tuple[Quote, ...]) -> tuple[PassageRef, ...]:
    return tuple(quote.ref for quote in quotes)
