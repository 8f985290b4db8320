"""Edits that take the bot's mention out of a message, or put it in."""

from datetime import UTC, datetime

import pytest

from bot.database import ChannelSettings
from tests.standin.model import payloads
from tests.support.scenes import CAPTAIN, STORM


def test_edit_that_takes_the_mention_out_removes_the_answer(scene):
    """What is no longer said to the bot has no answer, whatever it says now."""
    discord = scene.discord
    question = scene.mention()
    answer = discord.wait_for_answer(question)
    discord.edit(question, "never mind, everybody")
    discord.wait_until(lambda: answer.deleted, 10, "the removal")
    scene.wait_until_idle()
    assert discord.answers(question) == []


def test_edit_that_only_takes_the_mention_out_removes_the_answer(scene):
    """The same words, said to nobody, are no question to the bot."""
    discord = scene.discord
    question = scene.mention("who dug the harbour?")
    answer = discord.wait_for_answer(question)
    discord.edit(question, "who dug the harbour?")
    discord.wait_until(lambda: answer.deleted, 10, "the removal")


def test_reply_that_is_edited_stays_a_question(scene):
    """A reply to the bot addresses it without a mention, also after an edit."""
    discord = scene.discord
    first = scene.ask()
    reply = discord.say(scene.channel, scene.alice, "when did the storm come?", reply_to=first)
    answer = discord.wait_for_answer(reply)
    assert STORM in answer.seen
    discord.edit(reply, "who dug the harbour then?")
    discord.wait_until(lambda: CAPTAIN in answer.seen, 10, "the change")


def test_mention_that_an_edit_adds_is_answered_once(scene):
    """A message becomes a question to the bot; further edits change the answer."""
    discord = scene.discord
    message = discord.say(scene.channel, scene.alice, "who dug the harbour?")
    scene.wait_until_idle()
    assert discord.answers(message) == []
    discord.edit(message, f"{discord.mention} who dug the harbour?")
    answer = discord.wait_for_answer(message)
    assert CAPTAIN in answer.seen
    discord.edit(message, f"{discord.mention} when did the storm come?")
    discord.wait_until(lambda: STORM in answer.seen, 10, "the change")
    scene.wait_until_idle()
    assert len(discord.answers(message)) == 1


def test_mention_that_an_edit_adds_to_an_overheard_question_is_answered(scene):
    """Where the bot was silent because it found nothing, it now says so."""
    discord = scene.discord
    scene.set_up("mode", "every")
    message = discord.say(scene.channel, scene.alice, "what do zebras eat?")
    scene.wait_until_idle()
    assert discord.answers(message) == []
    discord.edit(message, f"{discord.mention} what do zebras eat?")
    assert "found nothing" in discord.wait_for_answer(message).seen


def test_edited_reply_between_two_people_is_not_answered(scene):
    """Discord may leave out the original of an edited reply; the edit addresses nobody."""
    discord = scene.discord
    said = discord.say(scene.channel, scene.bob, "the storm came in 1887")
    reply = discord.say(
        scene.channel, scene.alice, "who dug the harbuor?", reply_to=said, omit_reply=True
    )
    discord.edit(reply, "who dug the harbour?")
    wait_until_edits_are_answered(scene)
    assert discord.answers(reply) == []


def test_edit_of_a_message_of_an_unknown_server_is_passed_over(scene):
    """Neither its settings nor its roles are known, so it is not answered either."""
    discord = scene.discord
    known = discord.say(scene.channel, scene.alice, "good morning")
    reference = {"type": 0, "message_id": "4713", "channel_id": "4712", "guild_id": "4711"}
    edited_at = datetime.fromtimestamp(discord.world.clock.unix_time(), UTC).isoformat()
    for mentions in ([], [payloads.user_json(discord.bot)]):
        data = payloads.message_event_json(known) | {"guild_id": "4711", "channel_id": "4712"}
        data |= {"type": 19, "message_reference": reference, "content": "who dug the harbour?"}
        data |= {"id": str(discord.world.new_id()), "mentions": mentions}
        discord.send_event("MESSAGE_UPDATE", data | {"edited_timestamp": edited_at})
    wait_until_edits_are_answered(scene)
    assert not [one for one in discord.requests if "4712" in one.path.split("/")]


