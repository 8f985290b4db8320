"""Recognise greetings, thanks and talk about the bot, which no text answers."""

import re

from bot.answering.message_kinds import kinds_of, without_drawn_out
from index import IndexLanguages, extract_tokens, extract_words

# Of intents that were kept aside, .90 of the remarks are told by the first threshold, and .007 of
# all else; of 6,280 first questions that texts answer, .002 are, and .009 are meant for people by
# the second one. `python -m tests.training.message_kinds` shows such figures (30 November 2026).
MIN_REMARK = 0.6
MIN_FOR_PEOPLE = 0.8

# After an answer few messages are small talk, and short questions look like it.
_MIN_REMARK_AFTER_ANSWER = 0.93
_MAX_TOKENS_AFTER_ANSWER = 5

# What begins so continues a talk, or proposes something.
_GOES_ON = re.compile(
    r"^\W*+(?:(?:and|so|but|or|hey|ok|okay)\W++)*(?:how|what) about\b", re.IGNORECASE
)

# Of 440 questions of a developers' FAQ that its texts answer, 4 are taken for remarks with less
# certainty than this (30 November 2026).
_MIN_CERTAIN_REMARK = 0.85

# Two words are too few to be read with less certainty.
_MIN_REMARK_OF_TWO_WORDS = 0.82

# What asks for things of one's own, and not how something is done, is rarely about texts.
_MIN_FOR_PEOPLE_OF_OWN = 0.5
_OWN = re.compile(r"\b(?:my|mine|our|ours)\b", re.IGNORECASE)
_ASKS_HOW = re.compile(
    r"\b(?:how|why|can|could|should|possible|steps?|do (?:i|we))\b", re.IGNORECASE
)

# The longest remarks have 30 tokens; a longer message is not read, for speed.
_MAX_TOKENS = 40

# Words that greet, thank, part, cheer or react, most of which no collection of requests has.
_REACTIONS = frozenset(
    """
    hi hii hello helo hey heya hiya yo sup howdy greetings gm gn bye goodbye cya brb cheers thanks
    thank thx ty tysm tnx great nice cool awesome amazing perfect lovely sweet wow lol lmao haha
    hahaha hehe xd rofl ok okay kk alright sorry nvm nevermind yes yeah yep yup no nope sure test
    testing ping welcome morning evening night well bad shut mind birthday
    """.split()
)

# Words that may stand beside them.
_BESIDE = frozenset(
    """
    good day afternoon later done fine all very much so again there please never up happy bot
    pullquote guys everyone everybody friend buddy mate dude bro man you u for the that this is it
    to a and my
    """.split()
)

# Some of these are also things that texts are about: "the well", "birthday", "ping".
_THINGS = frozenset("test testing ping welcome morning evening night well mind birthday".split())
_ARTICLES = frozenset("the a an my our this that".split())

# Words that are written large to stress whom a message is for.
_ADDRESSED = frozenset("i me there u you your yours yourself".split())

# The classifier has read English only, and what it says of other languages is chance. These are the
# languages of the bot that are written in Latin letters. Of 9,182 questions in 13 other languages
# 1 was small talk and 12 were meant for people, of which 1 is left; .001 of the remarks are lost.
_MIN_LATIN = 0.75
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_LANGUAGES = IndexLanguages(("en", "de", "es", "fr", "it", "nl", "pl", "pt", "tr", "vi"))

# A greeting may stand before a question, so each clause is read on its own.
_CLAUSE = re.compile(r"[^.,:;!?\n]+")
_MIN_CLAUSE_TOKENS = 3

# "Do you have anything on herring?" and "have you heard of Lowmere?" ask for a subject of texts.
_NAMES_SUBJECT = re.compile(
    r"\b(?:\w*thing|info|information|docs?|quotes?|texts?|much|know|heard?|learn|find|ask)\W+"
    r"(?:about|on|of|regarding)\W+(?!(?:you|u|your|ur|yourself|me|us|this bot)\b)\w",
    re.IGNORECASE,
)

# Messages that ask about what was just said: "why so long?", "is it true?", "that is all?". They
# are small talk only if nothing was said before.
_ABOUT_ANSWER = re.compile(
    r"(?:(?:and|so|but|ok|okay|oh|well|wow)\b\W*)*"
    r"(?:why\b|how come\b|(?:is|was|are|were)\W+(?:it|that|they)\b|(?:it|that|this)\b.*\?)"
    r"(?!.*\b(?:you|u|your|ur|bot)\b)",
    re.IGNORECASE | re.DOTALL,
)

