"""The ten minutes: what is asked, what happens to the machines, and what is measured then."""

import json
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from bot.database import Pseudonyms
from tests.standin import DiscordStandIn
from tests.support.command import COMMAND
from tests.support.data.harbour import HARBOUR
from tests.support.postgres import new_database, running_server
from tests.support.scenes import World
from tests.trials.machines.commands import Changed
from tests.trials.machines.elsewhere import elsewhere
from tests.trials.machines.hosts import SHARDS, Host, Shared
from tests.trials.machines.network import SWITCH_ADDRESS, Machine, machines
from tests.trials.machines.observer import CUT_OFF_SETTINGS, CUT_OFF_TEXTS, SHARED, Observer
from tests.trials.machines.probes import NeverSeenError, Probe
from tests.trials.machines.tally import Outage, Question
from tests.trials.machines.traffic import Town, Traffic, found_towns
from tests.trials.machines.words import FERRY_QUESTION, Words, almanac, store_texts

_MILL_QUESTION = "what is the mill on the hill called?"

# The machine of the database, and those of the bots: three, a spare one, and one that is added.
_DATABASE, _BOTS = 10, (11, 12, 13, 14, 15)

# What happens when, as shares of the whole time.
_REBUILDS = (0.08, 0.35, 0.6, 0.92)
_KILLED, _CUT_OFF, _MOVED = 0.15, 0.4, 0.72

_READY_TIMEOUT_S = 120.0
_COMMAND_TIMEOUT_S = 120.0
_LAST_ANSWERS_S = 20.0
_ANSWER_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Size:
    """How long, how much is asked in a second, how long a machine is cut off, and servers."""

    minutes: float = 10.0
    per_second: float = 10.0
    cut_off_s: float = 60.0
    servers_per_shard: int = 6


