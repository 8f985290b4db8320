"""Search for a question in its conversation, and judge whether the texts answer it."""

from collections.abc import Sequence

from bot.answering.conversation import (
    Turn,
    asked_in,
    continued_turns,
    is_short,
    read_in_context,
    stands_alone,
)
from index import AnySearcher, Hit, WeightedText, extract_words, is_sure, is_unanswerable, stem

# The thresholds of confidence were fitted on the three hits that people see by default.
_JUDGED_HITS = 3

# The hits in the history of a question that stands alone are looked for among so many hits of the
# question without it.
_OWN_HITS = 30

# Words of the question outweigh what it only mentions.
_MENTIONED_WEIGHT = 0.25

# The share of a question that a passage covers with all its words, one of two by a synonym.
_ALL_WORDS = 0.85

# The best passage scores less than this share of its score without the history if the history is
# about something else. Of 210 follow-ups this takes the history from one that needs it; 895
# questions after another subject gain half a point at first place (30 November 2026). Scores by
# words alone are sums over the history, so they are never higher without it.
_OTHER_SUBJECT = 0.8


def search_in_context(
    question: str,
    history: Sequence[Turn],
    searcher: AnySearcher,
    top_k: int,
    mentioned: Sequence[str] = (),
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
        mentioned: What may stand in the best passages too, but is no part of the question.
    """
    k = max(top_k, _JUDGED_HITS)
    history = continued_turns(question, history)
    also = [WeightedText(text, _MENTIONED_WEIGHT) for text in mentioned]
    hits = searcher.search([*read_in_context(question, history), *also], k)
    asked = asked_in(question)
    if not history:
        return hits, searcher.confidence(asked, hits[:_JUDGED_HITS])
    is_alone = stands_alone(question)
    own_hits = searcher.search([WeightedText(asked)], max(k, _OWN_HITS) if is_alone else k)
    own_log_odds = searcher.confidence(asked, own_hits[:_JUDGED_HITS])
    if is_alone:
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


def finds_word(word: str, searcher: AnySearcher) -> bool:
    """Return whether a passage that is found for a word holds it, or a form of it."""
    hits = searcher.search([WeightedText(word)], _JUDGED_HITS)
    return any(
        stem(word, hit.passage.language)
        in {stem(held, hit.passage.language) for held in hit.passage.all_words}
        for hit in hits
    )


def finds_all_words(question: str, searcher: AnySearcher) -> bool:
    """Return whether a passage that is found for a question has all its words, or synonyms."""
    hits = searcher.search([WeightedText(question)], _JUDGED_HITS)
    return any(hit.coverage > _ALL_WORDS for hit in hits)


def _subject_of(history: Sequence[Turn]) -> str:
    """Return the newest earlier question with a word to search for; empty without one."""
    asked = (asked_in(turn.question) for turn in reversed(history))
    return next((one for one in asked if extract_words(one)), "")


def _best_score(hits: Sequence[Hit]) -> float:
    return max((hit.score for hit in hits), default=0.0)


def _level(log_odds: float, searcher: AnySearcher) -> int:
    """Return 2 if the hits may be shown as the answer, 1 if they may answer, else 0."""
    return is_sure(log_odds, searcher.tier) + (not is_unanswerable(log_odds, searcher.tier))
