"""Expand a question into units: its words and phrases, each with alternatives."""

import copy
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from threading import Lock

from cachetools import LRUCache

from index.analysis.languages.codes import ENGLISH
from index.analysis.languages.folding import fold_accents
from index.analysis.languages.stems import stem
from index.analysis.languages.stop_lists import stop_form, stop_words_of
from index.analysis.stop_words import STOP_WORDS, names_in_question
from index.analysis.synonyms import Synonyms
from index.analysis.terms import extract_tokens
from index.lexical.fields import LexicalIndex
from index.search.ranking.compounds import COMPOUNDING, LINKS, CompoundWords
from index.search.ranking.negation import negated, opposites
from index.search.ranking.spellings import (
    folded_umlauts,
    glued_words,
    joined_forms,
    other_numbers,
    parts_of,
    written_out,
)
from index.search.ranking.units import Alternative, Unit
from index.search.ranking.word_forms import WordForms
from index.vectors.models.common_words import is_common_word

# A word that no passage holds is taken for a typo of the nearest word of the corpus, with at most
# one error in five letters (optimal string alignment, which counts a swap of two letters once).
# Slightly below 0.8, because rapidfuzz rounds.
_MIN_TYPO_SIMILARITY = 0.795
_MIN_TYPO_CHARS = 4

# Stop words in small letters that are read as names where a question has no other word ("what does
# get do?"), where they end it as objects do ("how to install go", "a server in go"), and where no
# verb can stand ("how do go programs start?", "a go program").
_VERBS = frozenset({"get", "go", "let"})
_BEFORE_OBJECTS = frozenset("in with for of about".split())
_BEFORE_SUBJECTS = frozenset("do does did is are was were".split())

# Behind an article pronouns are names too: "the it department", "the who guideline".
_ARTICLES = frozenset({"a", "an", "the"})
_PRONOUNS = frozenset({"it", "who"})

# Twice as many words as the longest question of SQuAD 2.0 (40). The rest of a pasted page is
# ignored, because each unknown word costs a search of the vocabulary.
MAX_READ_TOKENS = 80

# A few megabytes.
_MAX_REMEMBERED_WORDS = 20_000

# A question is expanded for several purposes, one after the other.
_MAX_REMEMBERED_QUESTIONS = 64

# Names of peoples and languages have endings of at most three letters: "Italy" and "Italian".
_MAX_ENDING_CHARS = 3
_MIN_BEGINNING_CHARS = 4

_DIGIT = re.compile(r"\d")

_LAST_CHAR = "\U0010ffff"

# A synonym of n words has the factor 0.8 / sqrt(n), so that long phrases do not win by length.
_SYNONYM_FACTOR = 0.8

# The factor of two words for one that the texts do not hold ("data base" for "database").
_APART_FACTOR = 0.5

# The factor of a word that the question negates, while its opposites have 1.
_NEGATED_FACTOR = 0.5

# The factor of a word that WordNet relates. From 0.25 to 0.4 hit@1 of the lexical tier stays within
# a point.
_RELATED_FACTOR = 0.25

# The factor of the correction of an unknown word in a language other than English. Its words have
# many forms, and the texts may not hold this one.
_CORRECTED_FORM_FACTOR = 0.6

