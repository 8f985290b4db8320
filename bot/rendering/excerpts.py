"""Cut a quote to a size, at the ends of sentences, around the sentence that answers."""

from collections.abc import Callable

from bot.answering import Quote

ELLIPSIS = "\u2026"

# What showing a quote's characters from start to end costs on a surface.
Cost = Callable[[int, int], int]


def choose_excerpt(quote: Quote, room: int, cost: Cost) -> tuple[int, int]:
    """Return the part of a quote to show, as half-open character offsets in its text.

    The answering sentence (the first one if it is not known) comes first, in a joined quote those
    of the other passages are next; the sentences after and before them follow in turn while there
    is room. A sentence too long for the room is cut at the end of a word. A row of a table and a
    line of code is a sentence.

    Args:
        quote: What to show.
        room: The most that the excerpt may cost.
        cost: The cost of a part with all that is shown around it; a longer part costs more.
    """
    spans = _spans(quote)
    start, end = answering_span(quote)
    first = last = spans.index((start, end))
    if cost(start, end) > room:
        return start, _cut_at_word(quote.text, start, end, room, cost)
    if cost(spans[0][0], spans[-1][1]) <= room:
        return spans[0][0], spans[-1][1]
    for position in (spans.index(span) for span in quote.joined if span in spans):
        wider = min(first, position), max(last, position)
        if cost(spans[wider[0]][0], spans[wider[1]][1]) <= room:
            first, last = wider
    steps = ["after", "before"]
    while steps:
        step = steps.pop(0)
        wider = (first, last + 1) if step == "after" else (first - 1, last)
        if wider[0] < 0 or wider[1] == len(spans):
            continue
        if cost(spans[wider[0]][0], spans[wider[1]][1]) <= room:
            first, last = wider
            steps.append(step)
    return spans[first][0], spans[last][1]


def answering_span(quote: Quote) -> tuple[int, int]:
    """Return the sentence, row or line that answers; the first one if it is not known."""
    spans = _spans(quote)
    return quote.highlight if quote.highlight in spans else spans[0]


def _spans(quote: Quote) -> list[tuple[int, int]]:
    return list(quote.sentences) or [(0, len(quote.text))]


def _cut_at_word(text: str, start: int, end: int, room: int, cost: Cost) -> int:
    """Return the largest end of a word that fits the room, or of a character if no word does."""
    low, high = start + 1, end
    while low < high:
        middle = (low + high + 1) // 2
        if cost(start, middle) <= room:
            low = middle
        else:
            high = middle - 1
    if low == end:
        return end
    space = text.rfind(" ", start, low + 1)
    while space > start and cost(start, space) > room:  # a form may take more for less text
        space = text.rfind(" ", start, space)
    return space if space > start else low