# Without an answer before, there is nothing that this could ask about.
_WHY_SO = re.compile(r"^\W*+(?:why so|how come)\s+\w+\W*$", re.IGNORECASE)


def is_small_talk(question: str, *, follows_answer: bool = False) -> bool:
    """Return whether a message only greets, thanks, or talks to the bot about itself.

    Args:
        question: As it was typed.
        follows_answer: Whether quotes were shown just before, which it may ask about.
    """
    tokens = extract_tokens(question)
    if not 0 < len(tokens) <= _MAX_TOKENS:
        return False
    if follows_answer and _ABOUT_ANSWER.match(question.strip()):
        return False
    if _only_reacts(tokens) or (not follows_answer and _WHY_SO.fullmatch(question)):
        return True
    if _NAMES_SUBJECT.search(question) or _writes_name(question):
        return False
    if follows_answer and len(tokens) > _MAX_TOKENS_AFTER_ANSWER:
        return False
    if follows_answer:
        enough = _MIN_REMARK_AFTER_ANSWER
    else:
        enough = MIN_REMARK if len(tokens) > 2 else _MIN_REMARK_OF_TWO_WORDS
    return _remark(question) >= enough and _is_english(question)


def named_thing(message: str) -> str | None:
    """Return the word of a message that may greet or name a thing, if it has no other; else None.

    It is small talk unless texts hold the word.
    """
    words = [word for word in extract_tokens(message) if word not in _ARTICLES]
    return words[0] if len(words) == 1 and words[0] in _THINGS else None


def is_uncertain(message: str) -> bool:
    """Return whether small talk may also be a question: "whom do I ask for a berth?".

    It is small talk unless a passage has all its words.
    """
    return not _only_reacts(extract_tokens(message)) and _remark(message) < _MIN_CERTAIN_REMARK


def continues_talk(message: str) -> bool:
    """Return whether a message goes on with a talk or proposes something: "how about lunch?"."""
    return _GOES_ON.match(message) is not None


def is_meant_for_people(message: str) -> bool:
    """Return whether the first message of a conversation asks what people know about themselves.

    These are remarks, requests such as "where are my keys?" and "what time is it?", and what
    continues their talk. Some questions to a manual read the same: "where are my invoices?".
    """
    if not 0 < len(extract_tokens(message)) <= _MAX_TOKENS:
        return False
    if continues_talk(message):
        return True
    if _writes_name(message):
        return False
    of_own = _OWN.search(message) and not _ASKS_HOW.search(message)
    enough = _MIN_FOR_PEOPLE_OF_OWN if of_own else MIN_FOR_PEOPLE
    return 1 - kinds_of(message).question >= enough and _is_english(message)


def _only_reacts(tokens: list[str]) -> bool:
    words = set(map(without_drawn_out, tokens))
    return bool(words & _REACTIONS) and words <= _REACTIONS | _BESIDE


def _writes_name(message: str) -> bool:
    """Return whether a message writes a stop word as a name: "what about Go", "what is IT".

    A capital says nothing at its beginning, where all words have one, and in "who are YOU".
    """
    first, _, rest = message.strip().partition(" ")
    others = rest.split()
    if len(others) > 1 and not any(map(str.islower, others)):
        return False
    said = f"{first.lower()} {rest}"
    names = set(extract_words(said)) - set(extract_words(said.lower()))
    return not names <= _ADDRESSED


def _is_english(message: str) -> bool:
    """Return whether most letters are Latin, and the stop words of no other language prevail."""
    if len(_LATIN.findall(message)) < _MIN_LATIN * sum(map(str.isalpha, message)):
        return False
    # With a stop word added, what has hardly any stays English: "oh thanks", "see ya later".
    return _LANGUAGES.of_question(f"the {message}") == _LANGUAGES.main


def _remark(message: str) -> float:
    """Return the probability of a remark: the lowest among the clauses that may ask something."""
    clauses = [
        clause
        for clause in _CLAUSE.findall(message)
        if len(extract_tokens(clause)) >= _MIN_CLAUSE_TOKENS
    ]
    return min(kinds_of(clause).remark for clause in clauses or [message])
