"""Choose the version of the texts that a question is asked of."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.conversation import Turn, asked_in, makes_sense_alone
from bot.answering.quote import Quote
from index import AnySearcher, named_versions


@dataclass(frozen=True, slots=True)
class AskedTexts:
    """A question as it is asked of some of the texts.

    Attributes:
        question: The question; without a version if the texts are all of that version.
        history: The turns before it.
        searcher: Searches the texts.
        versions: The versions of the texts; empty for the current ones.
        mentioned: The versions that the question named, if these are other texts; a passage that
            has them, such as one of a changelog, is preferred to others that answer.
    """

    question: str
    history: list[Turn]
    searcher: AnySearcher
    versions: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()


def texts_to_ask(
    question: str,
    history: Sequence[Turn],
    searcher: AnySearcher,
    versions: Collection[str] = (),
) -> Iterator[AskedTexts]:
    """Yield the texts to ask a question of, until an answer is sure.

    Those of the versions that it names come first, or that the turn was answered from which it
    needs to be understood. The last ones are the current texts.

    Args:
        question: As it was typed.
        history: The earlier turns, oldest first.
        searcher: An open index, with texts of all versions.
        versions: The versions that the person chose; then no other texts are asked.
    """
    if not searcher.editions.versions:
        yield AskedTexts(question, list(history), searcher)
        return
    named = named_versions(asked_in(question), searcher)
    plain = [_without_versions(turn, searcher) for turn in history]
    chosen = tuple(versions) or (
        named.versions if named else _continued(question, history, searcher)
    )
    rest = named.taken_from(question) if named else question
    if chosen:
        yield AskedTexts(rest, plain, searcher.of_versions(chosen), chosen)
    if not versions:
        mentioned = named.versions if named else ()
        yield AskedTexts(rest, plain, searcher.of_current_versions(), mentioned=mentioned)


def versions_shown(turn: Turn, searcher: AnySearcher) -> tuple[str, ...]:
    """Return the versions of the texts that a turn was answered from; empty if it is the current.

    The versions that its question names, if all quotes are of them; else that of the best quote.
    """
    editions = searcher.editions
    sources = [refs.best.source for refs in turn.shown]
    if not sources or not editions.versions:
        return ()
    named = named_versions(asked_in(turn.question), searcher)
    if named and editions.fitting(named.versions).issuperset(sources):
        return named.versions
    version = editions.version_of(sources[0])
    return (version,) if version and sources[0] in editions.superseded else ()


def with_versions(quote: Quote, searcher: AnySearcher) -> Quote:
    """Return a quote with its version and the others of its page, if it has any."""
    version = searcher.editions.version_of(quote.source)
    others = searcher.editions.other_versions(quote.source)
    return replace(quote, version=version, other_versions=others) if version or others else quote


def _continued(question: str, history: Sequence[Turn], searcher: AnySearcher) -> tuple[str, ...]:
    """Return the versions of the turn before a question that needs it; empty for the current."""
    if not history or makes_sense_alone(question, follows=True):
        return ()
    return versions_shown(history[-1], searcher)


def _without_versions(turn: Turn, searcher: AnySearcher) -> Turn:
    named = named_versions(asked_in(turn.question), searcher)
    return replace(turn, question=named.taken_from(turn.question)) if named else turn
