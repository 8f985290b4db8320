"""Questions at a steady rate in servers on all shards and in direct messages."""

import random
import threading
import time
from dataclasses import dataclass, replace
from itertools import count, cycle

from tests.standin import Channel, DiscordStandIn, Guild, Invocation, Message, User
from tests.trials.machines.hosts import SHARDS
from tests.trials.machines.tally import Question
from tests.trials.machines.words import FERRY_QUESTION, Words

_HARBOUR_QUESTION, _HARBOUR_ANSWER = "who dug the harbour?", "captain ada finch"

# The bot takes 10 questions of a person in a minute.
_PEOPLE = 8
_PEOPLE_WHO_WRITE = 40

# Of each kind, this share of the questions.
_KINDS = {"own": 6, "shared": 2, "command": 2, "direct": 1}

_SNOWFLAKE_TIME_BIT = 22


@dataclass(frozen=True)
class Town:
    """A server with people, and an own text that holds its word."""

    guild: Guild
    shard: int
    word: str
    channel: Channel
    people: tuple[User, ...]

    @classmethod
    def found(cls, discord: DiscordStandIn, words: Words, name: str, shard: int) -> "Town":
        """Add a server to a shard."""
        guild = discord.add_guild(name, shard=shard)
        people = tuple(discord.add_user(f"{name} {n}", guild) for n in range(_PEOPLE))
        channel = discord.add_channel(guild, "square")
        return cls(guild, shard, words.take(guild.id), channel, people)


class Traffic:
    """Asks until it is stopped, and then tells what became of the questions."""

    def __init__(self, discord: DiscordStandIn, towns: list[Town], per_second: float) -> None:
        self._discord = discord
        self._towns = towns
        self._gap_s = 1 / per_second
        self._random = random.Random(10)  # the same questions each time
        writers = [discord.add_user(f"writer {number}") for number in range(_PEOPLE_WHO_WRITE)]
        self._writers = [(person, discord.open_dm(person)) for person in writers]
        # In turn, because the bot refuses a person who asks too often.
        self._turns = {town.guild.id: cycle(town.people) for town in towns}
        self._writing = cycle(self._writers)
        self._asked: list[tuple[Question, Message | Invocation]] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._ask_on, daemon=True)
        self._failure: BaseException | None = None

    def start(self) -> None:
        """Start asking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop asking."""
        self._stopping.set()
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def wait_for_answers(self, timeout_s: float) -> None:
        """Wait until all questions have an answer, or the time is over."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and not all(one.replies for one in self.heard()):
            time.sleep(1)

    def heard(self) -> list[Question]:
        """Return the questions with their answers, in the order in which they were asked."""
        replies = self._replies()
        heard = []
        for question, said in self._asked:
            if isinstance(said, Message):
                found = replies.get(said.id, [])
                times = [(reply.id >> _SNOWFLAKE_TIME_BIT) for reply in found[:1]]
                taken = [(time_ms - (said.id >> _SNOWFLAKE_TIME_BIT)) / 1000 for time_ms in times]
            else:
                found = [*filter(None, [said.response]), *said.followups]
                ended, began = said.interaction.answered_at, said.interaction.created_at
                taken = [] if ended is None else [ended - began]
            seen = tuple(reply.seen for reply in found)
            heard.append(replace(question, replies=seen, answered_s=next(iter(taken), None)))
        return heard

    def _replies(self) -> dict[int, list[Message]]:
        found: dict[int, list[Message]] = {}
        channels = [town.channel for town in self._towns] + [dm for _, dm in self._writers]
        for message in (one for channel in channels for one in list(channel.messages.values())):
            if message.replied_to is not None and message.author is self._discord.bot:
                found.setdefault(message.replied_to.id, []).append(message)
        return found

    def _ask_on(self) -> None:
        try:
            began = time.monotonic()
            for number in count():
                due = began + number * self._gap_s
                if self._stopping.wait(max(due - time.monotonic(), 0)):
                    return
                self._ask()
        except BaseException as error:  # raised by `stop`
            self._failure = error

    def _ask(self) -> None:
        kind = self._random.choices(list(_KINDS), list(_KINDS.values()))[0]
        town = self._random.choice(self._towns)
        person = next(self._turns[town.guild.id])
        if kind == "direct":
            person, dm = next(self._writing)
            question = Question(0, 0, time.monotonic(), False, _HARBOUR_ANSWER)
            said = self._discord.say(dm, person, f"new topic: {_HARBOUR_QUESTION}")
            self._asked.append((question, said))
            return
        shared = kind == "shared"
        text = _HARBOUR_QUESTION if shared else FERRY_QUESTION
        expected = _HARBOUR_ANSWER if shared else town.word
        question = Question(
            town.shard, town.guild.id, time.monotonic(), kind == "command", expected
        )
        if kind == "command":
            used = self._discord.slash(town.channel, person, "ask", question=text)
            self._asked.append((question, used))
            return
        text = f"{self._discord.mention} new topic: {text}"
        self._asked.append((question, self._discord.say(town.channel, person, text)))


def found_towns(discord: DiscordStandIn, words: Words, per_shard: int) -> list[Town]:
    """Add servers to all shards."""
    return [
        Town.found(discord, words, f"town {number} of {shard}", shard)
        for shard in range(SHARDS)
        for number in range(per_shard)
    ]
