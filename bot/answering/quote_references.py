"""Recognise messages that point at a quote that was shown, instead of asking something new."""

import re
from dataclasses import dataclass
from typing import Literal

from index import extract_tokens

Kind = Literal["shown", "before", "after", "more"]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a message points at in the last answer.

    Attributes:
        kind: A quote that was "shown", the paragraph "before" or "after" one of them, or "more"
            quotes for the same question.
        number: Which quote of the last answer, from 1, or -1 for the last one shown; always given
            with "shown", never with "more"; None with "before" and "after" means the best quote.
    """

    kind: Kind
    number: int | None


# Longer messages say more than which one; "could you please show me the paragraph right before
# the second one you quoted" has 83 characters.
_MAX_CHARS = 120

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_SHORT_ORDINALS = "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th".split()
_CARDINALS = "one two three four five six seven eight nine ten".split()
_FIGURES = "1 2 3 4 5 6 7 8 9 10".split()

# "The other one" is said by those who have read the first.
_NUMBERS = {"last": -1, "final": -1, "other": 2} | {
    word: number
    for words in (_ORDINALS, _SHORT_ORDINALS, _CARDINALS, _FIGURES)
    for number, word in enumerate(words, start=1)
}

# The patterns below read a message's tokens joined by "_": no capitals, no marks, and "what's" is
# "what". White space in them says nothing.
_NTH = "|".join([*_ORDINALS, *_SHORT_ORDINALS, "last", "final", "other"])
_COUNT = "|".join([*_CARDINALS, *_FIGURES])
_QUOTE = "(?:quote|result|answer|excerpt|snippet|citation)"
_PARAGRAPH = "(?:paragraph|para|passage|part|bit|one)"
_THE = "(?:(?:the|that|this|your)_)?"
_YOU_HAVE = "(?:(?:do_)?(?:you|u)_have|(?:have_)?(?:you|u)_got)"

# What may stand in front: politeness and requests. Possessive, so it is read in one way only.
_LEAD = re.compile(
    r"""(?:(?:
    please|pls|plz|ok|okay|kk?|so|now|also|but|or|well|oh|ah|hmm?|um|uh|yes|yeah|yep|yup|sure
    |and(?!_then$)|then(?!_what$)|no(?=_(?:the|i)_)|thanks|thank_you|thx|ty|cool|great|nice
    |alright|sorry|wait|hey|hi|hello|just|actually|maybe
    |(?:can|could|would|will|may)_(?:you|u|i|we)
    |i_(?:want|need|meant?|wanna|would_like)(?:_to)?|id_like(?:_to)?|ill_take
    |let_(?:me|us)|lets?|lemme|gimme|want|see|hear|have|view|display|print|load|find|expand
    |(?:show|give|get|tell|send|quote|open)(?:_(?:me|us))?(?:_about)?
    |read(?!_(?:on|further|ahead)(?:_|$))(?:_(?:me|us))?
    |(?:go|jump|skip|move)(?:_back)?_to|back_to|how_about
    |what(?!_then$)s?(?:_(?:is|was|about|does|did)(?!_(?:first|last)$))?(?:_it_say)?(?:_in(?=_the))?
)_)*+""",
    re.VERBOSE,
)

# What may stand behind; "say" belongs to "what does the second one say".
_TRAIL = r"""(?:_(?:
    please|pls|plz|thanks|thank_you|thx|ty|then|again|too|instead|as_well|for_me|to_me|out
    |in_full|fully|completely|entirely|says?|about
    |(?:that_)?you_(?:just_)?(?:showed|gave|quoted|found|posted|sent|mentioned)(?:_me)?
))*+"""

# "second", "the whole third quote", "number two", "2". "Paragraph 2" is not one of them: the
# citations below quotes count the paragraphs of the document.
_SHOWN = rf"""(?:
    {_THE}(?:(?:full|whole|entire)_)?(?P<nth>{_NTH})(?:_(?:{_QUOTE}|paragraph|para|passage|one))?
        (?:_of_(?:them|those|these))?
    |(?:{_THE}(?:no(?!_one)|nr|num|number|(?:{_QUOTE}|passage)(?:_(?:no|nr|number))?)_)?
        (?P<count>{_COUNT})
)"""

# "more", "any more quotes", "are there others", "what else do you have on this", "next results".
# "The others" is not one of them: that asks for other people or things of the text.
_MORE = rf"""(?:
    (?:(?:(?:are|is)_there|{_YOU_HAVE}|got)_)?(?:
        (?:(?:any|some|even|a_few|{_COUNT})_)?more
            (?:_(?:(?:{_QUOTE}|passage|paragraph|one)s?|details?|info|information))?
        |(?:anything|something)_more|(?:anything_)?else|anymore
        |(?:any_)?(?:others|other_ones)|(?:(?:the|any)_)?other_(?:{_QUOTE}|passage|paragraph)s
        |any_other|another(?:_(?:{_QUOTE}|passage|one))?
        |the_rest(?:_of_(?:them|those|these|the_{_QUOTE}s))?
        |{_THE}next_(?:(?:few|{_COUNT})_)?(?:{_QUOTE}s?|ones|page)
        |{_THE}next_(?!one(?:_|$))(?:few|{_COUNT})
    )(?:_(?:is_there|are_there|{_YOU_HAVE}))?
    (?:_(?:about|on|of|like)_(?:that|this|it|these|those|them))?
)"""


def _beside(preposition: str, adjective: str, verb: str, command: str) -> str:
    """Return the pattern of phrases for the paragraph before or after a quote."""
    return rf"""(?:
        (?:(?:(?:the|a|one)_)?{_PARAGRAPH}_)?(?:(?:that|which)_)?
        (?:(?:(?:comes?|came|goes|is|was)_)?(?:(?:right|just|directly)_)?(?:{preposition})|{verb})
        (?:_(?:(?:that|this|it)(?:_{_PARAGRAPH}|_{_QUOTE})?|the_(?:{_PARAGRAPH}|quote)|{_SHOWN}))?
        |{_THE}(?:(?:comes?|came)_)?(?:{adjective})(?:_(?:(?:few|{_COUNT})_)?{_PARAGRAPH}s?)?
        |{command}
    )"""


_STEP = rf"(?:one|a|1)(?:_{_PARAGRAPH})?"
_ONE_PARAGRAPH = "(?:one|a|1)_(?:paragraph|para|passage)"
_WORDINGS: dict[Kind, str] = {
    "more": _MORE,
    "before": _beside(
        "before|preceding",
        "previous|preceding|prior",
        "precedes",
        rf"(?:(?:go|move|scroll)_)?(?:back|up)_{_STEP}|{_ONE_PARAGRAPH}_(?:back|earlier)",
    ),
    "after": _beside(
        "after|following",
        "next|following",
        "follows",
        rf"""(?:(?:go|move|scroll)_)?(?:forward|down)_{_STEP}|{_ONE_PARAGRAPH}_(?:further|later)
            |(?:continue(?:_reading)?|keep_(?:reading|going)|go_on|carry_on
                |read_(?:on|further|ahead))(?:_from_(?:there|here))?
            |and_then|then_what|what_then""",
    ),
    "shown": _SHOWN,
}
_PATTERNS = {kind: re.compile(wording + _TRAIL, re.VERBOSE) for kind, wording in _WORDINGS.items()}


def find_reference(question: str, n_shown: int) -> Reference | None:
    """Return the quote, or the request for more, that a message refers to.

    Args:
        question: As it was typed.
        n_shown: How many quotes the last answer showed; with 0 there is nothing to point at.

    Returns:
        The reference; None if the message asks a new question, or refers to a quote that was not
        shown ("the fifth one" after three quotes).
    """
    if n_shown < 1 or len(question) > _MAX_CHARS:
        return None
    said = "_".join(extract_tokens(question))
    lead = _LEAD.match(said)
    start = lead.end() if lead else 0
    for kind, pattern in _PATTERNS.items():
        if match := pattern.fullmatch(said, start):
            words = match.groupdict()
            number = _NUMBERS.get(words.get("nth") or words.get("count") or "")
            return Reference(kind, number) if (number or 0) <= n_shown else None
    return None
