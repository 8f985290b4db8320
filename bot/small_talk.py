"""Recognise greetings, thanks and talk about the bot, which no text answers."""

from index.terms import extract_tokens

# Words that greet, thank, part, cheer or react. A message of nothing else asks nothing.
_SMALL_TALK = frozenset(
    """
    hi hii hiii hello helo hey heya hiya yo sup howdy greetings gm gn morning evening afternoon
    night good day welcome bye goodbye cya later cheers thanks thank thx ty tysm tnx appreciated
    great nice cool awesome amazing perfect lovely sweet wow lol lmao haha hahaha hehe xd rofl
    ok okay kk alright fine sorry nvm nevermind yes yeah yep yup no nope sure please pls help
    test testing ping bot pullquote buddy friend mate dude bro man guys all everyone everybody
    there again much so very you u for the that this is was it to a and my me i am im ur your
    """.split()
)

# Of these, a message needs at least one; the others above only keep them company.
_OPENERS = frozenset(
    """
    hi hii hiii hello helo hey heya hiya yo sup howdy greetings gm gn bye goodbye cya cheers thanks
    thank thx ty tysm tnx great nice cool awesome amazing perfect lovely sweet wow lol lmao haha
    hahaha hehe xd rofl ok okay kk alright sorry nvm nevermind yes yeah yep yup sure test testing
    ping welcome morning evening night help
    """.split()
)

# Questions about the bot itself or how it is, as runs of words anywhere in a short message.
_PHRASES = (
    "good bot",
    "bad bot",
    "how are you",
    "how are u",
    "how r u",
    "how's it going",
    "how is it going",
    "what's up",
    "who are you",
    "who r u",
    "what are you",
    "who made you",
    "who built you",
    "are you a bot",
    "are you a robot",
    "are you human",
    "are you real",
    "are you an ai",
    "are you there",
    "are you chatgpt",
    "what's your name",
    "what is your name",
    "what can you do",
    "what do you do",
    "can you help me",
    "how do you work",
    "tell me a joke",
    "do you love me",
    "i love you",
    "how old are you",
    "where are you from",
    "do you sleep",
    "you there",
)

# People leave the apostrophe out as often as not.
_ABOUT_THE_BOT = frozenset(
    " ".join(extract_tokens(spelling))
    for phrase in _PHRASES
    for spelling in (phrase, phrase.replace("'", ""))
)

# Longer messages that merely begin politely are questions.
_MAX_TOKENS = 8


def is_small_talk(question: str) -> bool:
    """Say whether a message only greets, thanks, or talks to the bot about itself."""
    tokens = extract_tokens(question)
    if not 0 < len(tokens) <= _MAX_TOKENS:
        return False
    if any(token in _OPENERS for token in tokens) and _SMALL_TALK.issuperset(tokens):
        return True
    rest = [token for token in tokens if token not in _SMALL_TALK - {"you", "u", "r"}]
    said = f" {' '.join(tokens)} "
    return any(f" {phrase} " in said and _covers(phrase, rest) for phrase in _ABOUT_THE_BOT)


def _covers(phrase: str, rest: list[str]) -> bool:
    """Say whether a phrase accounts for all the words that are not small talk by themselves."""
    return set(rest) <= set(phrase.split())
