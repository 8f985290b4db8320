"""The language of a text is told where it can be."""

import sys

import pytest

from index.analysis.languages import detection
from index.analysis.languages.codes import read_code
from index.analysis.languages.detection import detect_language, release_detector
from tests.unit.index.analysis.languages.texts import TEXTS


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_the_language_of_three_sentences_is_told(language):
    """Each of the sample texts is told right."""
    assert detect_language(TEXTS[language]) == language


@pytest.mark.parametrize(
    "text",
    ["", "42", "Lowmere", "lamp, 3.5 kg, https://lowmere.example/a-long-address-of-a-page-there"],
)
def test_the_language_of_a_short_text_is_not_told(text):
    """A few letters may be of any language; web addresses are of none."""
    assert detect_language(text) is None


def test_a_long_text_that_is_no_prose_is_read_as_english():
    """A list of names in no language does not wait for its neighbours."""
    names = ", ".join(f"Q{n}zk Vr{n}w" for n in range(200))
    assert detect_language(names[:100]) is None
    assert detect_language(names) == "en"


def test_english_needs_no_model(monkeypatch):
    """English prose is known by its stop words, which costs nothing."""
    release_detector()
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    assert detect_language(TEXTS["en"]) == "en"
    with pytest.raises(ImportError):
        detect_language(TEXTS["de"])


def test_the_model_is_released():
    """After a build its memory is free again."""
    detect_language(TEXTS["de"])
    assert detection._detector.cache_info().currsize == 1
    release_detector()
    assert detection._detector.cache_info().currsize == 0


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("de", "de"),
        ("pt-BR", "pt"),
        ("zh_TW", "zh"),
        ("EN", "en"),
        ("iw", "he"),
        ("nb-NO", "no"),
        ("deu", "de"),
        (" fr ", "fr"),
        ("und", None),
        ("", None),
        (None, None),
        ("German", None),
        ("{{ lang }}", None),
        ("js", None),
        ("xx", None),
        ("qqq", None),
        ("jp", "ja"),
        ("cn", "zh"),
        ("kr", "ko"),
        ("ua", "uk"),
        ("gr", "el"),
        ("vi", "vi"),
        ("yue", "zh"),
    ],
)
def test_declared_languages_are_read(written, code):
    """Script and region do not matter, a country may stand for its language; others are ignored."""
    assert read_code(written) == code