@dataclass
class Trial:
    """The machines, and what is measured.

    Attributes:
        takeovers: Lines about shards that another process has taken over.
        questions: The questions with their answers.
        problems: What was not as it should be, apart from the questions.
    """

    folder: Path
    size: Size
    outages: list[Outage] = field(default_factory=list)
    takeovers: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Run it all."""
        self.words = Words()
        with ExitStack() as running:
            database, *found = running.enter_context(machines(_DATABASE, *_BOTS))
            server = running.enter_context(running_server(database.address, database.within))
            self.discord = running.enter_context(
                DiscordStandIn(shards=SHARDS, max_concurrency=SHARDS, host=SWITCH_ADDRESS)
            )
            for part in (
                "more than 50 requests in one second",
                "10062",  # an answer to a command that waited for a machine
                "was never acknowledged",  # these are counted here
                "was deferred and never answered",
            ):
                self.discord.forgive(part)
            url = new_database(server)
            self.hosts = self._make_hosts(found, url)
            running.callback(self._stop_hosts)
            self._publish("")
            self.other = running.enter_context(elsewhere(url))
            self._settle(url)
            self._play()
            self.problems += self.discord.violations

    def write_logs(self, folder: Path) -> None:
        """Write what each bot logged, and what became of each question, into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        asked = [asdict(question) for question in self.questions]
        (folder / "questions.json").write_text(json.dumps(asked), encoding="utf-8")
        for host in self.hosts:
            (folder / f"{host.name}.log").write_text(host.log, encoding="utf-8")

    def _make_hosts(self, found: list[Machine], url: str) -> list[Host]:
        self.people_key = secrets.token_bytes(32)
        shared = Shared(self.discord, url, self.people_key, self.folder)
        return [Host(machine, shared) for machine in found]

    def _stop_hosts(self) -> None:
        for host in self.hosts:
            host.stop()
            if "Traceback" in host.log:
                self.problems.append(f"{host.name} logged a traceback")

    def _settle(self, url: str) -> None:
        """Store the texts of all servers, start the bots, and let admins change two servers."""
        self.towns = found_towns(self.discord, self.words, self.size.servers_per_shard)
        self.probes = [Probe.on(self.discord, self.words, shard) for shard in range(SHARDS)]
        for town in self.towns:
            texts = {"almanac.txt": almanac(town.word)}
            self.other.do(partial(store_texts, guild_id=town.guild.id, texts=texts))
        for probe in self.probes:
            self.other.do(probe.store_text)
            self.other.do(partial(probe.set_language, language="en"))
        first, second, third, *_ = self.hosts
        began = time.monotonic()
        self._start_at_once((first, (0, 1)), (second, (2,)), (third, (3,)))
        self.discord.wait_for_commands("pullquote", "ask", "privacy", timeout=_READY_TIMEOUT_S)
        self._note_takeover("the first start of three machines", range(SHARDS), began)
        bot = first.bot
        assert bot is not None
        world = World(self.discord, bot, self.folder, url)
        self.changed = [
            Changed.make(world.settle(f"changed {shard}", shard), self.words) for shard in (1, 2)
        ]

    def _play(self) -> None:
        self.traffic = Traffic(self.discord, self.towns, self.size.per_second)
        self.observer = Observer(self.other, self.probes, self.outages)
        self._began = time.monotonic()
        self.traffic.start()
        self.observer.start()
        for changed in self.changed:
            changed.change()
        events: list[tuple[float, Callable[[], None]]] = [
            *((share, self._rebuild) for share in _REBUILDS),
            (_KILLED, self._kill),
            (_CUT_OFF, self._cut_off),
            (_MOVED, self._move),
        ]
        for share, happen in sorted(events, key=lambda event: event[0]):
            self._sleep_until(share)
            happen()
        self._sleep_until(1.0)
        self.observer.stop()
        self.traffic.stop()
        self.traffic.wait_for_answers(_LAST_ANSWERS_S)
        self.questions = self.traffic.heard()
        self.problems += [problem for changed in self.changed for problem in changed.problems]
        self.problems += self.observer.times.problems
        self.memory = {host.name: host.memory for host in self.hosts if host.is_running}

    def _sleep_until(self, share: float) -> None:
        due = self._began + share * 60 * self.size.minutes
        time.sleep(max(due - time.monotonic(), 0))

    def _kill(self) -> None:
        """Kill the second machine; the fourth takes over with an empty folder."""
        _, second, _, spare, _ = self.hosts
        with self._outage(f"{second.name} killed", 2, loses_messages=True) as outage:
            second.kill()
            began = time.monotonic()
            spare.start(2)
            outage.ended = time.monotonic()
            self._note_takeover(f"shard 2, by {spare.name} with an empty folder", [2], began)
            self._check_changed(2, spare)

    def _cut_off(self) -> None:
        """Cut off the third machine, change its server meanwhile, and plug it in again."""
        _, _, third, *_ = self.hosts
        probe = self.probes[3]
        with self._outage(f"{third.name} cut off", 3, loses_messages=False) as outage:
            third.machine.unplug()
            time.sleep(self.size.cut_off_s / 2)
            self.other.do(partial(probe.set_language, language="fr"))
            self.other.do(probe.replace_text)
            time.sleep(self.size.cut_off_s / 2)
            third.machine.plug_in()
            back = time.monotonic()
            self._wait_until_back(third, probe)
            self.takeovers.append(
                f"{third.name} answered {time.monotonic() - back:.1f} s after its network was back"
            )
            for kind, part in ((CUT_OFF_SETTINGS, "paragraphe 1"), (CUT_OFF_TEXTS, probe.word)):
                self._see(kind, probe, FERRY_QUESTION, part, back)
            outage.ended = time.monotonic()

    def _wait_until_back(self, host: Host, probe: Probe) -> None:
        """Wait until a machine answers again; start it again if it does not."""
        try:
            probe.wait_for(FERRY_QUESTION, "")
        except NeverSeenError:
            state = "stays away" if host.is_running else "has ended"
            self.problems.append(f"{host.name} {state}: {host.log.splitlines()[-1]}")
            host.stop()
            host.start(probe.shard)

    def _move(self) -> None:
        """Give one of the two shards of the first machine to one that is added."""
        first, *_, added = self.hosts
        name = f"shard 1 moved from {first.name}"
        with self._outage(name, 0, 1, loses_messages=True) as outage:
            first.stop()
            began = time.monotonic()
            self._start_at_once((first, (0,)), (added, (1,)))
            outage.ended = time.monotonic()
            self._note_takeover(f"shard 0 again by {first.name}", [0], began)
            self._note_takeover(f"shard 1, by {added.name} with an empty folder", [1], began)
            self._check_changed(1, added)

    def _rebuild(self) -> None:
        """Change the shared texts at the first machine, and ask all machines."""
        word = self.words.take(0)
        before = self.other.do(lambda database: database.files.versions())
        with ThreadPoolExecutor() as pool:
            running = pool.submit(self._publish, word)
            while self.other.do(lambda database: database.files.versions())[0] == before[0]:
                assert not running.done() or running.result() is None
                time.sleep(0.05)
            began = time.monotonic()
            waiting = [
                pool.submit(self._see, SHARED, probe, _MILL_QUESTION, word, began)
                for probe in self.probes
                if not any(one.disturbs(probe.shard, began) for one in self.outages)
            ]
            for one in (*waiting, running):
                one.result()

    def _publish(self, word: str) -> None:
        """Write the shared texts on the first machine, and store them for all."""
        first = self.hosts[0]
        corpus = first.folder / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        (corpus / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
        if word:
            mill = f"The mill on the hill is called {word.capitalize()}.\n"
            (corpus / "mill.txt").write_text(mill, encoding="utf-8")
        subprocess.run(
            [*first.machine.within, COMMAND, "rebuild"],
            env=first.variables,
            check=True,
            capture_output=True,
            timeout=_COMMAND_TIMEOUT_S,
        )

    def _see(self, kind: str, probe: Probe, question: str, part: str, began: float) -> None:
        times = self.observer.times
        try:
            probe.wait_for(question, part)
        except NeverSeenError as error:
            times.never.append(f"{kind} on shard {probe.shard}: {error}")
        else:
            times.seconds[kind].append(time.monotonic() - began)

    @contextmanager
    def _outage(self, name: str, *shards: int, loses_messages: bool) -> Iterator[Outage]:
        """Remember from when until when something happened to shards."""
        outage = Outage(name, frozenset(shards), time.monotonic(), loses_messages)
        self.outages.append(outage)
        yield outage
        outage.settled = time.monotonic()

    @staticmethod
    def _start_at_once(*started: tuple[Host, tuple[int, ...]]) -> None:
        with ThreadPoolExecutor() as pool:
            waiting = [pool.submit(host.start, *shards) for host, shards in started]
            for one in waiting:
                one.result()

    def _check_changed(self, shard: int, host: Host) -> None:
        for changed in self.changed:
            if changed.scene.guild.id >> 22 & (SHARDS - 1) == shard:
                changed.check(self.other, Pseudonyms(self.people_key), host.name)

    def _note_takeover(self, what: str, shards: "range | list[int]", began: float) -> None:
        """Note how soon the servers of shards answer from their own texts."""
        connected_s = time.monotonic() - began
        left = [town for town in self.towns if town.shard in shards]
        taken: list[float] = []
        turn = 0
        while left:
            asked = [(town, self._inspect(town, turn)) for town in left]
            turn += 1
            for town, answers in asked:
                if answers():
                    taken.append(time.monotonic() - began)
                    left.remove(town)
            assert time.monotonic() - began < _READY_TIMEOUT_S, f"{what}: {left} give no own text"
        self.takeovers.append(
            f"{what}: connected after {connected_s:.1f} s; {len(taken)} servers answered from "
            f"their own texts after {min(taken):.1f} to {max(taken):.1f} s"
        )

    def _inspect(self, town: Town, turn: int) -> Callable[[], bool]:
        """Ask a server, and return what waits for the answer and tells whether it is its own."""
        person = town.people[turn % len(town.people)]
        text = f"{self.discord.mention} new topic: {FERRY_QUESTION}"
        asked = self.discord.say(town.channel, person, text)

        def is_own() -> bool:
            try:
                return town.word in self.discord.wait_for_answer(asked, 2).seen.lower()
            except AssertionError:
                return False

        return is_own
