"""Explain how a question was read and why passages were chosen."""

from collections.abc import Generator, Iterator, Sequence

from bot.answering.answer import DEFAULT_TOP_K
from bot.answering.context_search import finds_nothing, search_in_context
from bot.answering.conversation import Turn, asked_in, read_in_context
from bot.answering.pastes import read_message
from bot.answering.versions import AskedTexts, texts_to_ask
from index import Alternative, AnySearcher, is_sure

# Below this an alternative word hardly moves a score.
_MIN_SHOWN_FACTOR = 0.1


def explain(
    question: str, history: Sequence[Turn], searcher: AnySearcher, *, top_k: int = DEFAULT_TOP_K
) -> Iterator[str]:
    """Yield lines that explain the search for a question.

    First how each part of the query was read: its weight, its words, and in brackets what may
    stand for them, with what each counts. Then the best passages with what words and meaning
    add to their scores, and how sure the searcher is.
    """
    yield f"tier: {searcher.tier}"
    for asked in texts_to_ask(question, history, searcher):
        if asked.versions:
            yield f"asked of version {', '.join(asked.versions)}"
        is_sure_of_it = yield from _explain(asked, top_k)
        if is_sure_of_it:
            return


def _explain(asked: AskedTexts, top_k: int) -> Generator[str, None, bool]:
    """Yield the lines about some of the texts, and return whether they are sure to answer."""
    question, history, searcher = asked.question, asked.history, asked.searcher
    query = read_in_context(question, history)
    pasted = read_message(question).pasted
    for position, part in enumerate(searcher.expand(query)):
        origin = "question" if position == 0 else "from history"
        if position == 1 and part.text == pasted:
            origin = "pasted"
        units = "; ".join(
            " ".join(unit.words) + _alternatives(unit.alternatives) for unit in part.units
        )
        yield f"{origin}, weight {part.weight:g}: {units or '(no words that tell anything)'}"
    hits, log_odds = search_in_context(question, history, searcher, top_k, asked.mentioned)
    for hit in hits[:top_k]:
        parts = ", ".join(f"{name} {value:+.2f}" for name, value in hit.parts.items())
        citation = f"{hit.passage.source}, paragraph {hit.passage.paragraph}"
        yield f"{hit.rank}. {citation}: {hit.score:+.2f} ({parts}; words held {hit.coverage:.0%})"
    verdict = "sure" if is_sure(log_odds, searcher.tier) else "hesitant"
    if finds_nothing(question, history, hits, log_odds, searcher):
        verdict = "nothing found"
    elif searcher.names_something_unknown(asked_in(question)):
        verdict = "hesitant: it names something that the texts never mention"
    yield f"log odds that the texts answer: {log_odds:+.1f} ({verdict})"
    return verdict == "sure"


def _alternatives(alternatives: tuple[Alternative, ...]) -> str:
    shown = [
        f"{' '.join(other.words)} {other.factor:.2f} by {other.kind}"
        for other in alternatives
        if other.factor >= _MIN_SHOWN_FACTOR
    ]
    return f" [{', '.join(shown)}]" if shown else ""
