"""Which language the bot speaks: the server's choice, else that of the person's client."""

from dataclasses import dataclass

import pytest

from bot.database import ServerSettings
from bot.languages import catalogue
from bot.rendering.wording import COMMAND_GONE, IN_CONTEXT, MORE, PRIVATE_COPY
from tests.project.languages.command_texts import registered_commands
from tests.standin import DiscordStandIn, User
from tests.support.bot_process import FastBotProcess
from tests.support.data.five_languages import QUESTIONS, TEXTS, write_texts
from tests.support.scenes import CAPTAIN, Scene


@dataclass(frozen=True)
class Readers:
    """A server without a choice of language, a Hebrew one, and people of other languages."""

    free: Scene
    hebrew: Scene
    german: User
    finnish: User


@pytest.fixture
def readers(world):
    """Two servers and their people."""
    free, hebrew = world.settle(), world.settle("Haifa")
    hebrew.set_server(ServerSettings(language="he"))
    return Readers(
        free,
        hebrew,
        german=world.discord.add_user("greta", free.guild, hebrew.guild, locale="de"),
        finnish=world.discord.add_user("aino", free.guild, locale="fi"),
    )


def check_language(language, message):
    """Check that an answer quotes the English text, and says the rest in a language."""
    say = catalogue(language)
    labels = [part["label"] for part in message.buttons if "label" in part]
    assert labels == [say(words) for words in (MORE, IN_CONTEXT, PRIVATE_COPY)]
    assert CAPTAIN in message.seen
    assert say("{place}, paragraph {paragraph}", place="harbour.txt", paragraph=1) in message.seen


def test_german_client_gets_german_words_around_the_quote(readers):
    """The answer to /ask has German buttons and a German citation; the quote is as written."""
    used = readers.free.slash(user=readers.german)
    check_language("de", used.wait_for_response())


def test_client_in_a_language_that_the_bot_does_not_speak_gets_english(readers):
    """Finnish is none of the bot's languages."""
    used = readers.free.slash(user=readers.finnish)
    check_language("en", used.wait_for_response())


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW"])
def test_clients_in_chinese_get_the_characters_of_their_country(readers, locale):
    """Chinese is written in two ways, and the bot has both."""
    reader = readers.free.discord.add_user("mei", readers.free.guild, locale=locale)
    used = readers.free.slash(user=reader)
    check_language(locale, used.wait_for_response())


def test_server_set_to_hebrew_gets_hebrew_words_on_mention(readers):
    """The quote and the name of its file run from left to right, as they are written."""
    check_language("he", readers.hebrew.ask(author=readers.german))


def test_choice_of_the_server_counts_more_than_the_client(readers):
    """In the Hebrew server a German client gets Hebrew words, too."""
    used = readers.hebrew.slash(user=readers.german)
    check_language("he", used.wait_for_response())


def test_commands_are_offered_in_the_language_of_the_client(readers):
    """Those that are translated, checked and written down are those that are registered."""
    discord = readers.free.discord
    registered = {(one["name"], one["type"]) for one in discord.commands}
    assert registered == {(one["name"], one["type"]) for one in registered_commands()}
    offered = discord.offered(readers.free.channel, readers.german)
    assert {"fragen", "In den Texten suchen"} <= set(offered)
    assert "/fragen" in catalogue("de")(COMMAND_GONE)
    assert {"ask", "Find this in the texts"} <= set(
        discord.offered(readers.free.channel, readers.finnish)
    )


def test_texts_in_five_languages_are_asked_in_each(tmp_path):
    """The quote is in the language of the question, as it is written in the text."""
    write_texts(tmp_path / "corpus")
    with DiscordStandIn() as discord:
        guild = discord.add_guild("Lowmere")
        channel = discord.add_channel(guild, "harbour")
        with FastBotProcess(discord, tmp_path / "corpus", tmp_path / "data") as bot:
            discord.wait_ready()
            for language, question in QUESTIONS.items():
                asked = discord.say(channel, guild.owner, f"{discord.mention} {question}")
                seen = discord.wait_for_answer(asked).seen
                assert TEXTS[language][1] in seen
            assert bot.stop() == 0
