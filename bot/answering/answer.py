"""Answer a question with quotes: the one entry that every front end calls."""

import time
from collections.abc import Collection, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Literal

from bot.answering.context_search import (
    finds_all_words,
    finds_nothing,
    finds_word,
    search_in_context,
)
from bot.answering.conversation import MAX_TURNS, Turn, asked_in
from bot.answering.example_question import example_question
from bot.answering.joined_hits import LOOKED_THROUGH, pages_of
from bot.answering.pastes import read_message
from bot.answering.quote import Quote, QuoteRef, quote_of, quote_of_hits
from bot.answering.quote_references import Reference, find_reference
from bot.answering.small_talk import is_small_talk, is_uncertain, named_thing
from bot.answering.versions import AskedTexts, texts_to_ask, versions_shown, with_versions
from index import (
    AnySearcher,
    Hit,
    PassageIndexError,
    extract_tokens,
    in_one_language,
    is_sure,
    read_code,
    time_limit,
)

DEFAULT_TOP_K = 3

# Discord's longest message (with Nitro) has 4,000 characters; the rest of a longer one is ignored.
MAX_QUESTION_CHARS = 4000

# Nobody points at more than the tenth quote; pointing at one that was not shown finds nothing.
_MAX_POINTED_AT = 10

# Where pages are there in several languages, so many hits are looked through for those in the
# asker's: of a page in three languages each passage is found three times.
_TRANSLATED_FACTOR = 4
_TRANSLATED_HITS = 30

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


