"""The stop words of English, and how to tell a name from the stop word of the same letters."""

import re

# Function words and words of asking. They occur in any passage, so they only add noise to the
# scores. "us" is missing on purpose, because "U.S." is normalised to "us".
STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any anybody anyone anything are aren arent
    as at be because been before being below between both but by can cannot cant could couldnt did
    didnt do does doesnt doing dont down during each either else etc ever every few for from further
    get gets getting go goes going gonna got had hadnt has hasnt have havent having he hed her here
    heres hers herself hes him himself his how hows i id if ill im in into is isnt it itd itll its
    itself ive just let lets like many me might more most much must mustnt my myself nor not of off
    on once one only or other our ours ourselves out over own please same shall she shed shes should
    shouldnt so some somebody someone something still such tell than that thats the their theirs
    them themselves then there theres these they theyd theyre theyve thing things this those
    through to too u under until up upon very was wasnt we were werent weve what whatever whats when
    whens where wheres which while who whom whos whose why whys will with without wont would
    wouldnt yet you youd youll your youre yours yourself youve
    btw ok okay pls plz thx lol hey um uh kinda gotta wanna really actually
    """.split()
)

# A word in capitals, a capital inside a sentence, and a word that fills a line or a heading. "A"
# and "I" are capitals too often, and "Don't" has an apostrophe.
_INSIDE = re.compile(
    r"(?<!\w)[A-Z]{2,}(?!\w)"
    r"|(?:(?<=[^\W_] )|(?<=[^\W_], ))[A-Z][a-z]+(?![^\W_]|['\u2019][a-z])"
)
_ALONE = re.compile(r"(?:^|(?<=\n)|(?<=\u203a ))[A-Z][A-Za-z]+(?=\n| \u203a|$)")
_QUOTED = re.compile(r"""(?<=["`\u201c\u201e])[A-Za-z]{2,}(?=["`\u201d\u201c])""")

# Stop words that people write in capitals to stress them.
_STRESSED = frozenset("all any each every just must no not only same should very".split())
_FIRST_WORD = re.compile(r"\W*(\w+)\s")
_ASKING = frozenset(
    """
    who whom whose what when where which why how am are can could did do does had has have is may
    might should was were will would
    """.split()
)

# A longer text whose words are all capitalised is a headline, and one in capitals shouts.
_MAX_NAME_WORDS = 3


def names_among_stop_words(text: str) -> set[str]:
    """Return the stop words, in lower case, that a text writes as names.

    "WHO" and "IT" in capitals are names, "Go" and "Will" inside a sentence or alone in a heading,
    and any stop word in quotation marks of its own.
    """
    inside = _stop_words_among(_INSIDE.findall(text))
    if inside and _capitalises_everything(text):
        inside = set()
    return inside | _stop_words_among(_ALONE.findall(text) + _QUOTED.findall(text))


def names_in_question(question: str) -> set[str]:
    """Return the stop words, in lower case, that a question writes as names.

    Capitals also stress a word: "WHO dug it", "is it NOT open". Such words are no names.
    """
    names = names_among_stop_words(question) - _STRESSED
    first = _FIRST_WORD.match(question)
    if first and first[1].lower() in _ASKING:
        names.discard(first[1].lower())
    return names


def _stop_words_among(words: list[str]) -> set[str]:
    return {word.lower() for word in words} & STOP_WORDS if words else set()


def _capitalises_everything(text: str) -> bool:
    words = text.split()
    return len(words) > _MAX_NAME_WORDS and not any(word[0].islower() for word in words)
