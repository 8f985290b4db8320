"""The words and sentences of each language: nothing lost, and no letter cut from its marks."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis.languages.scripts import is_mark, split_tokens
from index.analysis.sentences import split_sentences
from index.analysis.terms import extract_tokens, extract_words, normalise
from tests.unit.index.analysis.languages.texts import TEXTS

LANGUAGES = sorted(TEXTS)

# Where most letters and marks of a script stand; the texts have the common letters of the others.
BLOCKS = {
    "ar": (0x600, 0x6FF),
    "el": (0x370, 0x3FF),
    "he": (0x591, 0x5F4),
    "hi": (0x900, 0x97F),
    "ja": (0x3041, 0x30FF),
    "km": (0x1780, 0x17E9),
    "ko": (0xAC00, 0xAD00),
    "lo": (0xE81, 0xEDF),
    "ru": (0x400, 0x45F),
    "th": (0xE01, 0xE5B),
    "vi": (0x1EA0, 0x1EF9),
    "zh": (0x4E00, 0x4F00),
}
PUNCTUATION = " \n.?!,'\"()-12\u3002\uff1f\u0964\u061f\u0301"

quick = settings(max_examples=40, deadline=None, derandomize=True)


def texts_of(language):
    """Return a strategy for texts in the letters of a language."""
    letters = st.sampled_from(sorted(set(TEXTS[language])))
    if language in BLOCKS:
        first, last = BLOCKS[language]
        letters |= st.characters(min_codepoint=first, max_codepoint=last, exclude_categories=["Cn"])
    words = st.sampled_from(TEXTS[language].split())
    return st.lists(words | letters | st.sampled_from(PUNCTUATION), max_size=30).map("".join)


in_any_language = st.sampled_from(LANGUAGES).flatmap(
    lambda language: st.tuples(st.just(language), texts_of(language))
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_a_text_is_in_a_word(language):
    """Each letter and digit, with its marks, is in one of the tokens."""
    normalised = normalise(TEXTS[language], language)
    letters = {char for char in normalised if char.isalnum() or is_mark(char)}
    assert letters <= set("".join(extract_tokens(TEXTS[language], language)))


@given(in_any_language)
@quick
def test_no_letter_is_lost_and_none_is_cut_from_its_marks(sample):
    """The tokens of any text of a script have all its letters, and none begins with a mark."""
    language, text = sample
    normalised = normalise(text, language)
    tokens = extract_tokens(text, language)
    assert {char for char in normalised if char.isalnum()} <= set("".join(tokens))
    stray = {
        after
        for before, after in pairwise(f" {normalised}")
        if not (before.isalnum() or is_mark(before))
    }
    assert not any(is_mark(token[0]) and token[0] not in stray for token in tokens)


@given(in_any_language)
@quick
def test_words_do_not_depend_on_how_letters_are_encoded(sample):
    """A letter and its mark in one character or in two give the same words."""
    language, text = sample
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert extract_words(composed, language) == extract_words(decomposed, language)


@given(in_any_language)
@quick
def test_words_are_words_without_space(sample):
    """Every word can be written to a line of the index."""
    language, text = sample
    words = extract_words(text, language)
    assert " ".join(words).split() == words


@given(in_any_language)
@quick
def test_sentences_leave_out_only_white_space_and_cut_no_letter(sample):
    """Sentences come in order, do not overlap, and none begins with the mark of a letter before."""
    language, text = sample
    spans = split_sentences(text, language)
    end = 0
    for start, stop in spans:
        assert end <= start < stop <= len(text)
        assert not text[end:start].strip()
        assert not (start > 0 and is_mark(text[start]) and not text[start - 1].isspace())
        end = stop
    assert not text[end:].strip()


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code not in ("km", "lo", "th")])
def test_the_text_of_a_language_has_three_sentences(language):
    """Final marks of each script end sentences, and ordinals do not."""
    assert len(split_sentences(TEXTS[language], language)) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_white_space_and_case_change_no_words(language):
    """A text in capitals, and one with more space, has the same words."""
    text = TEXTS[language]
    spaced = text.replace(" ", "  ")
    assert extract_words(spaced, language) == extract_words(text, language)
    capitals = (text.replace("i", "\u0130") if language == "tr" else text).upper()
    assert extract_words(capitals, language) == extract_words(text, language)


def test_the_middle_dot_of_katakana_separates_words():
    """It stands between the parts of a foreign name."""
    tokens = split_tokens("\u30ed\u30a6\u30fb\u30df\u30a2")
    assert tokens == ["\u30ed\u30a6", "\u30df\u30a2"]


def test_arabic_and_hebrew_words_before_a_number_are_words():
    """They write "and 2005" and "in 1960" without a space."""
    assert extract_words("\u0648\u0662\u0660\u0660\u0665", "ar") == ["\u0648", "2005"]
    assert extract_words("\u05d1-1960 \u05d11960", "he") == ["\u05d1", "1960"] * 2
    assert extract_words("B2B h2o", "ar") == ["b2b", "h2o"]