@time_limit()
def answer_question(
    question: str,
    history: Sequence[Turn],
    searcher: AnySearcher,
    *,
    top_k: int = DEFAULT_TOP_K,
    refuses: bool = True,
    joins: bool = False,
    versions: Collection[str] = (),
    language: str | None = None,
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
        versions: The versions of the texts that the person chose; by default the question names
            one, or the current ones are asked.
        language: The locale of the asker; None for the language of the question. Of a page in
            several languages this one is quoted.

    Returns:
        An answer with quotes, or with the reason why there are no quotes. Nothing that a person can
        type raises an exception.

    Raises:
        IndexUnusableError: The index is damaged; opening a large index does not find that.
        ClusterError: The cluster that holds the index does not answer in time.
    """
    started = time.perf_counter()
    answerer = _Answerer(
        searcher.of_current_versions(),
        top_k,
        whole=searcher,
        refuses=refuses,
        joins=joins,
        versions=tuple(versions),
        language=language,
    )
    try:
        answer = answerer.answer(question[:MAX_QUESTION_CHARS], list(history))
    except PassageIndexError:
        raise
    except Exception:
        searcher.check()  # a damaged index can cause any error
        raise
    milliseconds = (time.perf_counter() - started) * 1000
    return replace(answer, question=question, milliseconds=milliseconds)


@time_limit()
def further_quotes(
    turns: Sequence[Turn],
    n_seen: int,
    searcher: AnySearcher,
    *,
    top_k: int = DEFAULT_TOP_K,
    joins: bool = False,
    language: str | None = None,
) -> Answer:
    """Return the next quotes for the last turn, after the first `n_seen`.

    Args:
        turns: At least one, oldest first.
        n_seen: How many hits have been shown.
        searcher: An open index.
        top_k: The most quotes to return.
        joins: As for `answer_question`; the same as for the quotes that have been shown.
        language: The same.

    Returns:
        An answer; without further quotes its reason is "nothing_found".
    """
    *before, last = turns
    current = searcher.of_current_versions()
    answerer = _Answerer(current, top_k, whole=searcher, joins=joins, language=language)
    return answerer.more(replace(last, n_seen=n_seen), before)


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


@dataclass(frozen=True, slots=True)
class _Answerer:
    """Answers questions from one index; `answer_question` documents the attributes.

    Attributes:
        searcher: Searches the current versions of the texts.
        whole: Searches all versions.
    """

    searcher: AnySearcher
    top_k: int
    _: KW_ONLY
    whole: AnySearcher
    refuses: bool = True
    joins: bool
    versions: tuple[str, ...] = ()
    language: str | None = None

    def answer(self, question: str, history: list[Turn]) -> Answer:
        """Answer a message: empty, pointing at a quote, small talk, or a question."""
        if not extract_tokens(question):
            return _nothing(question, "empty_question", example=example_question(self.searcher))
        asked = read_message(question).asked
        last = history[-1] if history else None
        if last and (reference := find_reference(asked, len(last.shown))):
            return self._point(question, reference, history)
        if find_reference(asked, _MAX_POINTED_AT):  # at a quote that was not shown
            return _nothing(question, "nothing_found", turn=last)
        if self.refuses and self._is_small_talk(asked, last):
            return _nothing(question, "small_talk", example=example_question(self.searcher))
        return self._search(question, history)

    def more(self, last: Turn, before: Sequence[Turn]) -> Answer:
        """Return the quotes for the last turn that were not shown yet."""
        shown = versions_shown(last, self.whole)
        asked = AskedTexts(last.question, list(before), self.searcher)
        if shown:
            asked = next(texts_to_ask(last.question, before, self.whole, shown))
        hits, _ = self._hits(asked, last.n_seen + self._n_wanted)
        quotes, n_seen = self._page(hits, last.n_seen)
        if not quotes:
            return _nothing(last.question, "nothing_found", turn=last)
        turn = replace(last, shown=_refs(quotes), n_seen=n_seen)
        return Answer(last.question, quotes, None, 0.0, last.hesitant, turn)

    def _is_small_talk(self, asked: str, last: Turn | None) -> bool:
        """Return whether a message is small talk; what the texts are about may be none."""
        if not is_small_talk(asked, follows_answer=last is not None and bool(last.shown)):
            return False
        if thing := named_thing(asked):
            return not finds_word(thing, self.searcher)
        return not (is_uncertain(asked) and finds_all_words(asked, self.searcher))

    def _point(self, question: str, reference: Reference, history: list[Turn]) -> Answer:
        """Answer a message that points at what the last turn showed."""
        *before, last = history
        if reference.kind == "more":
            return self.more(last, before)
        quote = last.shown[_position(reference, len(last.shown))]
        steps = {"shown": (quote.best, 0), "before": (quote.first, -1), "after": (quote.last, 1)}
        passage = self.whole.passage_from(*steps[reference.kind])
        if passage is None:
            return _nothing(question, "nothing_found", turn=last)
        quotes = (with_versions(quote_of(passage), self.whole),)
        return Answer(question, quotes, None, 0.0, False, replace(last, shown=_refs(quotes)))

    def _search(self, question: str, history: list[Turn]) -> Answer:
        """Answer a question by the texts that are sure to answer it, else by the first ones."""
        found: list[Answer] = []
        for asked in texts_to_ask(question, history, self.whole, self.versions):
            answer = self._ask(question, asked)
            if answer.answered and not answer.hesitant:
                return answer
            found.append(answer)
        return next((answer for answer in found if answer.answered), found[-1])

    def _ask(self, question: str, asked: AskedTexts) -> Answer:
        """Answer a question by the passages that are found for it in some of the texts."""
        searcher = asked.searcher
        hits, log_odds = self._hits(asked, self._n_wanted)
        refused = self.refuses and finds_nothing(
            asked.question, asked.history, hits, log_odds, searcher
        )
        if not hits or refused:
            return _nothing(question, "nothing_found", turn=Turn(question))
        quotes, n_seen = self._page(hits, 0)
        is_unknown = searcher.names_something_unknown(asked_in(asked.question))
        hesitant = is_unknown or not is_sure(log_odds, searcher.tier)
        turn = Turn(question, _refs(quotes), n_seen, hesitant=hesitant)
        return Answer(question, quotes, None, 0.0, hesitant, turn)

    def _hits(self, asked: AskedTexts, n_wanted: int) -> tuple[list[Hit], float]:
        """Return the best hits, each page in one language, and the log odds of the first three."""
        searcher = asked.searcher
        has_translations = searcher.editions.has_translations
        if has_translations:
            n_wanted = max(_TRANSLATED_HITS, _TRANSLATED_FACTOR * n_wanted)
        hits, log_odds = search_in_context(
            asked.question, asked.history, searcher, n_wanted, asked.mentioned
        )
        if has_translations:
            language = read_code(self.language) or searcher.language_of(asked_in(asked.question))
            hits = in_one_language(hits, searcher.editions, language)
        return hits, log_odds

    @property
    def _n_wanted(self) -> int:
        """The number of hits that a page of quotes is chosen from."""
        return LOOKED_THROUGH * self.top_k if self.joins else self.top_k

    def _page(self, hits: Sequence[Hit], n_seen: int) -> tuple[tuple[Quote, ...], int]:
        """Return the quotes after the first `n_seen` hits, and the number of hits shown then."""
        if not self.joins:
            shown = hits[n_seen : n_seen + self.top_k]
            return tuple(self._quote([hit]) for hit in shown), n_seen + len(shown)
        n_shown = 0
        for page in pages_of(hits, self.top_k, self.whole):
            n_before, n_shown = n_shown, n_shown + sum(map(len, page))
            if n_before >= n_seen:
                return tuple(map(self._quote, page)), n_shown
        return (), n_seen

    def _quote(self, hits: Sequence[Hit]) -> Quote:
        """Return hits that stand together as one quote."""
        return with_versions(quote_of_hits(hits), self.whole)


def _position(reference: Reference, n_shown: int) -> int:
    number = reference.number or 1
    return n_shown - 1 if number < 0 else number - 1


def _nothing(
    question: str, reason: Reason, *, turn: Turn | None = None, example: str | None = None
) -> Answer:
    return Answer(question, (), reason, 0.0, turn=turn, example=example)


def _refs(quotes: tuple[Quote, ...]) -> tuple[QuoteRef, ...]:
    return tuple(quote.refs for quote in quotes)
