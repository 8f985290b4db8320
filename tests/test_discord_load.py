"""Fifty people at once, by mention and by command: each is answered, in time and once."""

from types import SimpleNamespace

import pytest

from tests.bot_process import BotProcess
from tests.conftest import HARBOUR
from tests.standin import DiscordStandIn

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
            assert "without what the bot keeps" not in bot.log
        assert discord.pings == []


def test_fifty_mentions_at_once_have_one_answer_each(crowd):
    """Every second person asks something else, and all get their own answer."""
    discord = crowd.discord
    texts = {"who dug the harbour?": CAPTAIN, "when did the storm come?": STORM}
    asked = []
    for number, person in enumerate(crowd.people):
        text = list(texts)[number % 2]
        content = f"{discord.mention} new topic: {text}"
        asked.append((discord.say(crowd.channel, person, content), texts[text]))
    for question, expected in asked:
        first_quote = discord.wait_for_answer(question, timeout=30).seen.splitlines()[0]
        assert expected in first_quote
    assert [len(discord.answers(question)) for question, _ in asked] == [1] * PEOPLE


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
