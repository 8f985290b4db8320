"""Fifty people at once, and one who floods: each is answered or refused, in time and once."""

import pytest

from tests.standin import DiscordStandIn
from tests.support.scenes import CAPTAIN, STORM, running_world

pytestmark = pytest.mark.xdist_group("load")

PEOPLE = 50


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One bot for the module, whose rate limit a crowd may meet."""
    with DiscordStandIn() as discord:
        # Discord answers the 51st with 429, and the bot waits for as long as that says.
        discord.forgive("more than 50 requests in one second")
        with running_world(discord, tmp_path_factory.mktemp("load")) as world:
            yield world
            _, ready, log = world.bot.log.partition("Ready as")
            assert ready
            assert "without the database" not in log


def test_fifty_commands_and_presses_at_once_are_acknowledged_in_three_seconds(scene):
    """Whatever else is being answered, Discord hears of each command and press in time."""
    discord, start = scene.discord, len(scene.discord.requests)
    people = [discord.add_user(f"reader{number}", scene.guild) for number in range(PEOPLE)]
    used = [scene.slash(user=person) for person in people]
    answers = [one.wait_for_response(timeout=30) for one in used]
    assert all(CAPTAIN in answer.seen for answer in answers)
    assert max(one.acknowledged_after or 99 for one in used) < 3
    pressed = [
        discord.press(answer, discord.button(answer, "In context"), person)
        for answer, person in zip(answers, people, strict=True)
    ]
    assert all("Herring" in one.wait_for_response(timeout=30).seen for one in pressed)
    assert max(one.acknowledged_after or 99 for one in pressed) < 3
    callbacks = [one for one in discord.requests[start:] if one.path.endswith("/callback")]
    assert len(callbacks) == 2 * PEOPLE


def test_fifty_questions_at_once_are_all_answered(scene):
    """A burst from many people in many channels is worked off."""
    discord = scene.discord
    questions = []
    for number in range(PEOPLE):
        person = discord.add_user(f"person{number}", scene.guild)
        channel = discord.add_channel(scene.guild, f"channel{number % 5}")
        questions.append(scene.mention(author=person, channel=channel))
    for question in questions:
        assert CAPTAIN in discord.wait_for_answer(question, timeout=30).seen


def flood(discord, channel, person, count=100):
    """Ask so many questions at once while the channel takes no messages for two seconds."""
    discord.fail_next(
        "POST", f"/channels/{channel.id}/messages", status=429, retry_after=1.0, times=2
    )
    text = f"{discord.mention} new topic: who dug the harbour?"
    return [discord.say(channel, person, text) for _ in range(count)]


def told(discord, questions):
    """Return what the bot said to each question; nothing for those it passed over."""
    assert all(len(discord.answers(question)) <= 1 for question in questions)
    return [answer.seen for question in questions for answer in discord.answers(question)]


def test_flood_in_one_server_delays_nobody_in_another(scene):
    """A full channel delays nobody else; beyond the cooldown a flood is refused, and told once."""
    discord = scene.discord
    flooded, quiet = (discord.add_guild(name) for name in ("Flooded", "Quiet"))
    rude, polite = discord.add_user("rude", flooded), discord.add_user("polite", quiet)
    channel = discord.add_channel(flooded, "flooded")
    questions = flood(discord, channel, rude)
    question = discord.say(
        discord.add_channel(quiet, "quiet"), polite, f"{discord.mention} when did the storm come?"
    )
    answer = discord.wait_for_answer(question)
    assert STORM in answer.seen
    discord.wait_until(lambda: len(told(discord, questions)) == 11, what="ten answers, a refusal")
    said = told(discord, questions)
    assert [CAPTAIN in text for text in said] == [True] * 10 + [False]
    assert said[-1].startswith("That was a lot of questions.")
    assert all(discord.answers(one)[0].id > answer.id for one in questions[1:5])


def test_flood_of_direct_messages_is_taken_up_to_its_limit(scene):
    """Who has ten open questions is refused, and told once; a deleted one makes room."""
    discord = scene.discord
    rude = discord.add_user("ruder", scene.guild)
    channel = discord.open_dm(rude)
    questions = flood(discord, channel, rude)
    discord.wait_until(lambda: told(discord, questions), what="the refusal")
    deleted = questions.pop(5)
    discord.delete(deleted)
    discord.wait_until(lambda: len(told(discord, questions)) >= 10, what="nine answers, a refusal")
    last = discord.say(channel, rude, "when did the storm come?")
    assert STORM in discord.wait_for_answer(last).seen
    said = told(discord, questions)
    assert not discord.answers(deleted)
    (refusal,) = [text for text in said if CAPTAIN not in text]
    assert refusal.startswith("I have not answered")
