"""A bot on each machine: its process, its folder, and the shards that it serves."""

import os
import shutil
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess
from tests.support.command import COMMAND
from tests.trials.machines.network import Machine

SHARDS = 4

# What the process ends with while another one holds its shards.
_ALREADY_RUNNING = 5
_START_TIMEOUT_S = 120.0
_LOOK_EVERY_S = 0.1


@dataclass(frozen=True)
class Shared:
    """What all machines are given.

    Attributes:
        discord: The stand-in.
        database: The address of the database.
        people_key: The key of people's hashes.
        folder: The parent of the machines' folders.
    """

    discord: DiscordStandIn
    database: str
    people_key: bytes
    folder: Path


@dataclass
class Host:
    """A machine with a folder of its own, and the bot on it.

    Attributes:
        machine: Its namespace.
        shared: What all machines are given.
        bot: Its process, from the first `start`.
        logs: What its former processes wrote.
    """

    machine: Machine
    shared: Shared
    bot: BotProcess | None = None
    logs: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """How the report names it."""
        return f"machine {self.machine.number}"

    @property
    def folder(self) -> Path:
        """Its disk."""
        return self.shared.folder / self.name

    @property
    def variables(self) -> dict[str, str]:
        """The environment of all its processes; the owner's texts are in its folder `corpus`."""
        for part in ("data", "tmp"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        key = self.folder / "data" / "people.key"
        key.write_bytes(self.shared.people_key)
        key.chmod(0o600)
        return {
            **os.environ,
            "CORPUS_DIR": str(self.folder / "corpus"),
            "DATA_DIR": str(self.folder / "data"),
            "TMPDIR": str(self.folder / "tmp"),
            "DATABASE_URL": self.shared.database,
            "RETRIEVAL": "lexical",
        }

    def start(self, *shards: int) -> float:
        """Start the bot, and return how long it took until its shards were connected.

        Like a service manager, start it again while another process still holds the shards.
        """
        began = time.monotonic()
        sessions = _sessions(self.shared.discord)
        while True:
            self._start(shards)
            while _running(self.bot):
                opened = _sessions(self.shared.discord) - sessions
                if {number for number, _ in opened} >= set(shards):
                    return time.monotonic() - began
                if time.monotonic() - began > _START_TIMEOUT_S:
                    raise TimeoutError(f"{self.name} did not connect:\n{self.log}")
                time.sleep(_LOOK_EVERY_S)
            assert self.bot is not None
            assert self.bot.wait() == _ALREADY_RUNNING, self.log

    def stop(self) -> None:
        """End the bot as a service manager does, unless it has ended."""
        if _running(self.bot):
            assert self.bot is not None
            assert self.bot.stop() == 0, self.log

    def kill(self) -> None:
        """End the bot without a chance to say anything, and empty the disk."""
        assert self.bot is not None
        self.bot.stop(signal.SIGKILL)
        shutil.rmtree(self.folder)

    @property
    def log(self) -> str:
        """What its processes wrote."""
        return "".join([*self.logs, self.bot.log if self.bot else ""])

    @property
    def is_running(self) -> bool:
        """Whether the bot runs."""
        return _running(self.bot)

    @property
    def memory(self) -> float:
        """The resident memory of the bot in MB."""
        assert self.bot is not None
        return resident_mb(self.bot.pid)

    def _start(self, shards: tuple[int, ...]) -> None:
        if self.bot is not None:
            self.logs.append(self.bot.log)
        settings = self.variables | {
            "SHARD_COUNT": str(SHARDS),
            "SHARD_IDS": ",".join(map(str, shards)),
        }
        corpus, data = Path(settings.pop("CORPUS_DIR")), Path(settings.pop("DATA_DIR"))
        self.bot = BotProcess(self.shared.discord, corpus, data, **settings)
        self.bot.program = (*self.machine.within, str(COMMAND))
        self.bot.__enter__()


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process in MB; Linux only."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").split()
    return int(status[status.index("VmRSS:") + 1]) / 1024


def _running(bot: BotProcess | None) -> bool:
    return bot is not None and bot.is_running


def _sessions(discord: DiscordStandIn) -> set[tuple[int, str]]:
    """Return the sessions with a socket, with their shard before each."""
    sessions = list(discord.gateway.sessions.values())
    return {(one.shard[0], one.id) for one in sessions if one.socket is not None}
