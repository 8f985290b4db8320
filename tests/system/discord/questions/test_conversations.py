"""Conversations on Discord: in threads and forum posts, after a restart, and without the intent."""

import pytest

from bot.database import ChannelSettings
from tests.standin import DiscordStandIn
from tests.support.scenes import CAPTAIN, STORM, running_world

CHOIR = "Visitors come in June to hear the choir sing on the pier."


def answer_in_thread(scene):
    """Ask in a channel with threads, and return the thread and the answer in it."""
    scene.set_channel(ChannelSettings(threads=True))
    answer = scene.ask("when did the storm come?")
    assert STORM in answer.seen
    assert answer.channel is not scene.channel
    return answer.channel, answer


def test_short_question_in_the_bots_thread_is_answered(scene):
    """It is about the answer there, although it holds no word to search for."""
    thread, answer = answer_in_thread(scene)
    scene.discord.say(thread, scene.bob, "why so?")
    scene.discord.wait_until(lambda: scene.posted(thread, after=answer), 10, "an answer")
    assert STORM in scene.posted(thread, after=answer)[0].seen


def test_command_in_the_bots_thread_continues_its_conversation(scene):
    """`/ask` there points at what the thread's last answer showed, whoever asked for it."""
    thread, _ = answer_in_thread(scene)
    used = scene.slash("what comes after that?", scene.bob, thread)
    assert CHOIR in used.wait_for_response().seen


def test_private_command_in_the_bots_thread_is_a_conversation_of_its_own(scene):
    """Nobody else sees it, so it neither continues the thread's conversation nor shows in it."""
    thread, _ = answer_in_thread(scene)
    used = scene.slash("what comes after that?", scene.bob, thread, private=True)
    assert CHOIR not in used.wait_for_response().seen


def test_author_of_a_forum_post_goes_on_without_a_mention(scene):
    """Where all questions are answered, so are the author's later ones in their own post."""
    discord = scene.discord
    forum = discord.add_channel(scene.guild, "help", "forum")
    scene.set_channel(ChannelSettings(mode="every"), forum)
    opening = discord.open_post(forum, scene.alice, "The harbour", "who dug the harbour?")
    post = opening.channel
    assert CAPTAIN in discord.wait_for_answer(opening).seen
    later = discord.say(post, scene.alice, "when did the storm come?")
    other = discord.say(post, scene.bob, "when does the choir sing?")
    assert STORM in discord.wait_for_answer(later).seen
    scene.wait_until_idle()
    assert discord.answers(other) == []


def test_author_says_to_others_what_is_no_question_before_an_answer(scene):
    """ "Why so?" is about an answer of the bot only where there is one."""
    discord = scene.discord
    forum = discord.add_channel(scene.guild, "help", "forum")
    scene.set_channel(ChannelSettings(mode="every", confidence="hesitant"), forum)
    opening = discord.open_post(forum, scene.alice, "Bread", "what do zebras bake?")
    discord.say(opening.channel, scene.bob, "I always use rye")
    discord.say(opening.channel, scene.alice, "why so?")
    scene.ask("when did the storm come?", channel=opening.channel)
    assert scene.log().count("Answered with") == 2  # the first question and the last


@pytest.mark.parametrize(
    ("pointing", "place"),
    [("the first one", STORM), ("what comes after that?", CHOIR), ("more", "harbour.txt")],
)
def test_reply_after_a_restart_points_at_the_quotes_of_the_answer(tmp_path, pointing, place):
    """The turn is restored with the places that it showed."""
    with DiscordStandIn() as discord:
        with running_world(discord, tmp_path) as world:
            scene = world.settle()
            answer = scene.ask("when did the storm come?")
            assert STORM in answer.seen
        discord.expect_restart()
        with running_world(discord, tmp_path):
            reply = discord.say(scene.channel, scene.bob, pointing, reply_to=answer)
            assert place in discord.wait_for_answer(reply).seen


def test_reply_to_a_command_that_discord_hides_is_told_of(tmp_path):
    """Without the intent such a reply arrives empty even if it pings; the bot says why."""
    with (
        DiscordStandIn(message_content_intent="refused") as discord,
        running_world(discord, tmp_path) as world,
    ):
        scene = world.settle()
        answer = scene.slash().wait_for_response()
        reply = discord.say(scene.channel, scene.alice, "and when?", reply_to=answer)
        told = discord.wait_for_answer(reply).seen
        assert "can't read" in told
        typed = f"{discord.mention} when did the storm come?"
        again = discord.say(scene.channel, scene.alice, typed, reply_to=answer)
        assert STORM in discord.wait_for_answer(again).seen
