"""The bot's own words: each has its translation, with the same places to fill and no markup."""

import re
import string
from functools import cache

import pytest
from babel import Locale

from bot.discord_app.commands.translator import typed_name
from bot.languages import ENGLISH, LANGUAGES, catalogue, for_locale
from bot.rendering.wording import COMMAND_GONE, FURTHER_QUOTES, left_out
from tests.project.languages.messages import (
    TRANSLATED,
    forms,
    messages_for,
    messages_in,
    messages_in_code,
    read_catalogue,
    update_catalogues,
)
from tests.standin.model.markdown import parse

pytestmark = pytest.mark.xdist_group("languages")  # one process reads the catalogues

RIGHT_TO_LEFT = [one for one in LANGUAGES if Locale.parse(one, sep="-").text_direction == "rtl"]


@cache
def _entries(language):
    """Return the messages of a catalogue, which a test reads rather than each worker's import."""
    return [entry for entry in read_catalogue(language) if entry.id]


def _ids(entries):
    return {entry.id for entry in entries if entry.id}


def _fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _english(entry):
    return entry.id[-1] if isinstance(entry.id, tuple) else entry.id


def test_messages_in_code_are_found():
    """Words of constants, of functions and of plurals are among what the code says."""
    said = _ids(messages_in_code())
    assert FURTHER_QUOTES in said
    assert "For example: {example}" in said
    assert ("\u2026 and {count} more entry", "\u2026 and {count} more entries") in said


def test_messages_are_found_wherever_they_stand():
    """Methods, f-strings, joined literals; neither variables nor keys of a dictionary."""
    code = """f"{say('a b {c}', c=1)}"; self.say.many("one", "two", 2); say(WORDS["key"])
say("x "
    "y"); say(constant); other("z")"""
    assert set(messages_in(code)) == {"a b {c}", ("one", "two"), "x y"}


def test_names_of_commands_carry_no_marks_of_direction():
    """Discord takes letters, digits, dashes and underscores only."""
    assert catalogue("he").as_it_is("/ask") == "/ask"
    assert typed_name("pullquote setup", catalogue("de")) == "pullquote einrichten"


def test_message_put_together_as_an_f_string_is_refused():
    """A text that is put together has no entry in a catalogue."""
    with pytest.raises(ValueError, match=r"line 1: say\(\) of an f-string"):
        list(messages_in('say(f"in {place}")'))


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_holds_what_the_bot_says_and_nothing_else(language):
    """It has all messages and no others (`python -m tests.project.languages` updates it)."""
    assert _ids(_entries(language)) == _ids(messages_for(language))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_in_every_form(language):
    """Each plural has as many forms as the language has; no form is empty or marked as unsure."""
    number = read_catalogue(language).num_plurals
    for entry in _entries(language):
        assert all(form.strip() for form in forms(entry)), entry.id
        assert len(forms(entry)) == (number if entry.pluralizable else 1), entry.id
        assert not entry.fuzzy, entry.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_places_of_the_original(language):
    """Values have the same names; only the forms for one or two may leave the number out."""
    for entry in _entries(language):
        expected = _fields(_english(entry))
        for form in forms(entry):
            assert _fields(form) <= expected, entry.id
            assert _fields(form) | ({"count"} if entry.pluralizable else set()) == expected
        assert _fields(forms(entry)[-1]) == expected, entry.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_markup_of_the_original(language):
    """A translation is as bold, and does as much, as the English words."""
    for entry in _entries(language):
        original = parse(_english(entry))
        styles = {style for span in original.spans for style in span.styles}
        for form in forms(entry):
            shown = parse(form)
            assert shown.kinds == original.kinds, entry.id
            assert {style for span in shown.spans for style in span.styles} == styles, entry.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_write_commands_in_english(language):
    """The catalogue says them under their names in the language, also where those change."""
    for entry in _entries(language):
        commands = re.findall(r"(?<![\w/])/\w+", _english(entry))
        for form in forms(entry):
            named = _english(entry).startswith("/") and entry.id == commands[0]
            assert named or re.findall(r"(?<![\w/])/\w+", form) == commands, entry.id


def test_languages_written_from_right_to_left_are_found():
    """The tests of directions have languages to try."""
    assert RIGHT_TO_LEFT


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_translations_for_right_to_left_leave_directions_to_the_catalogue(language):
    """No translation holds an invisible mark of direction: nobody would see one go missing."""
    marks = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert not any(marks & set(form) for entry in _entries(language) for form in forms(entry))


def test_update_leaves_catalogues_that_are_up_to_date_alone(tmp_path, monkeypatch):
    """Bringing them in line twice changes nothing, and a message that went missing comes back."""
    for language in TRANSLATED:
        text = _po(language).replace(f'msgid "{FURTHER_QUOTES}"', 'msgid "Gone"')
        (tmp_path / f"{language}.po").write_text(text, encoding="utf-8")
    monkeypatch.setattr("tests.project.languages.messages.FOLDER", tmp_path)
    assert update_catalogues() == {language: [FURTHER_QUOTES] for language in TRANSLATED}
    once = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert all(b'"Gone"' not in text for text in once.values())
    update_catalogues()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == once


