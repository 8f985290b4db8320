"""Answers follow their questions, and conversations stay where they belong."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.database import ChannelSettings, open_database

# Fixtures are found by their names in the file.
from tests.support.scenes import scene as scene
from tests.support.scenes import world as world

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch."
STORM = "A storm in 1887 sank nine boats."

pytestmark = pytest.mark.xdist_group("following")


@pytest.fixture
def place(world, scene):
    """The bot, a channel of its own and Bob in it."""
    yield SimpleNamespace(**vars(world), **vars(scene))
    assert world.discord.pings == []


def mention(place, text, author=None):
    """Let Bob mention the bot, and return his message with its answer."""
    said = f"{place.discord.mention} {text}"
    question = place.discord.say(place.channel, author or place.bob, said)
    return question, place.discord.wait_for_answer(question)


def edit(place, question, text):
    """Let the message say something else to the bot."""
    place.discord.edit(question, f"{place.discord.mention} {text}")


def shows(place, answer, text):
    """Wait until an answer shows a text."""
    place.discord.wait_until(lambda: text in answer.seen, 10, text)


def set_channel(place, channel, settings):
    """Store a channel's settings, as an admin does who uses another process."""

    async def store():
        database = await open_database(f"sqlite:///{place.data}/pullquote.db")
        await database.settings.set_channel(place.guild.id, channel.id, settings)
        await database.close()

    asyncio.run(store())


def rows(place, message):
    """Return what the database keeps of a message's question."""

    async def read():
        database = await open_database(f"sqlite:///{place.data}/pullquote.db")
        kept = await database.questions.by_message(message.id)
        await database.close()
        return kept

    return asyncio.run(read())


@pytest.mark.parametrize("text", ["", "hello!"])
def test_answer_to_no_question_follows_the_question_that_it_becomes(place, text):
    """A mention without a question that is edited into one is answered in the same message."""
    question, answer = mention(place, text)
    edit(place, question, "who dug the harbour?")
    shows(place, answer, CAPTAIN)
    assert len(place.discord.answers(question)) == 1
    place.discord.delete(question)
    place.discord.wait_until(lambda: answer.deleted, 10, "the deletion")


@pytest.mark.parametrize("text", ["", "hello!", "who dug the harbour?"])
def test_answer_of_any_kind_goes_with_its_question(place, text):
    """Also what is said to a greeting is gone with the greeting."""
    question, answer = mention(place, text)
    place.discord.delete(question)
    place.discord.wait_until(lambda: answer.deleted, 10, "the deletion")


def test_question_edited_into_nothing_and_back_has_its_answer_again(place):
    """The question in between is not kept, and the last edit counts."""
    question, answer = mention(place, "who dug the harbour?")
    edit(place, question, "hello!")
    shows(place, answer, "I only speak in quotes")
    place.discord.wait_until(lambda: rows(place, question) is None, 10, "nothing kept")
    edit(place, question, "who dug the harbour?")
    shows(place, answer, CAPTAIN)
    place.discord.wait_until(lambda: rows(place, question), 10, "the question")
    assert rows(place, question).answer_id == answer.id


def test_edit_of_an_earlier_question_leaves_the_later_conversation(place):
    """The next question follows the one asked last, not the one edited last."""
    first, its_answer = mention(place, "when did the storm come?")
    mention(place, "new topic: what about the lighthouse and its keepers?")
    edit(place, first, "who dug the harbour?")
    shows(place, its_answer, CAPTAIN)
    _, followed = mention(place, "how often?")
    assert "burned twice" in followed.seen.splitlines()[0]


def test_overheard_question_that_is_edited_away_loses_its_answer(place):
    """Who asked nobody is not told that there is nothing."""
    set_channel(place, place.channel, ChannelSettings("every"))
    for text in ("I love this harbour", "how do I bake sourdough bread?"):
        question = place.discord.say(place.channel, place.bob, "who dug the harbour?")
        answer = place.discord.wait_for_answer(question)
        place.discord.edit(question, text)
        place.discord.wait_until(lambda answer=answer: answer.deleted, 10, "the deletion")
        place.discord.wait_until(
            lambda question=question: rows(place, question) is None, 10, "nothing kept"
        )


def test_edit_of_a_question_with_a_thread_changes_the_conversation_there(place):
    """The thread goes on from the edited question, and the channel knows nothing of it."""
    set_channel(place, place.channel, ChannelSettings(threads=True))
    question, answer = mention(place, "who dug the harbour?")
    edit(place, question, "what about the lighthouse and its keepers?")
    shows(place, answer, "lighthouse")
    _, outside = mention(place, "and why?")
    assert "nothing about that" in outside.seen
    asked = place.discord.say(answer.channel, place.admin, f"{place.discord.mention} and why?")
    inside = place.discord.wait_until(lambda: _own(place, asked), 10, "an answer in the thread")
    assert "lighthouse" in inside[0].seen


def _own(place, after):
    said = place.discord.messages(after.channel, after=after)
    return [message for message in said if message.author is place.discord.bot]


def test_private_question_in_a_private_channel_stays_private(place):
    """What only one person saw is no context of what others of the channel read."""
    crew = place.discord.add_role(place.guild, "crew")
    hidden = place.discord.add_channel(place.guild, "crew")
    place.discord.overwrite(hidden, place.guild, deny=["VIEW_CHANNEL"])
    for viewer in (crew, place.discord.bot):
        place.discord.overwrite(hidden, viewer, allow=["VIEW_CHANNEL"])
    mate = place.discord.add_user("mate", place.guild, roles=[crew])
    place.discord.slash(
        hidden, mate, "ask", question="what about the lighthouse and its keepers?", private=True
    ).wait_for_response()
    question = place.discord.say(hidden, mate, f"{place.discord.mention} and why?")
    assert "nothing about that" in place.discord.wait_for_answer(question).seen


def test_further_quotes_of_an_unsure_answer_are_unsure_too(place):
    """The page that More turns to says, like the first, that it may not answer."""
    _, answer = mention(place, "what does the choir of Zanzibar sing?")
    unsure = "I'm not sure that my texts answer that"
    assert unsure in answer.seen
    first = answer.seen
    more = place.discord.button(answer, "More")
    place.discord.press(answer, more, place.bob)
    place.discord.wait_until(lambda: answer.seen != first, 10, "the next page")
    assert unsure in answer.seen
