"""A running bot with its stand-in, and servers with people in which tests use it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.database import ChannelSettings, Database, ServerSettings, open_database
from tests.standin import Channel, DiscordStandIn, Guild, Invocation, Message, Role, User
from tests.support.bot_process import BotProcess, FastBotProcess
from tests.support.command import SETTINGS
from tests.support.data.harbour import HARBOUR

T = TypeVar("T")

QUESTION = "who dug the harbour?"
CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch. It took four years."
STORM = "A storm in 1887 sank nine boats."

# The bot's requests, for `fail_next`: to send an answer, and the three about a command.
SEND = "^/channels/{channel}/messages$"
ACKNOWLEDGE = "/callback"
FILL = "^/webhooks/.*/messages/@original"
FOLLOW_UP = "^/webhooks/{application}/{token}$"


@dataclass(frozen=True)
class World:
    """A bot and the stand-in that it is connected to.

    Attributes:
        discord: The stand-in.
        bot: The bot's process.
        folder: The parent of the folders `corpus` and `data`.
        database: The address of the bot's database.
    """

    discord: DiscordStandIn
    bot: BotProcess
    folder: Path
    database: str

    @property
    def corpus(self) -> Path:
        """The folder of the texts that all servers share."""
        return self.folder / "corpus"

    @property
    def data(self) -> Path:
        """The bot's data folder."""
        return self.folder / "data"

    def on_database(self, play: Callable[[Database], Awaitable[T]]) -> T:
        """Run an async function on the bot's database, as another process does."""
        return asyncio.run(on_database(self.database, play))

    def settle(self, name: str = "Lowmere", shard: int | None = None) -> "Scene":
        """Add a server with a channel and people, and return it as a scene."""
        discord = self.discord
        guild = discord.add_guild(name, shard=shard)
        managers = discord.add_role(guild, "managers", "MANAGE_GUILD")
        teachers = discord.add_role(guild, "teachers")
        return Scene(
            self.discord,
            self.bot,
            self.folder,
            self.database,
            guild=guild,
            channel=discord.add_channel(guild, "harbour"),
            managers=managers,
            teachers=teachers,
            admin=discord.add_user("ada", guild, roles=[managers]),
            teacher=discord.add_user("teacher", guild, roles=[teachers]),
            alice=discord.add_user("alice", guild),
            bob=discord.add_user("bob", guild),
            n_logged=len(self.bot.log),
            n_requests=len(discord.requests),
        )


