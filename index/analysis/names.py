"""Follow names through a document: where a name is introduced, and where it is shortened."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from index.analysis.sentences import is_abbreviation
from index.analysis.stop_words import STOP_WORDS
from index.analysis.terms import compounds, extract_tokens

# No word of a name is longer. Without the limit a token of 1 MB would be scanned from each capital.
_WORD = r"[A-Z][\w'\u2019-]{0,40}[a-z]"

_NAME_WORD = re.compile(_WORD)

# A capitalised word, then more of them, with initials and the particles of names between.
_FULL_NAME = re.compile(rf"\b{_WORD}(?: (?:(?:[A-Z]\.|[Aa]l|bin|da|de|van|von) )*{_WORD})+")

# Forms of address and offices, which are not given names.
_TITLES = frozenset(
    """
    mr mrs ms mx dr prof gen lt sen rep gov capt col president vice prime minister secretary senator
    representative general ambassador king queen prince princess pope lord lady sir saint the
    chancellor chairman director judge justice
    """.split()
)

# Stop words too: "When Israel" and "On Oct." are beginnings of sentences.
_NO_GIVEN_NAMES = _TITLES | STOP_WORDS

# "Who is Sullivan?" and "tell me about Mr. Sullivan" ask for the passage that introduces him.
_ASKS_WHO = re.compile(
    r"^\W*(?:(?:and|so|ok|but|btw|by the way|remind me|tell me)\W+)*"
    r"(?:who(?:'?s| is| was| are| were| exactly is)|(?:tell me|what) about)\b",
    re.IGNORECASE,
)
_MAX_NAME_TOKENS = 4

# Numbers that say one thing: "1887", "20000", "3.2.1", and words that end in one: "ps3", "ipv6".
# Few digits count what the text may count in words; "12th" and "1980s" have other forms.
_NUMBER = re.compile(r"^(?:\d{3,}|\d+(?:\.\d+)+|(?=\w{3})[^\W\d_]+\d\w*)$")
_DECADE = re.compile(r"\b\d+['\u2019]s\b")

# "J.", "U.S."
_INITIAL = re.compile(r"(?:[A-Za-z]\.)+")

# What no sentence has inside a word: "gitHub", "HTTPServer", "max_berths", "node.js".
_IDENTIFIER = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]{2}|_|[^\W_]\.[a-z]")

# "WHat" is a slip.
_SLIP = re.compile(r"[A-Z]{2}[a-z]+")


@dataclass(frozen=True, slots=True)
class NamesInParagraph:
    """Words that the names of a paragraph add to its own words.

    Attributes:
        introduced: Last words of the names that occur here in full for the first time in the
            document, and are shortened later.
        completed: The missing words of names that are shortened here.
    """

    introduced: tuple[str, ...]
    completed: tuple[str, ...]


def follow_names(paragraphs: list[str]) -> list[NamesInParagraph]:
    """Return, for each paragraph, the names that it introduces and those that it shortens.

    Several capitalised words count as a name if the last of them later occurs without the others
    ("Mr. Sullivan" after "Jake Sullivan").
    """
    full_forms: dict[str, tuple[str, ...]] = {}
    introduced_at: dict[str, int] = {}
    short_at: dict[str, list[int]] = {}
    for number, text in enumerate(paragraphs):
        in_full: set[str] = set()
        for given, last in map(_split_name, _FULL_NAME.findall(text)):
            if given and last not in full_forms:
                full_forms[last], introduced_at[last] = given, number
            if given:
                in_full.add(last)
        if full_forms:
            capitalised = {t for word in set(_NAME_WORD.findall(text)) for t in _tokens(word)}
            for last in capitalised & full_forms.keys() - in_full:
                short_at.setdefault(last, []).append(number)
    introduced: list[list[str]] = [[] for _ in paragraphs]
    completed: list[list[str]] = [[] for _ in paragraphs]
    for last, numbers in sorted(short_at.items()):
        introduced[introduced_at[last]].append(last)
        for number in numbers:
            completed[number].extend(full_forms[last])
    return [
        NamesInParagraph(tuple(ins), tuple(outs))
        for ins, outs in zip(introduced, completed, strict=True)
    ]


def full_names(text: str) -> list[str]:
    """Return the full names in a text, in order, without titles."""
    names = []
    for match in _FULL_NAME.findall(text):
        words = match.split()
        while words and words[0].rstrip(".").lower() in _NO_GIVEN_NAMES:
            del words[0]
        if len(words) > 1:
            names.append(" ".join(words))
    return names


def asked_name(question: str) -> set[str]:
    """Return the words of the name in a question that only asks who somebody is.

    Returns:
        Normalised words without titles; empty for any other question ("who is the king of ...").
    """
    asking = _ASKS_WHO.match(question)
    tokens = extract_tokens(question[asking.end() :]) if asking else []
    if len(tokens) > _MAX_NAME_TOKENS or not STOP_WORDS.isdisjoint(tokens):
        return set()
    return set(tokens) - _TITLES


# Names repeat often; the cache takes a few megabytes.
@lru_cache(maxsize=20_000)
def _tokens(word: str) -> tuple[str, ...]:
    return tuple(extract_tokens(word))


def _split_name(name: str) -> tuple[tuple[str, ...], str]:
    """Return the given names without titles, and the last name; () and "smith" for "Mr. Smith"."""
    words = [token for token in extract_tokens(name) if token not in _NO_GIVEN_NAMES]
    if len(words) < 2:
        return (), words[-1] if words else ""
    return tuple(words[:-1]), words[-1]


def names_in(question: str) -> set[str]:
    """Return the normalised words of names in a question.

    These are the capitalised words inside a sentence, and the words of `asked_name`. If a question
    capitalises every word or no word, only the words of `asked_name` are found.
    """
    names = asked_name(question)
    if any(word.islower() for word in question.split()):
        for before, word in pairwise(question.split()):
            is_inside = not _ends_question(before)
            if is_inside and word.lstrip("\"'(\u201c\u2018")[:1].isupper():
                names.update(extract_tokens(word))
    return names


def _ends_question(word: str) -> bool:
    """Return whether a sentence ends with a word.

    Questions are short, so this replaces Punkt, which takes a quarter of a second to load.
    """
    if word.endswith("."):
        return not is_abbreviation(word) and not _INITIAL.fullmatch(word)
    return word.rstrip("\"')\u201d\u2019").endswith(("?", "!", ".", "\u2026"))


def numbers_in(question: str) -> set[str]:
    """Return the normalised numbers of a question that a text about the same thing would hold.

    These are numbers of three digits and more, versions, and words that end in a number, but no
    ordinals and no decades.
    """
    return set(filter(_NUMBER.fullmatch, extract_tokens(_DECADE.sub(" ", question))))


def identifiers_in(question: str) -> list[tuple[str, ...]]:
    """Return the normalised words of each identifier in a question, such as ("git", "hub")."""
    return [
        tuple(parts)
        for written, parts in compounds(question)
        if _IDENTIFIER.search(written) and not _SLIP.fullmatch(written)
    ]