def _po(language):
    from tests.project.languages.messages import FOLDER

    return (FOLDER / f"{language}.po").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("de", "de"),
        ("es-419", "es"),
        ("es-ES", "es"),
        ("fr_CA", "fr"),
        ("he", "he"),
        ("en-GB", "en"),
        ("ja", "ja"),
        ("ko", "ko"),
        ("zh-CN", "zh-CN"),
        ("zh-TW", "zh-TW"),
        ("zh", "zh-CN"),
        ("pt-BR", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("fi", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_for_locale_goes_by_the_language(locale, language):
    """The country matters only for Chinese; what the bot does not speak is English."""
    assert for_locale(locale).language == language


def test_catalogue_refuses_a_language_it_does_not_have():
    """A wrong language in a setting is an error and not English."""
    with pytest.raises(KeyError):
        catalogue("tlh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_something_of_its_own(language):
    """English is what the code says; the others differ."""
    assert (catalogue(language)(FURTHER_QUOTES) == FURTHER_QUOTES) == (language == "en")


def test_catalogue_fills_places_or_leaves_them():
    """Without values the braces stay for the caller to fill."""
    say = catalogue("de")
    assert say("For example: {example}") == "Zum Beispiel: {example}"
    assert say("For example: {example}", example="{wer}?") == "Zum Beispiel: {wer}?"
    assert ENGLISH("Nobody wrote {this}", this="that") == "Nobody wrote that"


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("en", 1, "\u2026 and 1 more entry"),
        ("en", 0, "\u2026 and 0 more entries"),
        ("de", 2, "\u2026 und 2 weitere Eintr\u00e4ge"),
        ("fr", 0, "\u2026 et 0 autre entr\u00e9e"),
        ("ja", 1, "\u2026\u307b\u304b1\u4ef6"),
        (
            "ar",
            2,
            "\u2026 \u0648\u0639\u0646\u0635\u0631\u0627\u0646 \u0622\u062e\u0631\u0627\u0646",
        ),
        ("ar", 11, "\u2026 \u064811 \u0639\u0646\u0635\u0631\u064b\u0627 \u0622\u062e\u0631"),
        ("pt-BR", 0, "\u2026 e mais 0 item"),
        ("vi", 2, "\u2026 v\u00e0 2 m\u1ee5c kh\u00e1c"),
        ("pl", 1, "\u2026 i jeszcze 1 wpis"),
        ("pl", 22, "\u2026 i jeszcze 22 wpisy"),
        ("pl", 12, "\u2026 i jeszcze 12 wpis\u00f3w"),
        ("ru", 21, "\u2026 \u0438 \u0435\u0449\u0451 21 \u0437\u0430\u043f\u0438\u0441\u044c"),
        ("ru", 3, "\u2026 \u0438 \u0435\u0449\u0451 3 \u0437\u0430\u043f\u0438\u0441\u0438"),
        (
            "ru",
            11,
            "\u2026 \u0438 \u0435\u0449\u0451 11 \u0437\u0430\u043f\u0438\u0441\u0435\u0439",
        ),
        ("tr", 1, "\u2026 ve 1 \u00f6\u011fe daha"),
        ("tr", 5, "\u2026 ve 5 \u00f6\u011fe daha"),
        ("uk", 31, "\u2026 \u0456 \u0449\u0435 31 \u0437\u0430\u043f\u0438\u0441"),
        ("uk", 4, "\u2026 \u0456 \u0449\u0435 4 \u0437\u0430\u043f\u0438\u0441\u0438"),
        ("uk", 14, "\u2026 \u0456 \u0449\u0435 14 \u0437\u0430\u043f\u0438\u0441\u0456\u0432"),
    ],
)
def test_plurals_follow_the_rules_of_the_language(language, count, words):
    """French counts zero as one; Arabic has a form for two, Slavic languages one for a few."""
    assert left_out(count, catalogue(language)) == words


@pytest.mark.parametrize(
    ("language", "command"),
    [
        ("en", "/ask"),
        ("de", "/fragen"),
        ("fr", "/demander"),
        ("pl", "/zapytaj"),
        ("ru", "/\u0441\u043f\u0440\u043e\u0441\u0438\u0442\u044c"),
        ("tr", "/sor"),
        ("uk", "/\u0437\u0430\u043f\u0438\u0442\u0430\u0442\u0438"),
        ("ar", "/ask"),
    ],
)
def test_commands_are_said_under_the_names_that_menus_show(language, command):
    """A German client offers /fragen; words beside a command stay as they are."""
    assert command in catalogue(language)(COMMAND_GONE)
    assert catalogue("de")("Use /ask question why or /nothing and a/ask") == (
        "Use /fragen question why or /nothing and a/ask"
    )


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_names_do_not_turn_a_line_written_from_right_to_left(language):
    """Commands run from left to right, and what is filled in runs in its own direction."""
    say = catalogue(language)
    assert "\u2066/ask\u2069" in say(COMMAND_GONE)
    assert "\u2068a/b.md\u2069" in say(
        "{place}, paragraph {paragraph}", place="a/b.md", paragraph=3
    )
    assert "\u2068" not in catalogue("de")("For example: {example}", example="a/b")
