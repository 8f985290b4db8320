"""A mention in a reply passes another person's question on; channels are read by their names."""

import pytest

from bot.database import Pseudonyms
from tests.standin import DiscordStandIn
from tests.support.scenes import CAPTAIN, QUESTION, STORM, running_world

LIGHTHOUSE = "The lighthouse burned twice."


@pytest.mark.parametrize("text", ["", "^", "can you answer this?", "any ideas?", "help please"])
def test_mention_in_a_reply_asks_what_the_other_person_asked(scene, text):
    """A mention that asks nothing itself asks the question that it replies to."""
    asked = scene.discord.say(scene.channel, scene.bob, QUESTION)
    assert CAPTAIN in scene.ask(text, reply_to=asked).seen


def test_mention_in_a_reply_with_a_question_is_read_with_the_other_message(scene):
    """What the other person said is the context of the question, and not the asker's past."""
    scene.ask("when did the storm come?")
    said = scene.discord.say(scene.channel, scene.bob, "tell me about the lighthouse")
    assert LIGHTHOUSE in scene.ask("how often?", reply_to=said).seen


def test_follow_up_to_a_passed_on_question_is_understood(scene):
    """The conversation goes on from the question that was passed on."""
    asked = scene.discord.say(scene.channel, scene.bob, "what about the lighthouse?")
    answer = scene.ask("", reply_to=asked)
    reply = scene.discord.say(scene.channel, scene.alice, "how often?", reply_to=answer)
    assert LIGHTHOUSE in scene.discord.wait_for_answer(reply).seen


def test_mention_in_a_reply_to_a_bot_or_a_webhook_asks_nothing_of_it(scene):
    """Bots and webhooks ask nothing; such a mention is an empty question as ever."""
    robot = scene.discord.add_user("robot", scene.guild, bot=True)
    by_robot = scene.discord.say(scene.channel, robot, QUESTION)
    by_webhook = scene.discord.say(scene.channel, scene.bob, QUESTION, webhook=True)
    for message in (by_robot, by_webhook):
        assert "no question" in scene.ask("", reply_to=message).seen


def test_mention_in_a_reply_to_an_answer_stays_a_follow_up(scene):
    """The bot's own messages continue their conversation."""
    answer = scene.ask("what about the lighthouse?")
    assert LIGHTHOUSE in scene.ask("how often?", reply_to=answer).seen


def test_passed_on_question_belongs_to_the_person_who_wrote_it(scene):
    """Their words are stored as theirs, so that they can read and delete them."""
    asked = scene.discord.say(scene.channel, scene.bob, "who dug the old harbour?")
    scene.ask("", reply_to=asked)
    assert _stored(scene, scene.bob) == [("who dug the old harbour?", ())]
    assert _stored(scene, scene.alice) == []


def test_context_of_another_person_is_not_stored(scene):
    """What somebody said to others is only read, also by the next question."""
    said = scene.discord.say(scene.channel, scene.bob, "tell me about the lighthouse")
    scene.ask("how often did it burn?", reply_to=said)
    scene.ask("and who rebuilt it?")
    assert _stored(scene, scene.bob) == []
    assert _stored(scene, scene.alice) == [
        ("and who rebuilt it?", ("how often did it burn?",)),
        ("how often did it burn?", ()),
    ]


def test_message_that_discord_hides_is_not_passed_on(tmp_path):
    """Without the message content intent the other message is empty, and so is the question."""
    with (
        DiscordStandIn(message_content_intent="refused") as discord,
        running_world(discord, tmp_path) as world,
    ):
        scene = world.settle()
        asked = discord.say(scene.channel, scene.bob, QUESTION)
        assert "no question" in scene.ask("", reply_to=asked).seen
        assert STORM in scene.ask("when did the storm come?", reply_to=asked).seen


def test_mentioned_channel_is_read_as_its_name(scene):
    """A channel that everybody sees is a word of the question."""
    lighthouse = scene.discord.add_channel(scene.guild, "lighthouse")
    assert LIGHTHOUSE in scene.ask(f"what about <#{lighthouse.id}>?").seen
    asked = scene.slash(f"what about <#{lighthouse.id}>?")
    assert LIGHTHOUSE in asked.wait_for_response().seen


def test_hidden_channel_is_not_named_in_a_public_one(scene):
    """A public answer and its thread reveal no name of a hidden channel."""
    hidden = scene.discord.add_channel(scene.guild, "lighthouse")
    scene.discord.overwrite(hidden, scene.guild, deny=["VIEW_CHANNEL"])
    assert LIGHTHOUSE not in scene.ask(f"what about <#{hidden.id}>?").seen


def _stored(scene, user):
    """Return a person's stored questions with the questions before them, newest first."""
    person = Pseudonyms.load(scene.data).hashed(user.id)
    about = scene.on_database(lambda database: database.privacy.stored_about(person))
    return [(asked.question, asked.context) for asked in about.questions]
