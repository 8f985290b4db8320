"""What kind of thing a question asks for, and whether a sentence names one."""

import re

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

# The first pattern that a question matches says what its answer holds.
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


def expected_answer(question: str) -> re.Pattern[str] | None:
    """Return a pattern that a sentence answering the question holds; None where any may do."""
    lowered = question.lower().replace("\u2019", "'")
    return next((answer for asked, answer in _EXPECTED if asked.search(lowered)), None)
