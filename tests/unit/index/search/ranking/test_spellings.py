"""Other spellings of a question's words: joined and apart, umlauts written out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis.terms import extract_tokens
from index.search.ranking.spellings import (
    folded_umlauts,
    joined_forms,
    other_numbers,
    parts_of,
    written_out,
)

quick = settings(max_examples=60, deadline=None, derandomize=True)


def _joined(text, *known):
    return joined_forms(text, extract_tokens(text), known.__contains__)


@pytest.mark.parametrize(
    ("text", "known", "parts"),
    [
        ("the Wi-Fi key", "wifi", ["wi", "fi"]),
        ("the wi fi key", "wifi", ["wi", "fi"]),
        ("how do I log in", "login", ["log", "in"]),
        ("make a back up", "backup", ["back", "up"]),
        ("where is tideTable", "tidetable", ["tide", "table"]),
        ("a tide table", "tidetable", ["tide", "table"]),
        ("buy 5 GB", "5gb", ["5", "gb"]),
        ("error 8007000E", "0x8007000e", ["8007000", "e"]),
    ],
)
def test_parts_lead_to_the_joined_word_of_the_texts(text, known, parts):
    """A compound, two words in a row and a verb with its particle may be one word."""
    assert _joined(text, known) == dict.fromkeys(parts, (known,))


@pytest.mark.parametrize(("text", "known"), [("is there a way", "away"), ("may be", "maybe")])
def test_function_words_are_not_joined(text, known):
    """Two words that only happen to spell a third stay two."""
    assert _joined(text, known) == {}


def test_joined_word_that_no_text_holds_is_not_searched():
    """Only words of the texts are alternatives."""
    assert _joined("the Wi-Fi key", "key") == {}


@pytest.mark.parametrize(
    ("word", "known", "parts"),
    [
        ("setup", ["set"], ("set",)),
        ("rollback", ["roll"], ("roll",)),
        ("tidetable", ["tide", "table"], ("tide", "table")),
        ("dragon", ["drag"], None),
        ("tidelamp", ["tide"], None),
        ("ab", ["a", "b"], None),
        ("lamp3", ["lamp", "3"], ("lamp", "3")),
        ("lamp3", ["lamp"], None),
    ],
)
def test_unknown_word_may_be_two_words_of_the_texts(word, known, parts):
    """A particle at the end, which no index holds, is left out."""
    assert parts_of(word, known.__contains__) == parts


@pytest.mark.parametrize(
    ("word", "known", "numbers"),
    [
        ("80070005", ["0x80070005"], ("0x80070005",)),
        ("0x80070005", ["80070005"], ("80070005",)),
        ("0x8007000e", ["8007000e"], ("8007000e",)),
        ("1802", ["0x1802"], ()),
        ("0x10", ["10"], ()),
        ("facade", ["0xfacade"], ()),
        ("6.3", ["6.3.0", "6.3.12", "6.30", "6.31.0"], ("6.3.0", "6.3.12")),
        ("6.3.1", ["6.3", "6.3.10"], ()),
        ("6", ["6.3.0"], ()),
    ],
)
def test_code_and_version_have_longer_and_shorter_forms(word, known, numbers):
    """A code may lack its "0x", and a version its last part; another number is another one."""
    assert other_numbers(word, known.__contains__) == numbers


@pytest.mark.parametrize(
    ("word", "folded"), [("tuer", "tur"), ("moewe", "mowe"), ("faehre", "fahre"), ("lampe", None)]
)
def test_umlauts_that_are_written_out_are_folded(word, folded):
    """Without their "e" they are what an umlaut is normalised to."""
    assert folded_umlauts(word) == folded


def test_umlauts_of_a_question_are_also_written_out():
    """The tokens with umlauts are given with the other spelling, composed or not."""
    expected = {"mowe": "moewe", "fahre": "faehre"}
    assert written_out("Die M\u00f6we, die Fa\u0308hre") == expected
    assert written_out("the gull") == {}


@given(st.text(max_size=40))
@quick
def test_any_text_has_spellings_of_one_word(text):
    """No text raises, and every other spelling is a word."""
    joined = joined_forms(text, extract_tokens(text), lambda _: True)
    spelled = [*written_out(text).values(), *(one for few in joined.values() for one in few)]
    assert all(len(one.split()) == 1 for one in spelled)
