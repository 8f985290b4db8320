"""Fifty people at once, and one who floods: each is answered or refused, in time and once."""

from types import SimpleNamespace

import pytest

from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess
from tests.support.data.harbour import HARBOUR

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch."
STORM = "A storm in 1887 sank nine boats."
PEOPLE = 50


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """One bot for the module, and fifty people in one channel."""
    folder = tmp_path_factory.mktemp("load")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    with DiscordStandIn() as discord:
        guild = discord.add_guild("Lowmere")
        channel = discord.add_channel(guild, "harbour")
        people = [discord.add_user(f"reader{number}", guild) for number in range(PEOPLE)]
        with BotProcess(discord, folder / "corpus", folder / "data") as bot:
            discord.wait_ready()
            discord.wait_for_commands("ask")
            # Discord answers the 51st with 429, and the bot waits for as long as that says.
            discord.forgive("more than 50 requests in one second")
            yield SimpleNamespace(discord=discord, channel=channel, people=people)
            assert bot.stop() == 0
            assert "Traceback" not in bot.log
            assert "without the database" not in bot.log
        assert discord.pings == []


def test_fifty_commands_and_presses_at_once_are_acknowledged_in_three_seconds(crowd):
    """Whatever else is being answered, Discord hears of each command and press in time."""
    discord = crowd.discord
    used = [
        discord.slash(crowd.channel, person, "ask", question="who dug the harbour?")
        for person in crowd.people
    ]
    answers = [one.wait_for_response(timeout=30) for one in used]
    assert all(CAPTAIN in answer.seen for answer in answers)
    assert max(one.acknowledged_after or 99 for one in used) < 3
    pressed = [
        discord.press(answer, discord.button(answer, "In context"), person)
        for answer, person in zip(answers, crowd.people, strict=True)
    ]
    assert all("Herring" in one.wait_for_response(timeout=30).seen for one in pressed)
    assert max(one.acknowledged_after or 99 for one in pressed) < 3
    callbacks = [one for one in discord.requests if one.path.endswith("/callback")]
    assert len(callbacks) == 2 * PEOPLE


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


def test_flood_in_one_server_delays_nobody_in_another(crowd):
    """Whose channel is full waits alone; beyond the cooldown a flood is refused, and told once."""
    discord = crowd.discord
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


def test_flood_of_direct_messages_is_taken_up_to_its_limit(crowd):
    """Who has ten open questions is refused, and told once; a deleted one makes room."""
    discord = crowd.discord
    rude = discord.add_user("ruder", crowd.channel.guild)
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
