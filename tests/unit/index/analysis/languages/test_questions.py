"""A question is read in one of the languages of the index."""

import pytest

from index.analysis.languages import questions
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


@pytest.mark.parametrize(
    ("question", "is_english"),
    [
        ("who built the lighthouse", True),
        ("what's the keeper's name?", True),
        ("lighthouse opening hours", True),
        ("what does \u706f\u53f0 mean", True),
        ("Which shaman aided Tem\u00fcjin's rise?", True),
        ("1902", True),
        ("4 + 2 = ?", True),
        ("I'm speaking a non-english language.", True),
        ("", True),
        ("wer wohnt in dem Leuchtturm", False),
        ("was kostet die Karte", False),
        ("qui a construit le phare", False),
        ("\u00bfd\u00f3nde vive el farero?", False),
        ("deniz feneri nerede ve ka\u00e7 ya\u015f\u0131nda", False),
        ("\u0433\u0434\u0435 \u043c\u0430\u044f\u043a", False),
        ("\u706f\u53f0\u306f\u3069\u3053\u3067\u3059\u304b", False),
        ("\u05de\u05d4 \u05d6\u05d4 Super Case", False),
    ],
)
def test_an_english_index_tells_questions_in_other_languages(question, is_english):
    """By their script, and by the stop words of common languages."""
    english = IndexLanguages(("en",))
    assert english.of_question(question) == "en"
    assert english.reads_english(question) is is_english
    assert not IndexLanguages(("de",)).reads_english(question)


def test_the_language_of_a_question_is_read_once(monkeypatch):
    """Searching, judging and refusing ask for it one after the other."""
    read = []

    def note(text):
        read.append(text)
        return "LATIN"

    monkeypatch.setattr(questions, "script_of", note)
    asked = "wer wohnte neben dem alten Turm"
    assert [ALL.of_question(asked) for _ in range(5)] == ["de"] * 5
    assert read == [asked]


def test_kana_make_a_question_japanese():
    """A question that is mostly in Chinese characters is Japanese if it has kana."""
    assert ALL.of_question("\u6771\u4eac\u90fd\u5e81\u820e\u5efa\u8a2d\u5e74\u306f") == "ja"
    assert ALL.of_question("\u4e1c\u4eac\u5efa\u9020\u4e86\u706f\u5854") == "zh"


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
