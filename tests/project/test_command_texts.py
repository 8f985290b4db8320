"""The texts of the bot's commands: translated for Discord's menus, within Discord's rules."""

import discord
import pytest

from bot.languages import LANGUAGES, catalogue, for_locale
from tests.project.languages.command_texts import (
    IN_CLIENTS,
    CommandText,
    registered_commands,
    texts_of,
)
from tests.standin.rules.command_rules import command_problems

pytestmark = pytest.mark.xdist_group("languages")  # one process makes the commands

# The locales of Discord's clients in which the bot has words other than the English ones.
SPOKEN = sorted(str(one) for one in discord.Locale if for_locale(str(one)).language != "en")


@pytest.fixture(scope="module")
def registered():
    """All commands, as the bot registers them."""
    return registered_commands()


@pytest.fixture(scope="module")
def command_texts(registered):
    """The texts of all commands."""
    return list(texts_of(registered))


def test_texts_are_those_of_the_real_commands(command_texts):
    """Commands, their options and menus are found where the cogs make them."""
    found = {(text.message, text.is_name, text.path) for text in command_texts}
    assert {
        ("/ask", True, "/ask"),
        ("question:", True, "/ask question:"),
        ("What do you want to know?", False, "/ask question:"),
        ("Find this in the texts", False, "menu of messages or people"),
    } <= found


def test_texts_are_found_below_groups_and_in_choices():
    """A group's commands have its name before theirs, choices belong to their option."""
    choice = {"name": "Loud", "value": "loud", "name_localizations": {"de": "Laut"}}
    option = {"type": 3, "name": "tone", "description": "How", "choices": [choice]}
    sing = {"type": 1, "name": "sing", "description": "Sing a song", "options": [option]}
    group = {"type": 1, "name": "choir", "description": "The choir", "options": [sing]}
    assert list(texts_of([group])) == [
        CommandText("/choir", True, "/choir", {}),
        CommandText("The choir", False, "/choir", {}),
        CommandText("/sing", True, "/choir sing", {}),
        CommandText("Sing a song", False, "/choir sing", {}),
        CommandText("tone:", True, "/choir sing tone:", {}),
        CommandText("How", False, "/choir sing tone:", {}),
        CommandText("Loud", False, "/choir sing tone:", {"de": "Laut"}),
    ]


def test_clients_have_all_languages_but_two():
    """Discord's client is there in each of the bot's languages except Hebrew and Arabic."""
    assert set(LANGUAGES) - IN_CLIENTS == {"en", "he", "ar"}


@pytest.mark.parametrize("locale", SPOKEN)
def test_texts_are_registered_in_the_words_of_the_catalogues(locale, command_texts):
    """Whatever Discord shows in a menu, it shows in the language of the client."""
    say = for_locale(locale)
    for text in command_texts:
        english = text.message.strip("/:") if text.is_name else text.message
        expected = say(text.message).strip("/:") if text.is_name else say(text.message)
        assert text.translations.get(locale, english) == expected, text.path


def test_texts_are_registered_for_no_other_locale(command_texts):
    """Where the bot has no words, Discord shows the English ones."""
    assert {locale for text in command_texts for locale in text.translations} == set(SPOKEN)


def test_translated_commands_keep_the_rules_of_discord(registered):
    """Names that can be typed and differ within a language, short descriptions, 8,000 in all."""
    assert command_problems(registered) == []


@pytest.mark.parametrize("language", ["he", "ar"])
def test_names_stay_english_where_no_client_shows_others(language, command_texts):
    """A reader of Hebrew has a client in another language, and types the names that it shows."""
    say = catalogue(language)
    assert [text.path for text in command_texts if text.is_name and _bare(say(text.message))] == []


def _bare(said: str) -> str:
    """Return what is left of a translated name without English letters and signs around it."""
    return said.strip("/:_-abcdefghijklmnopqrstuvwxyz\u2066\u2069")
