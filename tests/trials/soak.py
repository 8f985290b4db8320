"""Try a bot over an hour's traffic in a few minutes: python -m tests.trials.soak [--rounds 40].

Each round is a busy minute and a half of Discord: 20 people ask by mention in two servers and in
direct messages, some edit what they asked, some delete it; 20 use `/ask`, and type it first; all
buttons are pressed, `/sources` and `/read` used; and Discord's clock advances by 90 s. In turn the
connection is cut, asked to reconnect, or its session ended; the shared texts change and are
rebuilt by another process, and a server's own text is replaced. 40 rounds are an hour.

After each round, when no question is open, the process is measured: its own memory (not the
mapped files of the index), open files, threads, and tasks of the event loop as it exports them.
The medians of the second and the last quarter are compared. Exits with 1 if one grew by more
than its tolerance, or a question was lost.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import click

from tests.standin import DiscordStandIn, Message
from tests.support.bot_process import BotProcess
from tests.support.command import COMMAND
from tests.support.data.harbour import HARBOUR
from tests.trials.load import QUESTIONS, REFUSALS
from tests.trials.support.crowd import Crowd
from tests.trials.support.figures import free_port, read_metrics

PEOPLE = 20
MINUTES_A_ROUND = 1.5
_BYTES_PER_MB = 1024 * 1024

# The memory of a conversation, its reply and its settings; up to 10,000 of each are kept.
_KEPT_BYTES_PER_QUESTION = 6000

# The allocator returns memory late.
_MEMORY_SLACK_BYTES = 4 * _BYTES_PER_MB

# A search opens files of a new index; connections to Discord are kept for 15 s.
_FILES_SLACK, _THREADS_SLACK, _TASKS_SLACK = 8, 3, 5

_QUIET_S = 30.0


@dataclass(frozen=True)
class Look:
    """A process at one moment: its own memory in bytes, and its files, threads and tasks."""

    memory: float
    files: float
    threads: float
    tasks: float

    @classmethod
    def at(cls, pid: int, port: int) -> "Look":
        """Look at a bot; Linux only."""
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").split()
        return cls(
            1024 * int(status[status.index("RssAnon:") + 1]),
            len(list(Path(f"/proc/{pid}/fd").iterdir())),
            int(status[status.index("Threads:") + 1]),
            read_metrics(port)["pullquote_tasks"],
        )

    @classmethod
    def median(cls, looks: "Sequence[Look]") -> "Look":
        """Return the median of each."""
        return cls(
            median(look.memory for look in looks),
            median(look.files for look in looks),
            median(look.threads for look in looks),
            median(look.tasks for look in looks),
        )


@dataclass
class Soak:
    """A bot in a folder, how many questions it got, and a look at it after each round."""

    folder: Path
    rounds: int
    people: int = PEOPLE
    looks: list[Look] = field(default_factory=list)
    asked: int = 0
    lost: int = 0
    problems: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Play all rounds and compare."""
        corpus, port = self.folder / "corpus", free_port()
        corpus.mkdir()
        (corpus / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
        with DiscordStandIn() as discord:
            discord.forgive("more than 50 requests in one second")
            discord.forgive("IDENTIFY only")  # sessions end sooner than they do at Discord
            with BotProcess(discord, corpus, self.folder / "data", HEALTH_PORT=str(port)) as bot:
                discord.wait_ready(timeout=60)
                discord.wait_for_commands("ask", "pullquote", timeout=60)
                home = Crowd(discord, "home", people=1, channels=1)
                self._trouble(home, 3)  # the memory of the first build is kept for the next ones
                for number in range(self.rounds):
                    self._round(discord, number)
                    self._trouble(home, number)
                    discord.advance(60 * MINUTES_A_ROUND)
                    self._settle(port)
                    self.looks.append(Look.at(bot.pid, port))
                assert bot.stop() == 0
                assert "Traceback" not in bot.log, bot.log
        self._compare()

    def _round(self, discord: DiscordStandIn, number: int) -> None:
        crowd = Crowd(discord, f"server{number % 2}x{number}", people=self.people, channels=3)
        asked = crowd.say(list(islice(cycle(QUESTIONS), 2 * self.people)), self.people / 20)
        asked += [
            discord.say(discord.open_dm(person), person, QUESTIONS[0])
            for person in crowd.people[:5]
        ]
        heard = crowd.hear_messages(asked, REFUSALS)
        self._count(heard.lost + heard.doubled, len(asked))
        for message in asked[:4]:
            discord.edit(message, f"{discord.mention} {QUESTIONS[2]}")
        for message in asked[4:8]:
            discord.delete(message)
        for person in crowd.people[:5]:
            discord.autocomplete(
                crowd.channels[0], person, "ask", focused="question", question="who"
            ).wait_for_choices()
        used = crowd.ask(list(islice(cycle(QUESTIONS), self.people)), self.people / 40)
        answered = crowd.hear_commands(used, REFUSALS)
        self._count(answered.lost + answered.doubled, len(used))
        if used[0].response is not None:
            self._press(crowd, used[0].response)

    def _press(self, crowd: Crowd, answer: Message) -> None:
        """Press every button of an answer, and look at the texts."""
        discord, (asker, *others) = crowd.discord, crowd.people
        labels = ("In context", "👍", "👎", *["Private copy"] * 5)
        for label, person in zip(labels, others, strict=False):
            press = discord.press(answer, discord.button(answer, label), person)
            press.wait_for_response(30)
        discord.slash(answer.channel, asker, "sources").wait_for_response(30)
        read = discord.slash(answer.channel, asker, "read", source="harbour.txt", paragraph=1)
        read.wait_for_response(30)
        discord.press(answer, discord.button(answer, "🗑"), asker).wait_for_acknowledgement(30)

    def _trouble(self, home: Crowd, number: int) -> None:
        """Break the connection or change the texts, in turn."""
        discord = home.discord
        if number % 5 == 0:
            discord.drop_gateway()
        elif number % 5 == 1:
            discord.reconnect_op7()
        elif number % 5 == 2:
            text = f"The clerk counted {number} boats.\n\n{HARBOUR}"
            (self.folder / "corpus" / "count.txt").write_text(text, encoding="utf-8")
            self._rebuild()
        elif number % 5 == 3:
            text = f"The mill ground {number} and {len(self.looks)} sacks.\n\n{HARBOUR}"
            file = discord.attachment("own.txt", text.encode())
            owner, channel = home.guild.owner, home.channels[0]
            used = discord.slash(channel, owner, "pullquote add", file=file)
            discord.wait_until(
                lambda: used.response and "The texts are indexed" in used.response.seen, 60
            )
            question = discord.say(channel, owner, f"{discord.mention} who dug the harbour?")
            discord.wait_for_answer(question, timeout=60)
        else:
            discord.invalidate_session(resumable=False)
        discord.wait_ready(timeout=60)

    def _rebuild(self) -> None:
        folders = {"CORPUS_DIR": self.folder / "corpus", "DATA_DIR": self.folder / "data"}
        environment = {**os.environ, **{name: str(path) for name, path in folders.items()}}
        subprocess.run([COMMAND, "rebuild"], env=environment, capture_output=True, check=True)

    def _count(self, lost: int, asked: int) -> None:
        self.lost += lost
        self.asked += asked

    def _settle(self, port: int) -> None:
        """Wait until no question is being answered."""
        deadline = time.monotonic() + _QUIET_S
        while time.monotonic() < deadline:
            if read_metrics(port)["pullquote_questions_under_way"] == 0:
                return
            time.sleep(0.2)

    def _compare(self) -> None:
        """Record what grew from the second quarter to the last, and the lost questions."""
        quarter = len(self.looks) // 4
        then, now = (
            Look.median(self.looks[quarter : 2 * quarter]),
            Look.median(self.looks[-quarter:]),
        )
        n_between = 2 * self.asked * quarter / len(self.looks)
        tolerances = Look(
            _MEMORY_SLACK_BYTES + n_between * _KEPT_BYTES_PER_QUESTION,
            _FILES_SLACK,
            _THREADS_SLACK,
            _TASKS_SLACK,
        )
        for name in ("memory", "files", "threads", "tasks"):
            grown = getattr(now, name) - getattr(then, name)
            if grown > getattr(tolerances, name):
                self.problems.append(f"{name} grew from {getattr(then, name)} by {grown}")
        if self.lost:
            self.problems.append(f"{self.lost} of {self.asked} questions lost or doubled")


def summary(soak: Soak) -> list[str]:
    """Return the medians of each quarter, a line each."""
    quarter = len(soak.looks) // 4
    lines = []
    for number in range(4):
        look = Look.median(soak.looks[number * quarter : (number + 1) * quarter])
        lines.append(
            f"quarter {number + 1}: {look.memory / _BYTES_PER_MB:.1f} MB of its own memory, "
            f"{look.files:g} files, {look.threads:g} threads, {look.tasks:g} tasks"
        )
    return lines


def main() -> int:
    """Run a trial and print its figures; return 1 if something grew or was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40, help="4 or more; 40 are an hour")
    rounds = parser.parse_args().rounds
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Path(folder), rounds)
        soak.run()
    took_s = time.monotonic() - started
    click.echo(
        f"{soak.asked} questions in {rounds} rounds, {rounds * MINUTES_A_ROUND:g} minutes of "
        f"Discord in {took_s:.0f} s ({60 * rounds * MINUTES_A_ROUND / took_s:.0f} times as fast)"
    )
    for line in (*summary(soak), *soak.problems):
        click.echo(line)
    return 1 if soak.problems else 0


if __name__ == "__main__":
    sys.exit(main())
