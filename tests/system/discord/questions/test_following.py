"""Answers follow their questions, and conversations stay where they belong."""

import pytest

from bot.database import ChannelSettings
from tests.support.scenes import CAPTAIN


def mention(scene, text, author=None):
    """Let Alice, or another, mention the bot, and return the message with its answer."""
    question = scene.mention(text, author)
    return question, scene.discord.wait_for_answer(question)


def edit(scene, question, text):
    """Let the message say something else to the bot."""
    scene.discord.edit(question, f"{scene.discord.mention} {text}")


def shows(scene, answer, text):
    """Wait until an answer shows a text."""
    scene.discord.wait_until(lambda: text in answer.seen, 10, text)


def rows(scene, message):
    """Return what the database keeps of a message's question."""
    return scene.on_database(lambda database: database.questions.by_message(message.id))


@pytest.mark.parametrize("text", ["", "hello!"])
def test_answer_to_no_question_follows_the_question_that_it_becomes(scene, text):
    """A mention without a question that is edited into one is answered in the same message."""
    question, answer = mention(scene, text)
    edit(scene, question, "who dug the harbour?")
    shows(scene, answer, CAPTAIN)
    assert len(scene.discord.answers(question)) == 1
    scene.discord.delete(question)
    scene.discord.wait_until(lambda: answer.deleted, 10, "the deletion")


@pytest.mark.parametrize("text", ["", "hello!", "who dug the harbour?"])
def test_answer_of_any_kind_goes_with_its_question(scene, text):
    """Also what is said to a greeting is gone with the greeting."""
    question, answer = mention(scene, text)
    scene.discord.delete(question)
    scene.discord.wait_until(lambda: answer.deleted, 10, "the deletion")


def test_question_edited_into_nothing_and_back_has_its_answer_again(scene):
    """The question in between is not kept, and the last edit counts."""
    question, answer = mention(scene, "who dug the harbour?")
    edit(scene, question, "hello!")
    shows(scene, answer, "I only speak in quotes")
    scene.discord.wait_until(lambda: rows(scene, question) is None, 10, "nothing kept")
    edit(scene, question, "who dug the harbour?")
    shows(scene, answer, CAPTAIN)
    scene.discord.wait_until(lambda: rows(scene, question), 10, "the question")
    assert rows(scene, question).answer_id == answer.id


def test_edit_of_an_earlier_question_leaves_the_later_conversation(scene):
    """The next question follows the one asked last, not the one edited last."""
    first, its_answer = mention(scene, "when did the storm come?")
    mention(scene, "new topic: what about the lighthouse and its keepers?")
    edit(scene, first, "who dug the harbour?")
    shows(scene, its_answer, CAPTAIN)
    _, followed = mention(scene, "how often did it burn?")
    assert "burned twice" in followed.seen.splitlines()[0]


def test_overheard_question_that_is_edited_away_loses_its_answer(scene):
    """Who asked nobody is not told that there is nothing."""
    scene.set_channel(ChannelSettings("every"))
    for text in ("I love this harbour", "how do I bake sourdough bread?"):
        question = scene.discord.say(scene.channel, scene.alice, "who dug the harbour?")
        answer = scene.discord.wait_for_answer(question)
        scene.discord.edit(question, text)
        scene.discord.wait_until(lambda answer=answer: answer.deleted, 10, "the deletion")
        scene.discord.wait_until(
            lambda question=question: rows(scene, question) is None, 10, "nothing kept"
        )


def test_edit_of_a_question_with_a_thread_changes_the_conversation_there(scene):
    """The thread goes on from the edited question, and the channel knows nothing of it."""
    scene.set_channel(ChannelSettings(threads=True))
    question, answer = mention(scene, "who dug the harbour?")
    edit(scene, question, "what about the lighthouse and its keepers?")
    shows(scene, answer, "lighthouse")
    _, outside = mention(scene, "and why?")
    assert "nothing about that" in outside.seen
    asked = scene.mention("and why?", scene.admin, answer.channel)
    inside = scene.discord.wait_until(
        lambda: scene.posted(asked.channel, asked), 10, "an answer in the thread"
    )
    assert "lighthouse" in inside[0].seen


def test_private_question_in_a_private_channel_stays_private(scene):
    """What only one person saw is no context of what others of the channel read."""
    crew = scene.discord.add_role(scene.guild, "crew")
    hidden = scene.discord.add_channel(scene.guild, "crew")
    scene.discord.overwrite(hidden, scene.guild, deny=["VIEW_CHANNEL"])
    for viewer in (crew, scene.discord.bot):
        scene.discord.overwrite(hidden, viewer, allow=["VIEW_CHANNEL"])
    mate = scene.discord.add_user("mate", scene.guild, roles=[crew])
    scene.discord.slash(
        hidden, mate, "ask", question="what about the lighthouse and its keepers?", private=True
    ).wait_for_response()
    question = scene.discord.say(hidden, mate, f"{scene.discord.mention} and why?")
    assert "nothing about that" in scene.discord.wait_for_answer(question).seen


def test_further_quotes_of_an_unsure_answer_are_unsure_too(scene):
    """The page that More turns to says, like the first, that it may not answer."""
    _, answer = mention(scene, "what does the choir of Zanzibar sing?")
    unsure = "I'm not sure that my texts answer that"
    assert unsure in answer.seen
    first = answer.seen
    more = scene.discord.button(answer, "More")
    scene.discord.press(answer, more, scene.alice)
    scene.discord.wait_until(lambda: answer.seen != first, 10, "the next page")
    assert unsure in answer.seen
