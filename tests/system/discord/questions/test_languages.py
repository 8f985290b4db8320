"""Which language the bot speaks: the server's choice, else that of the person's client."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.database import ServerSettings, open_database
from bot.languages import catalogue
from bot.rendering.wording import COMMAND_GONE, IN_CONTEXT, MORE, PRIVATE_COPY
from tests.project.languages.command_texts import registered_commands
from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess
from tests.support.data.harbour import HARBOUR

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch. It took four years."


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """One bot for the module, in a server without a choice of language and in a Hebrew one."""
    folder = tmp_path_factory.mktemp("languages")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    with DiscordStandIn() as discord:
        free, hebrew = discord.add_guild("Lowmere"), discord.add_guild("Haifa")

        async def set_up():
            database = await open_database(f"sqlite:///{folder}/data/pullquote.db")
            await database.settings.set_server(hebrew.id, ServerSettings(language="he"))
            await database.close()

        asyncio.run(set_up())
        with BotProcess(discord, folder / "corpus", folder / "data") as bot:
            discord.wait_ready()
            discord.wait_for_commands("ask")
            yield SimpleNamespace(
                discord=discord,
                free=discord.add_channel(free, "general"),
                hebrew=discord.add_channel(hebrew, "general"),
                german=discord.add_user("greta", free, hebrew, locale="de"),
                brazilian=discord.add_user("bia", free, locale="pt-BR"),
            )
        assert "Traceback" not in bot.log


def check_language(language, message):
    """Check that an answer quotes the English text, and says the rest in a language."""
    say = catalogue(language)
    labels = [part["label"] for part in message.buttons if "label" in part]
    assert labels == [say(words) for words in (MORE, IN_CONTEXT, PRIVATE_COPY)]
    assert CAPTAIN in message.seen
    assert say("{place}, paragraph {paragraph}", place="harbour.txt", paragraph=1) in message.seen


def test_german_client_gets_german_words_around_the_quote(scene):
    """The answer to /ask has German buttons and a German citation; the quote is as written."""
    used = scene.discord.slash(scene.free, scene.german, "ask", question="who dug the harbour?")
    check_language("de", used.wait_for_response())


def test_client_in_a_language_that_the_bot_does_not_speak_gets_english(scene):
    """Portuguese is none of the bot's languages."""
    used = scene.discord.slash(scene.free, scene.brazilian, "ask", question="who dug the harbour?")
    check_language("en", used.wait_for_response())


def test_server_set_to_hebrew_gets_hebrew_words_on_mention(scene):
    """The quote and the name of its file run from left to right, as they are written."""
    text = f"{scene.discord.mention} who dug the harbour?"
    question = scene.discord.say(scene.hebrew, scene.german, text)
    check_language("he", scene.discord.wait_for_answer(question))


def test_choice_of_the_server_counts_more_than_the_client(scene):
    """In the Hebrew server a German client gets Hebrew words, too."""
    used = scene.discord.slash(scene.hebrew, scene.german, "ask", question="who dug the harbour?")
    check_language("he", used.wait_for_response())


def test_commands_are_offered_in_the_language_of_the_client(scene):
    """Those that are translated, checked and written down are those that are registered."""
    registered = {(one["name"], one["type"]) for one in scene.discord.commands}
    assert registered == {(one["name"], one["type"]) for one in registered_commands()}
    offered = scene.discord.offered(scene.free, scene.german)
    assert {"fragen", "In den Texten suchen"} <= set(offered)
    assert "/fragen" in catalogue("de")(COMMAND_GONE)
    assert {"ask", "Find this in the texts"} <= set(
        scene.discord.offered(scene.free, scene.brazilian)
    )
