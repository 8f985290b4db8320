"""Choose the sentence of a passage that answers a question best."""

import re

import numpy as np

from index.arrays import Scores
from index.passages.passage import Passage, Sentence
from index.search.ranking.announced_answer import announced_answer
from index.search.ranking.query_coverage import QueryCoverage

# By words alone, a sentence's share of the query's words has weight 1, and one that holds
# the expected kind of answer a bonus. With vectors both count little: on the article and SQuAD 2.0
# the mean of MaxSim and the cosine, on the scale of MaxSim, marks the right sentence more often.
_ANSWER_TYPE_BONUS = 0.2
_WORDS_BESIDE_VECTORS = 0.05
_ANSWER_TYPE_BESIDE_VECTORS = 0.05

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|"
    r"thousands?|millions?|billions?|half|twice|once|several)\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?:\.|\b(?= \d)))(?!\w)"
)
_DATE = re.compile(
    rf"\b(?:1\d{{3}}|20\d{{2}})s?\b|\b{_MONTH}"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|\b(?:today|yesterday|tomorrow|week|month|year|decade|century|Christmas|Easter)s?\b"
)
_NAME = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Gen|Lt|Sen|Prof)\.|(?<=\S )[A-Z][\w'\u2019-]+")
_PLACE = re.compile(
    rf"\b(?:in|at|near|from|to|outside|inside|into|across|on)\s+(?:the\s+)?(?!{_MONTH})[A-Z]"
)
_REASON = re.compile(
    r"\b(?:because|since|so that|in order to|due to|thanks to|as a result|reason|fear|worr)",
    re.IGNORECASE,
)

# The first pattern that matches a question determines the pattern of its answer.
_EXPECTED = (
    (re.compile(r"\bhow (?:many|much|long|old|far|often|big|deep|high|large)\b"), _NUMBER),
    (re.compile(r"\b(?:when|what (?:year|date|day|month|time)|which (?:year|day|month))\b"), _DATE),
    (re.compile(r"\b(?:who|whos|whom|whose|what(?:'s|s| is| was) the name)\b"), _NAME),
    (
        re.compile(r"\b(?:where|which (?:city|country|place|room|state)|what (?:city|country))\b"),
        _PLACE,
    ),
    (re.compile(r"\b(?:why|how come|what for|reason)\b"), _REASON),
)


def best_sentence(
    passage: Passage,
    coverage: QueryCoverage,
    question: str,
    likeness: Scores | None,
) -> Sentence | None:
    """Return the sentence that fits the query and the kind of answer best; of ties the first.

    Instead of one that only announces the answer it is the answer; see `announced_answer`.

    Args:
        passage: The passage.
        coverage: The coverage of the query.
        question: Determines the kind of answer that is expected.
        likeness: How near each sentence is by vectors, on the scale of MaxSim; None without these.

    Returns:
        None if in the lexical tier no sentence covers any of the query.
    """
    shared = np.array([coverage.covered(s.words) for s in passage.sentences])
    scores = shared / shared.max() if shared.max() > 0 else shared
    bonus = _ANSWER_TYPE_BONUS
    if likeness is not None:
        scores = likeness + _WORDS_BESIDE_VECTORS * scores
        bonus = _ANSWER_TYPE_BESIDE_VECTORS
    elif not shared.any():
        return None
    if expected := expected_answer(question):
        holds = [bool(expected.search(text)) for text in passage.sentence_texts()]
        scores = scores + bonus * np.array(holds)
    return announced_answer(passage.sentences[int(np.argmax(scores))], passage, shared)


def expected_answer(question: str) -> re.Pattern[str] | None:
    """Return a pattern that the answer to a question matches; None if the kind is not known."""
    lowered = question.lower().replace("\u2019", "'")
    return next((answer for asked, answer in _EXPECTED if asked.search(lowered)), None)
