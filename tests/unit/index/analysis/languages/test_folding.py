"""Letters are folded where a language writes one word in several ways, and only there."""

import pytest

from index.analysis.languages.stems import stem
from index.analysis.terms import extract_terms, extract_words


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "T\u00fcr", "Tuer"),
        ("de", "Stra\u00dfe", "Strasse"),
        ("de", "H\u00e4user", "Haus"),
        ("tr", "ISTANBUL", "\u0130stanbul'da"),
        ("tr", "\u0131\u015f\u0131k", "isik"),
        (
            "ar",
            "\u0645\u064f\u062d\u064e\u0645\u064e\u0651\u062f",
            "\u0645\u062d\u0645\u0640\u0640\u062f",
        ),
        ("ar", "\u0623\u062d\u0645\u062f", "\u0627\u062d\u0645\u062f"),
        ("ar", "\ufefb", "\u0644\u0627"),
        ("ar", "\u0661\u0669\u0660\u0662", "1902"),
        ("he", "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
        ("he", "\u05e2\u05d5\u05f4\u05d3", '\u05e2\u05d5"\u05d3'),
        (
            "he",
            "\u05d5\u05dc\u05d9\u05e8\u05d5\u05e9\u05dc\u05d9\u05dd",
            "\u05d9\u05e8\u05d5\u05e9\u05dc\u05d9\u05dd",
        ),
        ("el", "\u0391\u0398\u0397\u039d\u0391", "\u0391\u03b8\u03ae\u03bd\u03b1"),
        ("el", "\u03c6\u03ac\u03c1\u03bf\u03c2", "\u03c6\u03b1\u03c1\u03bf\u03c3"),
        ("ru", "\u0451\u043b\u043a\u0430", "\u0435\u043b\u043a\u0438"),
        ("es", "lim\u00f3n", "limon"),
        ("fr", "l\u2019eau", "eau"),
        ("fr", "jusqu'\u00e0 l'h\u00f4tel", "\u00e0 hotel"),
        ("it", "dell'acqua", "acqua"),
        ("ja", "\uff76\uff9e\uff70", "\u30ac\u30fc"),
        ("zh", "\uff21\uff22\uff23\u3000\uff11", "abc 1"),
        ("en", "Wa\u0142\u0119sa", "Walesa"),
        ("en", "soft\u00adware", "software"),
    ],
)
def test_ways_to_write_a_word_have_the_same_terms(language, one, other):
    """The terms of both are equal."""
    assert extract_terms(one, language) == extract_terms(other, language) != []


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("vi", "m\u00e1", "m\u00e0"),
        ("vi", "\u0111\u00e0", "da"),
        ("hi", "\u0915\u0932", "\u0915\u093e\u0932"),
        ("hi", "\u0926\u093f\u0928", "\u0926\u0940\u0928"),
        ("ja", "\u304b", "\u304c"),
        ("ru", "\u0439\u043e\u0434", "\u0438\u043e\u0434"),
        ("th", "\u0e21\u0e32", "\u0e21\u0e49\u0e32"),
    ],
)
def test_letters_that_mean_another_word_are_kept(language, one, other):
    """A tone, a vowel sign or another letter makes another term."""
    assert extract_terms(one, language) != extract_terms(other, language)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        (
            "zh",
            "\u706f\u5854\u5728",
            ["\u706f", "\u706f\u5854", "\u5854", "\u5854\u5728", "\u5728"],
        ),
        ("zh", "\u706f", ["\u706f"]),
        ("ja", "\u30e9\u30f3\u30d7\u306f", ["\u30e9\u30f3", "\u30f3\u30d7", "\u30d7\u306f"]),
        ("ko", "\ub4f1\ub300\ub294", ["\ub4f1\ub300", "\ub300\ub294"]),
        ("zh", "2010\u5e74ABC", ["2010", "\u5e74", "abc"]),
        (
            "th",
            "\u0e01\u0e34\u0e02\u0e04\u0e49\u0e07",
            ["\u0e01\u0e34\u0e02\u0e04\u0e49", "\u0e02\u0e04\u0e49\u0e07"],
        ),
        (
            "hi",
            "\u0926\u093f\u0932\u094d\u0932\u0940 \u0939\u0948",
            ["\u0926\u093f\u0932\u094d\u0932\u0940", "\u0939\u0948"],
        ),
    ],
)
def test_words_of_scripts_are_runs_of_letters_with_their_marks(language, text, words):
    """Scripts without spaces are read in overlapping runs, marks stay with their letter."""
    assert extract_words(text, language) == words


def test_stop_words_of_other_languages_stay_in_the_index():
    """Only questions leave them out, because their lists have words with a meaning too."""
    assert extract_words("Wer ist das", "de") == ["wer", "ist", "das"]


def test_a_language_without_stemmer_keeps_its_words():
    """What is not known is not changed but for accents."""
    assert stem("h\u00falka", "xx") == "hulka"
