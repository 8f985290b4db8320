"""Read synonyms, in the syntax of Solr and Lucene.

    pm, prime minister                   # each phrase is an alternative of the others
    potus, head of state => president    # "president" is an alternative of the left side only

Each line is one rule. "#" at the start of a line or after white space begins a comment. A backslash
removes the special meaning of the next character. Words are normalised by `extract_tokens`, so
"U.N." and "un" are the same word. Rules are not chained: a word in two rules does not connect the
other words of these rules.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import permutations, product
from pathlib import Path

from index.analysis.languages.codes import ENGLISH
from index.analysis.languages.folding import fold_accents
from index.analysis.languages.scripts import is_unspaced
from index.analysis.terms import extract_tokens
from index.errors import SynonymsError

# Far more than a person writes; a file beyond these limits is probably not a list of synonyms.
MAX_ENTRY_WORDS = 8
MAX_LINE_CHARS = 1_000
MAX_RULES = 100_000

_LINE_END = re.compile(r"\r\n|\r|\n")
_PIECE = re.compile(r"(?P<comment>(?<!\S)#)|\\.|=>|,|[^\\,=#]+|.", re.DOTALL)

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The alternatives of phrases.

    Attributes:
        rules: By phrase, as normalised words without accents, its alternatives in the order of the
            file, without repeats and without the phrase itself.
        longest: The number of words of the longest phrase; 0 without rules.
    """

    rules: Mapping[Phrase, tuple[Phrase, ...]]
    longest: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "longest", max(map(len, self.rules), default=0))

    @classmethod
    def parse(cls, text: str, path: Path, language: str = ENGLISH) -> "Synonyms":
        """Read the rules of `text`, which are words of a language.

        Raises:
            SynonymsError: A rule breaks the syntax; the error names `path`.
        """
        pairs: list[tuple[Phrase, Phrase]] = []
        n_rules = 0
        for number, line in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), start=1):
            try:
                rule = _read_rule(line, language)
            except ValueError as error:
                raise SynonymsError(path, number, reason=str(error)) from error
            pairs.extend(rule)
            n_rules += bool(rule)
            if n_rules > MAX_RULES:
                reason, advice = f"more than {MAX_RULES:,} rules", "leave out what is not needed"
                raise SynonymsError(path, number, reason=reason, advice=advice)
        return cls(_collect(pairs))

    @staticmethod
    def read_checked(path: Path) -> str:
        """Return the text of a UTF-8 file after parsing it; raises OSError or SynonymsError."""
        content = path.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            number = content.count(b"\n", 0, error.start) + 1
            advice = "save the file as UTF-8"
            raise SynonymsError(path, number, reason="not UTF-8", advice=advice) from error
        Synonyms.parse(text, path)
        return text

    def merge(self, other: "Synonyms") -> "Synonyms":
        """Return the rules of both; for a phrase in both, these alternatives come first."""
        both = [*self.rules.items(), *other.rules.items()]
        return Synonyms(_collect((phrase, one) for phrase, others in both for one in others))

    def matches(self, tokens: list[str]) -> list[tuple[int, int, tuple[Phrase, ...]]]:
        """Find the phrases of a question from left to right, longest first, without overlap.

        Returns:
            (start, end, alternatives), half-open over `tokens`; empty if no phrase is known.
        """
        found: list[tuple[int, int, tuple[Phrase, ...]]] = []
        folded = _folded(tokens)
        free = 0
        for start in range(len(tokens)):
            for end in range(min(start + self.longest, len(tokens)), start, -1):
                alternatives = self.rules.get(folded[start:end])
                if alternatives and start >= free:
                    found.append((start, end, alternatives))
                    free = end
        return found


@cache
def general_synonyms() -> Synonyms:
    """Return the packaged rules: general abbreviations and short forms of English."""
    resource = files("index.analysis").joinpath("abbreviations.txt")
    return Synonyms.parse(resource.read_text(encoding="utf-8"), Path(str(resource)))


def _collect(pairs: Iterable[tuple[Phrase, Phrase]]) -> dict[Phrase, tuple[Phrase, ...]]:
    rules: dict[Phrase, dict[Phrase, None]] = {}
    for phrase, alternative in pairs:
        if alternative != phrase:
            rules.setdefault(_folded(phrase), {})[alternative] = None
    return {phrase: tuple(alternatives) for phrase, alternatives in rules.items()}


def _folded(words: Iterable[str]) -> Phrase:
    """Return words without accents, as they may be typed."""
    return tuple(map(fold_accents, words))


def _read_rule(line: str, language: str) -> list[tuple[Phrase, Phrase]]:
    """Return pairs (phrase, alternative) of a line; ValueError if it breaks the syntax."""
    if len(line) > MAX_LINE_CHARS:
        raise ValueError(f"{len(line):,} characters in a line, {MAX_LINE_CHARS:,} are allowed")
    sides = _split_sides(line)
    if sides == [[""]]:
        return []
    if len(sides) > 2:
        raise ValueError("more than one '=>'")
    if [""] in sides:
        raise ValueError(f"nothing stands {'left' if sides[0] == [''] else 'right'} of '=>'")
    phrases = [[_read_entry(entry, language) for entry in entries] for entries in sides]
    if len(phrases) == 2:
        return list(product(phrases[0], phrases[1]))
    if len(phrases[0]) == 1:
        raise ValueError(f"{sides[0][0][:60]!r} stands alone")
    return list(permutations(phrases[0], 2))


def _split_sides(line: str) -> list[list[str]]:
    """Split a line at "=>" and each side at its commas; remove escapes and the comment."""
    sides = [[""]]
    for match in _PIECE.finditer(line):
        if match["comment"]:
            break
        if match[0] == "=>":
            sides.append([""])
        elif match[0] == ",":
            sides[-1].append("")
        else:
            sides[-1][-1] += match[0].removeprefix("\\")
    return [[entry.strip() for entry in side] for side in sides]


def _read_entry(entry: str, language: str) -> Phrase:
    words = tuple(extract_tokens(entry, language))
    shown = repr(entry[:60])  # so that the message stays on one line
    if not words:
        raise ValueError(f"{shown} has no letters or digits")
    n_written = len(entry.split())  # in scripts without spaces a phrase has more words than that
    if len(words) > MAX_ENTRY_WORDS and (n_written > MAX_ENTRY_WORDS or not is_unspaced(entry)):
        raise ValueError(f"{shown} has {len(words)} words, {MAX_ENTRY_WORDS} are allowed")
    return words
