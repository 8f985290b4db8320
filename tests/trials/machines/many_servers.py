"""Measure one process with very many servers: python -m tests.trials.machines.many_servers.

Each of 1,000 servers has a text of ten pages, which another process puts into PostgreSQL. Then a
bot starts with an empty folder, and again with the folders that it has made. Prints how long a
start takes, how soon a server that is asked answers from its own text, when all have an index, and
the memory.

Needs PostgreSQL's server. Exits with 1 if a server does not answer from its own text.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click

from index import manifest_stamp
from tests.benchmarks.support.collection import Collection
from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess
from tests.support.postgres import new_database, running_server
from tests.support.scenes import write_corpus
from tests.trials.machines.elsewhere import Elsewhere, elsewhere
from tests.trials.machines.hosts import resident_mb
from tests.trials.machines.traffic import Town
from tests.trials.machines.words import FERRY_QUESTION, Words, almanac, store_texts

_PASSAGES_PER_PAGE = 5

# The beginning tells the language; the pages are made of words that are in no language.
_BEGINNING = """\
This is the book of the town, and of all that has been said of it by the people who live there. It
tells who came to the valley first, and what they did when the river took the old bridge with it. It
was written in the winter, by the light of a candle, for those who will come after us and want to
know how it all was before the railway came to the town and took the young people away with it.
"""
_SAMPLE = 20
_TIMEOUT_S = 3600.0
_ANSWER_TIMEOUT_S = 60.0

# Without more CPU time than this in a second, the process has nothing left to do.
_IDLE_CPU_S, _IDLE_LOOKS = 0.05, 5


@dataclass
class Trial:
    """A bot with many servers, and the figures."""

    folder: Path
    n_servers: int
    n_pages: int
    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Fill the database, start a bot twice, and measure."""
        corpus = write_corpus(self.folder)
        with running_server() as server, DiscordStandIn() as self.discord:
            self.discord.forgive("more than 50 requests in one second")
            url = new_database(server)
            words = Words()
            self.towns = [
                Town.found(self.discord, words, f"town {number}", 0)
                for number in range(self.n_servers)
            ]
            with elsewhere(url) as other:
                self._fill(other)
            settings = {"DATABASE_URL": url, "RETRIEVAL": "lexical"}
            for start in (self._first_start, self._later_start):
                self._started = time.monotonic()
                with BotProcess(self.discord, corpus, self.folder / "data", **settings) as self.bot:
                    self._wait_until_ready()
                    start()
                    assert self.bot.stop() == 0
                self.discord.expect_restart()

    def _fill(self, other: Elsewhere) -> None:
        began = time.monotonic()
        n_passages = _PASSAGES_PER_PAGE * self.n_pages
        pages = list(Collection(n_passages * self.n_servers).texts())
        size = 0
        for number, town in enumerate(self.towns):
            own = pages[number * n_passages : (number + 1) * n_passages]
            text = "\n\n".join([_BEGINNING, *own, almanac(town.word)])
            size += len(text.encode())
            texts = {"almanac.txt": text}
            other.do(partial(store_texts, guild_id=town.guild.id, texts=texts))
        self._note("texts in the database", f"{size / 2**20:.0f} MB", began)

    def _wait_until_ready(self) -> None:
        self.discord.wait_ready(_TIMEOUT_S)
        self._note("connected", self._memory)
        self.bot.wait_for_log("Ready as", _TIMEOUT_S)
        self._note("ready", self._memory)

    def _first_start(self) -> None:
        self._wait_for_own(self.towns[-1])
        self._note("the server that was asked first answers from its own text", self._memory)
        peak = 0.0
        while (done := self._n_indexed()) < self.n_servers:
            assert time.monotonic() - self._started < _TIMEOUT_S, f"{done} servers are indexed"
            time.sleep(0.5)
            peak = max(peak, resident_mb(self.bot.pid))
        self._note("all servers have an index", f"{self._memory}, at most {peak:.0f} MB")
        self._ask_sample()
        self._note(f"{_SAMPLE} of them were asked", self._memory)

    def _later_start(self) -> None:
        self._wait_for_own(self.towns[-1])
        self._note("with its folders: a server answers from its own text", self._memory)
        self._wait_until_idle()
        self._note("with its folders: nothing left to do", self._memory)
        self._ask_sample()

    def _ask_sample(self) -> None:
        for town in random.Random(1).sample(self.towns, min(_SAMPLE, len(self.towns))):
            if not self._answers_from_own(town, town.people[1].name):
                self.problems.append(f"{town.guild.name} does not answer from its own text")

    def _wait_for_own(self, town: Town) -> None:
        for number in range(int(_TIMEOUT_S)):
            if self._answers_from_own(town, town.people[number % len(town.people)].name):
                return
            time.sleep(0.5)

    def _answers_from_own(self, town: Town, name: str) -> bool:
        person = next(one for one in town.people if one.name == name)
        text = f"{self.discord.mention} new topic: {FERRY_QUESTION}"
        asked = self.discord.say(town.channel, person, text)
        answer = self.discord.wait_for_answer(asked, _ANSWER_TIMEOUT_S)
        return town.word in answer.seen.lower()

    def _n_indexed(self) -> int:
        servers = self.folder / "data" / "servers"
        folders = (servers / str(town.guild.id) / "index" for town in self.towns)
        return sum(manifest_stamp(folder) is not None for folder in folders)

    def _wait_until_idle(self) -> None:
        quiet, last = 0, _cpu_s(self.bot.pid)
        while quiet < _IDLE_LOOKS:
            time.sleep(1)
            now = _cpu_s(self.bot.pid)
            quiet = quiet + 1 if now - last < _IDLE_CPU_S else 0
            last = now

    @property
    def _memory(self) -> str:
        return f"{resident_mb(self.bot.pid):.0f} MB, {_cpu_s(self.bot.pid):.0f} s of CPU time"

    def _note(self, what: str, figure: str, began: float | None = None) -> None:
        seconds = time.monotonic() - (self._started if began is None else began)
        self.lines.append(f"{what}: after {seconds:.1f} s; {figure}")
        click.echo(self.lines[-1])


def _cpu_s(pid: int) -> float:
    """Return the CPU time of a process without its children; Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Run the trial; return 1 if a server does not answer from its own text."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--servers", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), options.servers, options.pages)
        trial.run()
    for problem in trial.problems:
        click.echo(problem)
    click.echo("Load of the machine: {:.1f} {:.1f} {:.1f}".format(*os.getloadavg()))
    return 1 if trial.problems else 0


if __name__ == "__main__":
    sys.exit(main())
