"""The language of each text: told, declared, or that of its neighbours; and questions in it."""

import pytest

from index import Searcher, Tier, WeightedText, build_index
from tests.unit.index.analysis.languages.texts import TEXTS


@pytest.fixture
def build(tmp_path):
    """Return a function that builds an index of files and opens it."""
    corpus = tmp_path / "corpus"

    def built(files):
        for name, text in files.items():
            (corpus / name).parent.mkdir(parents=True, exist_ok=True)
            (corpus / name).write_text(text, encoding="utf-8")
        build_index(corpus, tmp_path / "index")
        return Searcher.open(tmp_path / "index", Tier.LEXICAL)

    return built


def _languages(searcher):
    return {info.source: info.language for info in searcher.sources()}


def test_texts_of_many_languages_are_told_apart_and_found(build):
    """Each sentence of each language finds its own text first, with a highlight inside of it."""
    searcher = build({f"{code}.md": text for code, text in TEXTS.items()})
    assert _languages(searcher) == {f"{code}.md": code for code in TEXTS}
    for code, text in TEXTS.items():
        (hit, *_) = searcher.search([WeightedText(text)], 3)
        assert hit.passage.source == f"{code}.md"
        assert hit.sentence in hit.passage.sentences
        assert searcher.knows(hit.sentence.words[0])


def test_a_declared_language_wins(build):
    """Front matter and the root of a page say it, whatever the words look like."""
    searcher = build(
        {
            "a.md": f"---\nlang: de-AT\n---\n{TEXTS['en']}",
            "b.html": f"<html lang=fr><title>Phare</title><p>{TEXTS['en']}</html>",
            "c.md": f"---\nlang: '{{{{ page.lang }}}}'\n---\n{TEXTS['en']}",
        }
    )
    assert _languages(searcher) == {"a.md": "de", "b.html": "fr", "c.md": "en"}


def test_a_short_text_has_the_language_of_its_neighbours(build):
    """The earlier text of its folder decides, else the next text, else most texts."""
    searcher = build(
        {
            "a/1.md": "Lowmere 1",
            "a/2.md": TEXTS["es"],
            "a/3.md": "Lowmere 3",
            "b/1.md": TEXTS["fr"],
            "b/2.md": "Lowmere 22",
            "c/1.md": "Lowmere 11",
        }
    )
    assert list(_languages(searcher).values()) == ["es", "es", "es", "fr", "fr", "es"]


def test_a_guessed_language_follows_the_neighbours_at_every_build(build):
    """A new neighbour changes it, and a text that was guessed itself decides nothing."""
    assert _languages(build({"a/2.md": "Lowmere 2", "a/3.md": "Lowmere 3"})) == {
        "a/2.md": "en",
        "a/3.md": "en",
    }
    searcher = build({"a/1.md": TEXTS["es"], "b.md": TEXTS["fr"]})
    assert list(_languages(searcher).values()) == ["es", "es", "es", "fr"]
    assert list(_languages(build({"a/1.md": TEXTS["ru"]})).values()) == ["ru", "ru", "ru", "fr"]
    (hit, *_) = build({"c.md": TEXTS["en"]}).search([WeightedText("Lowmere 3")], 1)
    assert (hit.passage.source, hit.passage.language) == ("a/3.md", "ru")


def test_a_corpus_of_short_texts_is_english(build):
    """Nothing says otherwise."""
    assert _languages(build({"a.md": "Lowmere"})) == {"a.md": "en"}


def test_unchanged_texts_keep_their_language(build):
    """What is copied from the former index is read as before."""
    build({"a.md": TEXTS["ru"], "b.md": TEXTS["de"]})
    searcher = build({"b.md": TEXTS["he"]})
    assert _languages(searcher) == {"a.md": "ru", "b.md": "he"}
    (hit,) = searcher.search([WeightedText(TEXTS["ru"].split(".")[1])], 1)
    assert hit.passage.source == "a.md"


@pytest.mark.parametrize(
    ("code", "question"),
    [
        ("de", "wer wohnte im Leuchtt\u00fcrmen"),
        ("es", "\u00bfd\u00f3nde vive el farero?"),
        ("fr", "o\u00f9 vit la gardienne de l\u2019hotel"),
        (
            "hi",
            "\u0930\u0916\u0935\u093e\u0932\u093e \u0915\u0939\u093e\u0901",
        ),
        (
            "ja",
            "\u706f\u53f0\u5b88\u306f\u3069\u3053\u306b\u4f4f\u3093\u3067\u3044\u307e\u3059\u304b",
        ),
        (
            "th",
            "\u0e1c\u0e39\u0e49\u0e14\u0e39\u0e41\u0e25\u0e2d\u0e22\u0e39\u0e48\u0e17\u0e35\u0e48\u0e44\u0e2b\u0e19",
        ),
    ],
)
def test_questions_in_other_languages_are_never_refused_for_english_thresholds(
    build, code, question
):
    """Only where the texts know no word of a question, the log odds may refuse it."""
    searcher = build({"a.md": TEXTS[code]})
    assert not searcher.may_refuse(question)
    assert searcher.may_refuse("zzzzz qqqqq")
    assert not searcher.names_something_unknown(question)


def test_accents_may_be_left_out(build):
    """A word that is typed without its accents finds the word with them."""
    searcher = build(
        {"a.md": "L'h\u00f4tel de l'\u00c9lys\u00e9e est sur la place. " + TEXTS["fr"]}
    )
    assert searcher.search([WeightedText("Elysee")], 1)


def test_synonyms_are_words_of_the_main_language(build, tmp_path):
    """The owner's rules are folded as the texts are; rules of English do not apply."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "synonyms.txt").write_text("H\u00fcter, W\u00e4rter\n", encoding="utf-8")
    searcher = build({"a.md": TEXTS["de"]})
    for question in ("H\u00fcter", "Huter"):
        (hit,) = searcher.search([WeightedText(question)], 1)
        assert "W\u00e4rter" in hit.passage.text