@dataclass(frozen=True)
class Scene(World):
    """A server of one test, and what people do there.

    Attributes:
        guild: The server.
        channel: Its channel.
        managers: A role that may manage the server.
        teachers: A role without rights, which a test may let the bot trust.
        admin: Ada, who manages the server.
        teacher: A member with the role of the teachers.
        alice: A member, who does what a test names nobody for.
        bob: Another member.
        n_logged: The length of the bot's log when the scene began.
        n_requests: The number of requests of the bot before the scene began.
    """

    guild: Guild
    channel: Channel
    managers: Role
    teachers: Role
    admin: User
    teacher: User
    alice: User
    bob: User
    n_logged: int
    n_requests: int

    def mention(
        self,
        text: str = QUESTION,
        author: User | None = None,
        channel: Channel | None = None,
        **options: Any,
    ) -> Message:
        """Let somebody mention the bot, and return the message."""
        said = f"{self.discord.mention} {text}"
        return self.discord.say(channel or self.channel, author or self.alice, said, **options)

    def ask(
        self,
        text: str = QUESTION,
        author: User | None = None,
        channel: Channel | None = None,
        **options: Any,
    ) -> Message:
        """Let somebody mention the bot, and return its answer."""
        return self.discord.wait_for_answer(self.mention(text, author, channel, **options))

    def slash(
        self,
        question: str = QUESTION,
        user: User | None = None,
        channel: Channel | None = None,
        **options: Any,
    ) -> Invocation:
        """Let somebody use `/ask`."""
        place = channel or self.channel
        return self.discord.slash(place, user or self.alice, "ask", question=question, **options)

    def use(
        self, command: str, user: User, channel: Channel | None = None, **options: Any
    ) -> Message:
        """Let somebody use a command, and return the private message that answers it."""
        used = self.discord.slash(channel or self.channel, user, command, **options)
        message = used.wait_for_response()
        assert message.ephemeral
        return message

    def press(self, message: Message, label: str, user: User | None = None) -> Invocation:
        """Let somebody press the button with a label or emoji."""
        button = self.discord.button(message, label)
        return self.discord.press(message, button, user or self.alice)

    def panel(self, user: User | None = None, at: Channel | None = None, **options: Any) -> Message:
        """Let the admin, or another, open the panel of the settings."""
        place = at or self.channel
        used = self.discord.slash(place, user or self.admin, "pullquote setup", **options)
        return used.wait_for_response()

    def choose(
        self, panel: Message, part: str, *values: object, user: User | None = None
    ) -> Message:
        """Choose on a panel, and return what is shown then: the panel, or why not."""
        custom_id = item(panel, part)["custom_id"]
        chosen_values: Any = list(values) or None
        press = self.discord.press(panel, custom_id, user or self.admin, values=chosen_values)
        shown = self.discord.wait_until(
            lambda: press.followups[-1] if press.followups else press.response, 10, "an answer"
        )
        assert shown is not None
        return shown

    def set_up(self, part: str, *values: object) -> Message:
        """Let the admin choose on a fresh panel, and return the panel as it is then."""
        return self.choose(self.panel(), part, *values)

    def set_channel(self, settings: ChannelSettings, channel: Channel | None = None) -> None:
        """Store the settings of a channel, as an admin does who uses another process."""
        place = channel or self.channel
        self.on_database(lambda of: of.settings.set_channel(self.guild.id, place.id, settings))

    def set_server(self, settings: ServerSettings) -> None:
        """Store the settings of the server, as an admin does who uses another process."""
        self.on_database(lambda of: of.settings.set_server(self.guild.id, settings))

    def posted(self, channel: Channel | None = None, after: Message | None = None) -> list[Message]:
        """Return what the bot wrote in a channel for all to see."""
        messages = self.discord.messages(channel or self.channel, after=after)
        return [message for message in messages if message.author is self.discord.bot]

    def log(self) -> str:
        """Return what the bot logged in this scene."""
        return self.bot.log[self.n_logged :]

    def wait_for_log(self, text: str) -> None:
        """Wait until the log of this scene holds a text."""
        self.discord.wait_until(lambda: text in self.log(), 15, f"{text!r} in {self.log()}")

    def wait_until_idle(self) -> None:
        """Wait until the bot has answered a question that was asked after all the others."""
        channel = self.discord.add_channel(self.guild, "elsewhere")
        assert STORM in self.ask("when did the storm come?", self.bob, channel).seen


def item(panel: Message, part: str) -> dict[str, Any]:
    """Return the component of a panel for one part of the settings."""
    return next(one for one in panel.buttons if f"pqs:{part}:" in one["custom_id"])


def chosen(panel: Message, part: str) -> list[Any]:
    """Return what a panel shows as chosen in a menu: values, or ids of roles."""
    menu = item(panel, part)
    if menu["type"] == 3:
        return [option["value"] for option in menu["options"] if option["default"]]
    return [int(default["id"]) for default in menu.get("default_values", [])]


async def on_database(url: str, play: Callable[[Database], Awaitable[T]]) -> T:
    """Run an async function on a database, which is open only meanwhile."""
    database = await open_database(url)
    try:
        return await play(database)
    finally:
        await database.close()


def write_corpus(folder: Path, text: str = HARBOUR) -> Path:
    """Write a text into the folder `corpus` of a folder, and return it."""
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    (corpus / "harbour.txt").write_text(text, encoding="utf-8")
    return corpus


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts, by their path, into the folder `corpus` of a folder."""
    for source, text in texts.items():
        path = folder / "corpus" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@contextmanager
def running_world(
    discord: DiscordStandIn,
    folder: Path,
    program: Callable[..., BotProcess] = FastBotProcess,
    **settings: str,
) -> Iterator[World]:
    """Run a bot over the texts in the folder `corpus`, or over the harbour text.

    It ends with exit code 0. Its log holds no traceback, no token and no "Zanzibar", which some
    tests ask about.
    """
    corpus = folder / "corpus" if (folder / "corpus").exists() else write_corpus(folder)
    data = folder / "data"
    database = settings.get("DATABASE_URL", f"sqlite:///{data}/pullquote.db")
    with ExitStack() as running:
        with pytest.MonkeyPatch.context() as patch:  # the tester's settings are not the bot's
            for variable in SETTINGS:
                patch.delenv(variable, raising=False)
            patch.chdir(folder)
            bot = running.enter_context(program(discord, corpus, data, **settings))
        discord.wait_ready(60)
        discord.wait_for_commands("pullquote", "help", timeout=60)
        yield World(discord, bot, folder, database)
        assert bot.stop() == 0
        assert "Traceback" not in bot.log, bot.log
        assert discord.token not in bot.log
        assert "Zanzibar" not in bot.log
