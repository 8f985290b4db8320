"""Edits that take the bot's mention out of a message, or put it in."""

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
