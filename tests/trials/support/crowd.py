"""A crowd on the stand-in: people who ask in channels, and the count of their answers."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.rendering.wording import APOLOGY, FAILED
from tests.standin import Channel, DiscordStandIn, Guild, Invocation, Message, User

T = TypeVar("T")

# Discord waits 15 minutes for an answer; a question without one after this time is lost.
PATIENCE_S = 800.0

_SNOWFLAKE_TIME_BIT = 22


@dataclass
class Heard:
    """The answers to many questions.

    Attributes:
        answered: How many have one answer.
        refused: How many have one polite refusal.
        lost: How many have nothing at all, or only an apology.
        doubled: How many have more than one answer.
        acknowledged_s: Seconds to the first response to each command.
        answered_s: Seconds to each answer.
    """

    answered: int = 0
    refused: int = 0
    lost: int = 0
    doubled: int = 0
    acknowledged_s: list[float] = field(default_factory=list)
    answered_s: list[float] = field(default_factory=list)


class Crowd:
    """People of one server, who ask in its channels in turn."""

    def __init__(self, discord: DiscordStandIn, name: str, *, people: int, channels: int) -> None:
        self.discord = discord
        self.guild: Guild = discord.add_guild(name)
        self.channels: list[Channel] = [
            discord.add_channel(self.guild, f"{name}-{number}") for number in range(channels)
        ]
        self.people: list[User] = [
            discord.add_user(f"{name}-{number}", self.guild) for number in range(people)
        ]

    def places(self, count: int) -> Iterator[tuple[Channel, User]]:
        """Yield `count` pairs of a channel and a person, each in turn."""
        for number in range(count):
            yield self.channels[number % len(self.channels)], self.people[number % len(self.people)]

    def say(self, texts: Sequence[str], seconds: float) -> list[Message]:
        """Ask the bot by mention, evenly over a time."""
        return [
            self.discord.say(channel, person, f"{self.discord.mention} new topic: {text}")
            for text, (channel, person) in evenly(
                zip(texts, self.places(len(texts)), strict=True), seconds / len(texts)
            )
        ]

    def ask(self, texts: Sequence[str], seconds: float) -> list[Invocation]:
        """Ask the bot by `/ask`, evenly over a time."""
        return [
            self.discord.slash(channel, person, "ask", question=text)
            for text, (channel, person) in evenly(
                zip(texts, self.places(len(texts)), strict=True), seconds / len(texts)
            )
        ]

    def hear_messages(self, asked: Sequence[Message], refusals: Sequence[str]) -> Heard:
        """Wait for the answers to messages; those beginning as one of `refusals` are refusals."""
        places = list(dict.fromkeys(question.channel for question in asked))
        self._wait(lambda: self._replies(places).keys() >= {question.id for question in asked})
        heard, found = Heard(), self._replies(places)
        for question in asked:
            replies = found.get(question.id, [])
            _count(heard, replies, refusals)
            heard.answered_s += [
                ((reply.id >> _SNOWFLAKE_TIME_BIT) - (question.id >> _SNOWFLAKE_TIME_BIT)) / 1000
                for reply in replies[:1]
            ]
        return heard

    def hear_commands(self, used: Sequence[Invocation], refusals: Sequence[str]) -> Heard:
        """Wait for the answers to commands; those beginning as one of `refusals` are refusals."""
        self._wait(lambda: all(one.response for one in used))
        heard = Heard()
        for one in used:
            _count(heard, [*filter(None, [one.response]), *one.followups], refusals)
            asked = one.interaction
            heard.acknowledged_s += (
                [] if one.acknowledged_after is None else [one.acknowledged_after]
            )
            if asked.answered_at is not None:
                heard.answered_s.append(asked.answered_at - asked.created_at)
        return heard

    def _replies(self, channels: Iterable[Channel]) -> dict[int, list[Message]]:
        """Return the bot's replies in some channels, by the id of what they reply to."""
        found: dict[int, list[Message]] = {}
        for channel in channels:
            for message in list(channel.messages.values()):
                if message.replied_to is not None and message.author is self.discord.bot:
                    found.setdefault(message.replied_to.id, []).append(message)
        return found

    @staticmethod
    def _wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.25)  # each look takes CPU time from the bot


def evenly(things: Iterable[T], gap_s: float) -> Iterator[T]:
    """Yield things at equal distances in time; late ones follow at once."""
    start = time.monotonic()
    for number, thing in enumerate(things):
        time.sleep(max(start + number * gap_s - time.monotonic(), 0))
        yield thing


def _count(heard: Heard, replies: list[Message], refusals: Sequence[str]) -> None:
    """Count a question by its replies."""
    if all(reply.seen.startswith((APOLOGY, FAILED)) for reply in replies):
        heard.lost += 1
    elif len(replies) > 1:
        heard.doubled += 1
    elif replies[0].seen.startswith(tuple(refusals)):
        heard.refused += 1
    else:
        heard.answered += 1
