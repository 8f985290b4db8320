"""Other words that may stand for those of a question: typos, synonyms, spellings, related ones."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis.stop_words import STOP_WORDS
from index.analysis.synonyms import Synonyms
from index.documents import Document, Paragraph
from index.passages.split_passages import split_passages
from index.search.ranking.query_expansion import QueryExpander
from index.search.ranking.units import Alternative, Unit
from tests.support.in_memory import lexical_index

TEXT = (
    "The lighthouse of Lowmere burned twice. Captain Ada Finch rebuilt it. Herring boats left in "
    "1802 with 12345 barrels on the 12345th day. Nobody likes an eagle near the mouth of the river."
    " The pier of the 1980s fell."
)


def _expander(text=TEXT, rules="", *, related=None, title="Notes"):
    passages = list(split_passages(Document("a.txt", title, (Paragraph(1, text),))))
    words = sorted({word for passage in passages for word in passage.words})
    return QueryExpander(
        lexical_index(passages),
        Synonyms.parse(rules, Path("synonyms.txt")),
        words,
        related or {},
    )


def _alternatives(expander, text, why):
    return [
        " ".join(other.words)
        for unit in expander.units(text)
        for other in unit.alternatives
        if other.kind == why
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lowmree", "lowmere"),
        ("hrering", "herring"),
        ("nobdoy", "nobody"),
        ("birrels", "barrels"),
        ("captian", "captain"),
        ("rebiult", "rebuilt"),
        ("eagke", "eagle"),
        ("finhc", "finch"),
    ],
)
def test_typo_is_repaired_to_a_word_of_the_corpus(typed, meant):
    """One slip in five letters, a swap included, leads to the word that was meant."""
    assert _alternatives(_expander(), typed, "typo") == [meant]


@pytest.mark.parametrize(
    "word", ["month", "moth", "house", "lever", "nights", "reports", "river", "herring", "boat"]
)
def test_common_or_known_word_is_no_typo(word):
    """An English word is left alone, though the corpus has one that looks like it."""
    assert _alternatives(_expander(), word, "typo") == []


@pytest.mark.parametrize("word", ["1803", "12346", "1990s", "12346th", "bel", "fin", "zyzzyva"])
def test_number_and_short_or_strange_word_is_no_typo(word):
    """Another number is another number; short words and far ones have no repair."""
    assert _alternatives(_expander(), word, "typo") == []


def test_repaired_word_counts_fully():
    """A typo stands for the word meant with factor 1, and the word typed stays the unit."""
    (unit,) = _expander().units("Who is captian?")
    assert unit.words == ("captian",)
    assert unit.alternatives == (Alternative(("captain",), 1.0, "typo"),)


def test_synonyms_lead_both_ways_or_one_way():
    """A comma joins alternatives both ways; an arrow leads from left to right only."""
    expander = _expander(rules="boat, ship\nskipper => captain\n")
    assert _alternatives(expander, "ship", "synonym") == ["boat"]
    assert _alternatives(expander, "boat", "synonym") == ["ship"]
    assert _alternatives(expander, "skipper", "synonym") == ["captain"]
    assert _alternatives(expander, "captain", "synonym") == []


def test_phrase_synonyms_are_one_unit_without_its_stop_words():
    """A phrase is found as a whole, longest first, and what is around it stays single."""
    expander = _expander(rules="man of war, ship of the line, frigate\nwar, strife\n")
    first, phrase, last = expander.units("Old man of war burned?")
    assert (first.words, phrase.words, last.words) == (("old",), ("man", "war"), ("burned",))
    assert [other.words for other in phrase.alternatives] == [("ship", "line"), ("frigate",)]
    assert _alternatives(expander, "which frigate", "synonym") == ["man war", "ship line"]


def test_long_synonym_counts_less_than_a_short_one():
    """All words of a phrase together weigh little more than one word."""
    rules = "ship, boat of the sea, barge"
    (unit,) = _expander(rules=rules).units("ship")
    factors = {other.words: other.factor for other in unit.alternatives}
    assert factors == pytest.approx({("boat", "sea"): 0.8 / 2**0.5, ("barge",): 0.8})


def test_related_words_are_those_of_the_stem():
    """A word has what WordNet relates to any form of it, below factor 1."""
    expander = _expander("Ships and vessels.", related={"boat": ["ships"]})
    (unit,) = expander.units("boats")
    assert unit.alternatives == (Alternative(("ships",), 0.25, "wordnet"),)
    assert _alternatives(expander, "lamp", "wordnet") == []


def test_typo_has_the_related_words_of_the_word_meant():
    """What WordNet relates to a repaired word stands for the typo as well."""
    expander = _expander("Ships, a boat and vessels.", related={"vessel": ["ships"]})
    assert _alternatives(expander, "vessles", "typo") == ["vessels"]
    assert _alternatives(expander, "vessles", "wordnet") == ["ships"]


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("how do I install Go?", [("install",), ("go",)]),
        ("go", [("go",)]),
        ("what does go do?", [("go",)]),
        ("where do the boats go", [("boats",)]),
        ("what is WHO?", []),
    ],
)
def test_stop_word_that_is_a_name_of_the_texts_is_a_unit(question, units):
    """It must be written as a name, or be all that is asked; the texts must know it."""
    expander = _expander("They install Go where boats are built.")
    assert [unit.words for unit in expander.units(question)] == units


@pytest.mark.parametrize(
    ("question", "is_name"),
    [
        ("how to install go", True),
        ("a server in go", True),
        ("where do boats want to go", False),
        ("go home", False),
    ],
)
def test_stop_word_that_a_heading_names_may_end_a_question(question, is_name):
    """In small letters it is a name where an object may stand, if the texts have such a heading."""
    expander = _expander("It is installed.", title="Go")
    assert (("go",) in [unit.words for unit in expander.units(question)]) == is_name


@pytest.mark.parametrize(
    ("question", "title", "is_name"),
    [
        ("how do go programs start?", "Go", True),
        ("is go faster than rust", "Go", True),
        ("how do I start a go program", "Go", True),
        ("where do boats go at night", "Go", False),
        ("how do go programs start?", "Boats", False),
        ("where is the it department", "IT", True),
        ("what is it about", "IT", False),
        ("what is in the who guideline", "WHO", True),
        ("is the keeper who dug it here", "WHO", False),
    ],
)
def test_stop_word_that_a_heading_names_may_be_a_subject(question, title, is_name):
    """In small letters it is a name where only a noun can stand."""
    expander = _expander("We Go where IT and WHO are.", title=title)
    assert ((title.lower(),) in [unit.words for unit in expander.units(question)]) == is_name


def test_parts_of_a_compound_may_be_joined():
    """A known part has the joined form as another spelling; an unknown one is replaced by it."""
    expander = _expander("The Wi-Fi and the tideTable; a table.")
    assert _alternatives(expander, "tide table", "spelling") == ["tidetable", "tidetable"]
    expander = _expander("The wifi and a tide.")
    assert [unit.words for unit in expander.units("Wi-Fi")] == [("wifi",)]
    assert [unit.words for unit in expander.units("wi fi")] == [("wifi",)]


def test_word_with_capitals_inside_is_one_unit():
    """It does not count twice; its parts may stand for it. An unknown one is its parts."""
    expander = _expander("The TideLamp; a tide, a lamp.")
    (unit,) = expander.units("where is TideLamp?")
    assert unit.words == ("tidelamp",)
    assert unit.alternatives == (Alternative(("tide", "lamp"), 0.8 / 2**0.5, "spelling"),)
    assert [unit.words for unit in expander.units("LampTide")] == [("lamp",), ("tide",)]


def test_unknown_word_may_be_written_apart_or_with_umlauts():
    """Words of the texts that spell it otherwise stand for it."""
    expander = _expander("A tide and a table, a T\u00fcr.")
    assert _alternatives(expander, "tidetable", "spelling") == ["tide table"]
    assert _alternatives(expander, "Tuer", "spelling") == ["tur"]
    assert _alternatives(_expander("Moewe"), "M\u00f6we", "spelling") == []
    assert [unit.words for unit in _expander("Moewe").units("M\u00f6we")] == [("moewe",)]


def test_negated_word_asks_for_its_opposite():
    """The opposite counts fully, and the word itself half."""
    (gate, unit) = _expander("Gates are open or shut.").units("which gates are not open?")
    assert gate.words == ("gates",)
    assert unit == Unit(("shut",), (Alternative(("open",), 0.5, "synonym"),))


def test_units_of_stop_words_are_none():
    """A question of stop words has no units."""
    assert _expander().units("What is it, and who are they?") == []


def test_corpus_without_words_expands_nothing():
    """With no word to compare a question keeps its own words."""
    passages = list(split_passages(Document("a.txt", "Notes", (Paragraph(1, "It is."),))))
    expander = QueryExpander(lexical_index(passages), Synonyms({}), [], {})
    assert [unit.alternatives for unit in expander.units("captian")] == [()]


@given(st.text(max_size=40))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_units_of_any_text_hold_words_and_factors_up_to_one(text):
    """No text raises; units are words, and no alternative counts more than the word itself."""
    for unit in _SHARED.units(text):
        assert unit.words
        assert STOP_WORDS.isdisjoint(unit.words)
        assert all(0 < other.factor <= 1 and other.words for other in unit.alternatives)


_SHARED = _expander(rules="boat, ship")