def test_edited_reply_to_a_deleted_answer_keeps_its_own_answer(scene):
    """An edit changes what a reply says, not what it replies to."""
    discord = scene.discord
    first = scene.ask()
    reply = discord.say(
        scene.channel, scene.alice, "when did the storm come?", reply_to=first, ping_reply=False
    )
    answer = discord.wait_for_answer(reply)
    assert STORM in answer.seen
    discord.delete(first)
    discord.edit(reply, "who dug the harbour then?")
    discord.wait_until(lambda: CAPTAIN in answer.seen or answer.deleted, 10, "the change")
    assert not answer.deleted


def test_mention_that_is_taken_out_and_put_back_is_answered_again(scene):
    """Each edit counts: what the last one says to the bot is answered."""
    discord = scene.discord
    question = scene.mention()
    first = discord.wait_for_answer(question)
    discord.edit(question, "never mind, everybody")
    discord.wait_until(lambda: first.deleted, 10, "the removal")
    discord.edit(question, f"{discord.mention} when did the storm come?")
    assert STORM in discord.wait_for_answer(question).seen
    scene.wait_until_idle()
    assert len(discord.answers(question)) == 1


def test_two_quick_edits_end_in_the_answer_to_the_last(scene):
    """The second edit arrives while the first, which added the mention, is being looked up."""
    discord = scene.discord
    message = discord.say(scene.channel, scene.alice, "good morning")
    scene.wait_until_idle()
    discord.edit(message, f"{discord.mention} who dug the harbour?")
    discord.edit(message, f"{discord.mention} when did the storm come?")
    answer = discord.wait_for_answer(message)
    discord.wait_until(lambda: STORM in answer.seen, 10, "the change")
    scene.wait_until_idle()
    assert len(discord.answers(message)) == 1


@pytest.mark.parametrize(("minutes", "is_answered"), [(4, True), (6, False)])
def test_mention_is_added_within_five_minutes(scene, minutes, is_answered):
    """Later the message is history; the person can ask again."""
    discord = scene.discord
    message = discord.say(scene.channel, scene.alice, "who dug the harbour?")
    scene.wait_until_idle()
    discord.advance(minutes * 60)
    discord.edit(message, f"{discord.mention} who dug the harbour?")
    if is_answered:
        assert CAPTAIN in discord.wait_for_answer(message).seen
    wait_until_edits_are_answered(scene)
    assert len(discord.answers(message)) == is_answered


def test_opening_post_that_an_edit_addresses_leaves_no_row_behind(scene):
    """It was recorded as unanswered; its answer takes that row, which goes with the post."""
    discord = scene.discord
    forum = discord.add_channel(scene.guild, "help", "forum")
    scene.set_channel(ChannelSettings(mode="every"), forum)
    post = discord.open_post(forum, scene.alice, "Animals", "what do zebras eat?")
    scene.wait_until_idle()
    discord.edit(post, f"{discord.mention} what do zebras eat?")
    answer = discord.wait_for_answer(post)
    scene.wait_until_idle()
    discord.delete(post)
    discord.wait_until(lambda: answer.deleted, 10, "the removal")
    assert scene.on_database(lambda of: of.questions.by_message(post.id)) is None


def test_overheard_question_keeps_no_answer_that_found_nothing(scene):
    """The same words, said to nobody, need no answer where the texts have none."""
    discord = scene.discord
    scene.set_up("mode", "every")
    question = scene.mention("what do zebras eat?")
    answer = discord.wait_for_answer(question)
    assert "found nothing" in answer.seen
    discord.edit(question, "what do zebras eat?")
    discord.wait_until(lambda: answer.deleted, 10, "the removal")


def wait_until_edits_are_answered(scene):
    """Wait until mentions that two later edits add are answered, one after the other."""
    for _ in range(2):
        message = scene.discord.say(scene.channel, scene.bob, "good evening")
        scene.discord.edit(message, f"{scene.discord.mention} when does the choir sing?")
        scene.discord.wait_for_answer(message)