# In languages other than English a stop word counts half, because their lists have words with a
# meaning too. A longer word says more; one of six letters has the weight 1. The mean hit@1 of 14
# sets in 13 languages is .873 with stop words alone, .875 with both; .859 and .864 are the means
# without and with stop words at half their weight where no forms of words are searched.
_STOP_WORD_WEIGHT = 0.5
_USUAL_CHARS = 6
_LENGTH_EXPONENT = 0.25


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the tokens of a question are read.

    Attributes:
        language: The language that it is read in.
        names: The stop words that are names.
        negated: The words behind a negation.
        spellings: By token, words of the texts that are other spellings of it.
        glued: By its parts, a word of the texts that is written without a sign between them.
    """

    language: str
    names: set[str]
    negated: set[str]
    spellings: Mapping[str, tuple[str, ...]]
    glued: Mapping[tuple[str, ...], str]


class QueryExpander:
    """Turns questions into units, and caches the units of words. Threads may share it."""

    def __init__(
        self,
        lexical: LexicalIndex,
        synonyms: Synonyms,
        words: Sequence[str],
        related: Mapping[str, Sequence[str]],
    ) -> None:
        """Prepare to expand questions.

        Args:
            lexical: The words of the texts that are searched.
            synonyms: The rules of synonyms.
            words: The commonest words of the corpus, sorted; the meant word of a typo is looked for
                among those that the texts that are searched hold.
            related: By stem, the words of the corpus that WordNet relates to it.
        """
        self._lexical = lexical
        self._synonyms = synonyms
        self._words = words
        self._related = related
        languages = lexical.languages.codes
        self._compounds = CompoundWords(words, languages)
        self._links = ("",) if COMPOUNDING.isdisjoint(languages) else LINKS
        self._forms = WordForms(words)
        self._forget()

    def _forget(self) -> None:
        self._known_units: LRUCache[tuple[str, str], Unit] = LRUCache(_MAX_REMEMBERED_WORDS)
        self._known_questions: LRUCache[str, list[Unit]] = LRUCache(_MAX_REMEMBERED_QUESTIONS)
        self._lock = Lock()

    def within(self, lexical: LexicalIndex) -> "QueryExpander":
        """Return an expander for some of the texts, which shares what all of them need."""
        view = copy.copy(self)
        view._lexical = lexical
        view._forget()
        return view

    def units(self, text: str) -> list[Unit]:
        """Return the units of a question's first 80 words in order; stop words are left out."""
        with self._lock:
            units = self._known_questions.get(text)
        if units is None:
            units = self._expand(text)
            with self._lock:
                self._known_questions[text] = units
        return list(units)

    def _expand(self, text: str) -> list[Unit]:
        language = self._lexical.languages.of_question(text)
        tokens = extract_tokens(text, language)[:MAX_READ_TOKENS]
        self._lexical.read_ahead(tokens)
        reading = self._read(text, tokens, language)
        units: list[Unit] = []
        position = 0
        for start, end, alternatives in self._synonyms.matches(tokens):
            units += self._units_of(tokens[position:start], reading)
            units.append(self._phrase_unit(tuple(tokens[start:end]), alternatives, language))
            position = end
        return units + self._units_of(tokens[position:], reading)

    def weigh(self, text: str, units: Sequence[Unit]) -> list[tuple[Unit, float]]:
        """Return units of a question, each with the weight that its language gives it.

        In English all weights are 1. In other languages long words have more weight than short
        ones.
        """
        if self._lexical.languages.of_question(text) == ENGLISH:
            return [(unit, 1.0) for unit in units]
        return [(unit, _length_weight("".join(unit.words))) for unit in units]

    def stop_words(self, text: str) -> list[tuple[Unit, float]]:
        """Return the stop words of a question as units, each with its weight; none in English.

        They only help to order passages that hold other words of the question.
        """
        language = self._lexical.languages.of_question(text)
        if language == ENGLISH:
            return []
        tokens = extract_tokens(text, language)[:MAX_READ_TOKENS]
        return [
            (Unit((token,)), _STOP_WORD_WEIGHT * _length_weight(token))
            for token in tokens
            if _is_stop_word(token, language)
        ]

    def suggestions(self, text: str) -> dict[str, list[str]]:
        """Return, by unknown word of a text, the words of the corpus that it may be a typo of.

        An unknown word that is no typo is left out. Words near in meaning are not suggested: a
        word that the texts do not have, such as "bake", need not be a mistake.
        """
        found: dict[str, list[str]] = {}
        for unit in self.units(text):
            unknown = " ".join(unit.words)
            if any(map(self._lexical.knows, unit.words)) or unknown in found:
                continue
            typos = [" ".join(other.words) for other in unit.alternatives if other.kind == "typo"]
            if typos:
                found[unknown] = typos
        return found

    def is_unknown(self, unit: Unit) -> bool:
        """Return whether no passage has a unit's words, their correction or their synonyms."""
        if any(word in self._lexical or _DIGIT.search(word) for word in unit.words):
            return False
        return not any(other.kind in ("typo", "spelling", "synonym") for other in unit.alternatives)

    def knows_beginning(self, word: str) -> bool:
        """Return whether the texts have a word that begins like it: "Italy" for "italian"."""
        beginning = word[: max(_MIN_BEGINNING_CHARS, len(word) - _MAX_ENDING_CHARS)]
        first = bisect_left(self._words, beginning)
        end = bisect_left(self._words, f"{beginning}{_LAST_CHAR}")
        return any(map(self._lexical.knows, self._words[first:end]))

    def _read(self, text: str, tokens: Sequence[str], language: str) -> _Reading:
        """Find the names, negations and other spellings in a question."""
        knows = self._lexical.knows
        spellings = joined_forms(text, tokens, knows, language)
        for token, spelled in written_out(text, language).items():
            if knows(spelled):
                spellings[token] = (*spellings.get(token, ()), spelled)
        glued = glued_words(text, knows, language)
        if language != ENGLISH:
            # A list of another language may have all words of a question; then they all count.
            only_stop_words = all(_is_stop_word(token, language) for token in tokens)
            return _Reading(
                language, set(tokens) if only_stop_words else set(), set(), spellings, glued
            )
        names = set(tokens) if len(tokens) == 1 else names_in_question(text)
        if STOP_WORDS.issuperset(tokens) or self._ends_with_object(tokens):
            names |= _VERBS.intersection(tokens)
        names |= self._subjects(tokens)
        names = {name for name in names if knows(name)}
        return _Reading(language, names, negated(tokens), spellings, glued)

    def _ends_with_object(self, tokens: Sequence[str]) -> bool:
        """Return whether the last token is a stop word that names a subject of the texts."""
        *before, last = tokens or [""]
        return (
            last in _VERBS
            and bool(before)
            and (before[-1] not in STOP_WORDS or before[-1] in _BEFORE_OBJECTS)
            and self._lexical.is_in_headings(last)
        )

    def _subjects(self, tokens: Sequence[str]) -> set[str]:
        """Return the stop words where only a noun can stand that name a subject of the texts."""
        found = {
            word
            for before, word in pairwise(tokens)
            if (word in _VERBS and before in _BEFORE_SUBJECTS | _ARTICLES)
            or (word in _PRONOUNS and before in _ARTICLES)
        }
        return set(filter(self._lexical.is_in_headings, found))

    def _units_of(self, tokens: Sequence[str], reading: _Reading) -> list[Unit]:
        units: list[Unit] = []
        end = 0
        for start, token in enumerate(tokens):
            if start < end:
                continue
            parts = _run_at(start, tokens, reading.glued)
            if parts:
                units.append(self._glued_unit(parts, reading))
                end = start + len(parts)
            elif not _is_stop_word(token, reading.language) or token in reading.names:
                unit = self._unit(token, reading)
                if unit.words == (token,) or unit not in units:  # both parts of "Wi-Fi" are one
                    units.append(unit)
        return units

    def _unit(self, token: str, reading: _Reading) -> Unit:
        """Return the unit of a token: itself, another spelling of it, or its opposites."""
        if token in reading.negated and (others := opposites(token, self._lexical.knows)):
            rest = [Alternative((other,), 1.0, "synonym") for other in others[1:]]
            rest.append(Alternative((token,), _NEGATED_FACTOR, "synonym"))
            return Unit((others[0],), tuple(rest))
        spelled = reading.spellings.get(token, ())
        if spelled and not self._lexical.knows(token):
            return self._single_unit(spelled[0], reading.language)
        unit = self._single_unit(token, reading.language)
        others_of_it = tuple(Alternative((other,), 1.0, "spelling") for other in spelled)
        return replace(unit, alternatives=others_of_it + unit.alternatives)

    def _glued_unit(self, parts: tuple[str, ...], reading: _Reading) -> Unit:
        """Return the unit of "tideTable": one word, which its parts may stand for."""
        unit = self._single_unit(reading.glued[parts], reading.language)
        apart = _content(parts, reading.language)
        if not apart:
            return unit
        factor = _SYNONYM_FACTOR / len(apart) ** 0.5
        alternative = Alternative(apart, factor, "spelling")
        return replace(unit, alternatives=(alternative, *unit.alternatives))

    def _phrase_unit(
        self, words: tuple[str, ...], alternatives: tuple[tuple[str, ...], ...], language: str
    ) -> Unit:
        synonyms = tuple(
            Alternative(other, _SYNONYM_FACTOR / len(other) ** 0.5, "synonym")
            for other in (_content(phrase, language) for phrase in alternatives)
            if other
        )
        near = self._single_unit(words[0], language).alternatives if len(words) == 1 else ()
        return Unit(_content(words, language) or words, synonyms + near)

    def _single_unit(self, word: str, language: str) -> Unit:
        key = (word, language)
        with self._lock:
            unit = self._known_units.get(key)
        if unit is None:
            unit = Unit((word,), self._alternatives(word, language))
            # `cachedmethod` would do this too, but it would keep this object alive.
            with self._lock:
                self._known_units[key] = unit
        return unit

    @cached_property
    def _accented(self) -> dict[str, str]:
        """The words of the corpus that have accents, by the word without them."""
        return {fold_accents(word): word for word in self._words if not word.isascii()}

    def _alternatives(self, word: str, language: str) -> tuple[Alternative, ...]:
        knows = self._lexical.knows
        accented = self._accented.get(fold_accents(word))
        is_accented = accented is not None and knows(accented) and not knows(word)
        others = (Alternative((accented,), 1.0, "spelling"),) if accented and is_accented else ()
        if language != ENGLISH:
            return self._with_forms(word, others or self._unaccented(word, language), language)
        return others or self._unaccented(word, language)

    def _unaccented(self, word: str, language: str) -> tuple[Alternative, ...]:
        """Return what may stand for a word that no text holds with other accents."""
        corrected = self._correct_typo(word)
        if corrected is None:
            return (*self._spelled_otherwise(word), *self._related_words(word, language))
        factor = 1.0 if language == ENGLISH else _CORRECTED_FORM_FACTOR
        typo = Alternative((corrected,), factor, "typo")
        return (typo, *self._related_words(corrected, language))

    def _with_forms(
        self, word: str, others: tuple[Alternative, ...], language: str
    ) -> tuple[Alternative, ...]:
        """Return alternatives and the words of the texts that look like forms of a word."""
        held = {other.words for other in others}
        forms = (
            Alternative((form,), similarity, "form")
            for form, similarity in self._forms.near(word, language)
            if (form,) not in held and self._lexical.knows(form)
        )
        return (*others, *forms)

    def _spelled_otherwise(self, word: str) -> tuple[Alternative, ...]:
        """Return the words of the texts that an unknown word is another spelling of."""
        knows = self._lexical.knows
        if knows(word):
            return ()
        if numbers := other_numbers(word, knows):
            return tuple(Alternative((number,), 1.0, "spelling") for number in numbers)
        folded = folded_umlauts(word)
        if folded is not None and knows(folded):
            return (Alternative((folded,), 1.0, "spelling"),)
        parts = parts_of(word, knows, self._links)
        if parts is not None:
            return (Alternative(parts, _APART_FACTOR, "spelling"),)
        wholes = filter(knows, self._compounds.holding(word))
        return tuple(Alternative((whole,), _APART_FACTOR, "spelling") for whole in wholes)

    def _correct_typo(self, word: str) -> str | None:
        """Return the word of the corpus that a word is a typo of, or None."""
        if len(word) < _MIN_TYPO_CHARS or self._lexical.knows(word) or _DIGIT.search(word):
            return None  # a different number is not a typo
        found = nearest_word(word, self._words, _MIN_TYPO_SIMILARITY, self._lexical.knows)
        return None if found is None or is_common_word(word) else found

    def _related_words(self, word: str, language: str) -> tuple[Alternative, ...]:
        """Return the words of the corpus that WordNet relates to an English word."""
        related = self._related.get(stem(word), ()) if language == ENGLISH else ()
        known = filter(self._lexical.knows, related)
        return tuple(Alternative((one,), _RELATED_FACTOR, "wordnet") for one in known)


