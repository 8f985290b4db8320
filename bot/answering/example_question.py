"""Draw a question from the texts, for people who do not know what to ask."""

import re
from collections import Counter
from itertools import islice
from weakref import WeakKeyDictionary

from index import AnySearcher, PassageList, full_names

# A name that has a title somewhere, as in "Mr. Smith", is a person's.
_WITH_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen)\. ([A-Z][\w-]+)")

# Enough to find names that matter, also in a large collection.
_MAX_PASSAGES = 1000


# Drawn once for each index: small talk is frequent, and an index does not change. The cache does
# not keep an index open.
_drawn: WeakKeyDictionary[PassageList, str] = WeakKeyDictionary()


def example_question(searcher: AnySearcher) -> str | None:
    """Return a question that the texts answer: about the name they mention most, or a title.

    Return None if there are no texts.
    """
    passages = searcher.passages
    question = _drawn.get(passages)
    if question is None and (question := _draw(passages)) is not None:
        _drawn[passages] = question
    return question


def _draw(all_passages: PassageList) -> str | None:
    passages = list(islice(all_passages, _MAX_PASSAGES))
    if not passages:
        return None
    text = "\n".join(passage.text for passage in passages)
    people = set(_WITH_TITLE.findall(text))
    names = Counter(name for name in full_names(text) if name.split()[-1] in people)
    if names:
        return f"who is {names.most_common(1)[0][0]}?"
    return f"what do the texts say about {passages[0].title}?"
