"""A question is read in one of the languages of the index."""

import pytest

from index.analysis.languages.questions import IndexLanguages
from index.analysis.languages.scripts import script_of

ALL = IndexLanguages(("de", "en", "fr", "ja", "zh", "ar", "ru", "hi"))


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("wer hat den Leuchtturm gebaut", "de"),
        ("who built the lighthouse", "en"),
        ("qui a construit le phare", "fr"),
        ("\u706f\u53f0\u306f\u3069\u3053\u3067\u3059\u304b", "ja"),
        ("\u8c01\u5efa\u9020\u4e86\u706f\u5854", "zh"),
        ("\u0645\u0646 \u0628\u0646\u0649 \u0627\u0644\u0645\u0646\u0627\u0631\u0629", "ar"),
        (
            "\u0433\u0434\u0435 \u0441\u0442\u043e\u0438\u0442 \u043c\u0430\u044f\u043a",
            "ru",
        ),
        ("\u0926\u0940\u092a\u0915 \u0915\u0939\u093e\u0901 \u0939\u0948", "hi"),
        ("Lowmere 1902", "de"),
        ("", "de"),
    ],
)
def test_the_script_and_the_stop_words_tell_the_language(question, language):
    """Where neither tells it, it is the language of most texts."""
    assert ALL.of_question(question) == language


def test_an_index_of_one_language_reads_every_question_in_it():
    """A question in another language is read like the texts."""
    assert IndexLanguages(("de",)).of_question("who built the lighthouse") == "de"


def test_languages_are_ordered_by_their_passages():
    """The language of most passages comes first; an empty index is English."""
    assert IndexLanguages.of_counts({"de": 2, "en": 5, "fr": 2}).codes == ("en", "de", "fr")
    assert IndexLanguages.of_counts({}).codes == ("en",)


@pytest.mark.parametrize(
    ("text", "script"), [("", ""), ("12", ""), ("ab\u0433", "LATIN"), ("\u8c01a\u5efa", "CJK")]
)
def test_script_is_that_of_most_letters(text, script):
    """Digits and signs have no script."""
    assert script_of(text) == script