def nearest_word(
    word: str,
    words: Sequence[str],
    min_similarity: float,
    may_be: Callable[[str], bool] = lambda _: True,
) -> str | None:
    """Return the word that another one is the likeliest typo of; None if no word is near.

    Args:
        word: The word.
        words: The words to look among.
        min_similarity: The smallest similarity, 0 to 1.
        may_be: Returns whether a word that is near may be meant.
    """
    from rapidfuzz import process  # few questions need it
    from rapidfuzz.distance import OSA

    near = process.extract(
        word, words, scorer=OSA.normalized_similarity, score_cutoff=min_similarity, limit=None
    )
    return next((other for other, _, _ in near if may_be(other)), None)


def _run_at(
    start: int, tokens: Sequence[str], runs: Mapping[tuple[str, ...], str]
) -> tuple[str, ...]:
    """Return the run of tokens among `runs` that begins at a position; () without one."""
    return next((run for run in runs if tuple(tokens[start : start + len(run)]) == run), ())


def _content(words: tuple[str, ...], language: str) -> tuple[str, ...]:
    return tuple(word for word in words if not _is_stop_word(word, language))


def _length_weight(word: str) -> float:
    return float((len(word) / _USUAL_CHARS) ** _LENGTH_EXPONENT)


def _is_stop_word(token: str, language: str) -> bool:
    return stop_form(token, language) in stop_words_of(language)
