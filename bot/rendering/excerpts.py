"""Cut a quote to a size, at the ends of sentences, around the sentence that answers."""

from collections.abc import Callable

from bot.answering import Quote

ELLIPSIS = "\u2026"

# What showing a quote's characters from start to end costs on a surface.
Cost = Callable[[int, int], int]


def choose_excerpt(
    quote: Quote, room: int, cost: Cost, *, whole_passage: bool = True
) -> tuple[int, int]:
    """Return the part of a quote to show, as half-open character offsets in its text.

    The answering sentence (the first one if it is not known) comes first; with `whole_passage`
    the sentences after and before it follow in turn while there is room. A sentence too long for
    the room is cut at the end of a word.

    Args:
        quote: What to show.
        room: The most that the excerpt may cost.
        cost: The cost of a part with all that is shown around it; a longer part costs more.
        whole_passage: False to show the answering sentence only.
    """
    spans = list(quote.sentences) or [(0, len(quote.text))]
    wanted = quote.highlight or spans[0]
    first = last = spans.index(wanted) if wanted in spans else 0
    start, end = spans[first]
    if cost(start, end) > room:
        return start, _cut_at_word(quote.text, start, end, room, cost)
    while whole_passage:
        if last + 1 < len(spans) and cost(start, spans[last + 1][1]) <= room:
            last += 1
        elif first > 0 and cost(spans[first - 1][0], end) <= room:
            first -= 1
        else:
            break
        start, end = spans[first][0], spans[last][1]
    return start, end


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
    return space if space > start else low
