"""A server on each shard that is asked again and again until it shows what was changed."""

import time
from dataclasses import dataclass, field

from bot.database import Database, ServerSettings
from index import PassageRef, fingerprint
from tests.standin import Channel, DiscordStandIn, Guild, Message, User
from tests.trials.machines.words import Words, almanac, lesson_paragraph, store_texts

# A question that no text answers, another one with its words, and one that needs a conversation.
TAUGHT, ASKED_LIKE_TAUGHT = "do they sell ice cream?", "can i buy ice creams"
FOLLOW_UP = "and why?"

_PEOPLE = 5
_GIVE_UP_S = 75.0
_ASK_EVERY_S = 0.25
_ANSWER_TIMEOUT_S = 10.0
_LOOK_EVERY_S = 0.05
_TEXT = "almanac.txt"


class NeverSeenError(AssertionError):
    """A change was not seen within the longest time that we promise."""


@dataclass
class Probe:
    """A server that is asked, and changed in the database by another process than its own.

    Attributes:
        shard: Its shard.
        word: The word of its text as it is stored now.
    """

    discord: DiscordStandIn
    words: Words
    guild: Guild
    channel: Channel
    people: list[User]
    shard: int
    word: str
    _n_asked: int = field(default=0)

    @classmethod
    def on(cls, discord: DiscordStandIn, words: Words, shard: int) -> "Probe":
        """Add the server to a shard."""
        guild = discord.add_guild(f"probe {shard}", shard=shard)
        people = [discord.add_user(f"prober {shard} {n}", guild) for n in range(_PEOPLE)]
        channel = discord.add_channel(guild, "probes")
        return cls(discord, words, guild, channel, people, shard, words.take(guild.id))

    async def set_language(self, database: Database, language: str) -> None:
        """Set its language; its people may ask as often as they like."""
        settings = ServerSettings(language=language, cooldown_questions=0)
        await database.settings.set_server(self.guild.id, settings)

    async def store_text(self, database: Database) -> None:
        """Store its text as it is now."""
        await store_texts(database, self.guild.id, {_TEXT: almanac(self.word)})

    async def replace_text(self, database: Database) -> None:
        """Give its text another word."""
        self.word = self.words.take(self.guild.id)
        await self.store_text(database)

    async def teach(self, database: Database) -> int:
        """Teach it a question that no text answers, and return the lesson's number."""
        at = PassageRef(_TEXT, 2, fingerprint(lesson_paragraph(self.word)))
        return await database.taught.add(self.guild.id, TAUGHT, at, taught_by="c" * 32)

    def join(self, name: str) -> User:
        """Add a person."""
        return self.discord.add_user(name, self.guild)

    def ask(self, question: str, person: User) -> str | None:
        """Ask as somebody, and return the answer in lower case; None without one."""
        asked = self.discord.say(self.channel, person, f"{self.discord.mention} {question}")
        deadline = time.monotonic() + _ANSWER_TIMEOUT_S
        while time.monotonic() < deadline:
            if (reply := self._reply(asked)) is not None:
                return reply.seen.lower()
            time.sleep(_LOOK_EVERY_S)
        return None

    def wait_for(
        self, question: str, part: str, *, gone: bool = False, person: User | None = None
    ) -> None:
        """Ask until an answer holds a part, or holds it no longer.

        Without a person its people ask in turn, each on a new subject.

        Raises:
            NeverSeenError: That takes too long.
        """
        deadline = time.monotonic() + _GIVE_UP_S
        while True:
            answer = self._ask_anew(question) if person is None else self.ask(question, person)
            if answer is not None and (part in answer) != gone:
                return
            if time.monotonic() > deadline:
                raise NeverSeenError(f"{part!r} {'is still' if gone else 'is not'} in {answer!r}")
            time.sleep(_ASK_EVERY_S)

    def _ask_anew(self, question: str) -> str | None:
        self._n_asked += 1
        person = self.people[self._n_asked % len(self.people)]
        return self.ask(f"new topic: {question}", person)

    def _reply(self, asked: Message) -> Message | None:
        for message in reversed(list(self.channel.messages.values())):
            if message.id <= asked.id:
                return None
            if message.replied_to is asked:
                return message
        return None
