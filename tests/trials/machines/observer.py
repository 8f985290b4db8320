"""How soon each process shows what another one changed in the database."""

import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from tests.standin import User
from tests.trials.machines.elsewhere import Elsewhere
from tests.trials.machines.probes import (
    ASKED_LIKE_TAUGHT,
    FOLLOW_UP,
    NeverSeenError,
    Probe,
)
from tests.trials.machines.tally import Outage
from tests.trials.machines.words import FERRY_QUESTION
from tests.trials.support.figures import percentile

# A word of each citation, by the language that a server is set to in turn.
LANGUAGES = {"de": "absatz 1", "en": "paragraph 1"}

SETTINGS, TEXTS, LESSONS, UNTAUGHT, ERASURES, SHARED = (
    "settings",
    "own texts",
    "lessons",
    "lessons removed",
    "erasures",
    "shared texts",
)

CUT_OFF_SETTINGS, CUT_OFF_TEXTS = (
    f"{SETTINGS}, from when a machine that was cut off is back",
    f"{TEXTS}, from when a machine that was cut off is back",
)

# The limits that we promise, in seconds: for nearly all changes, and for all.
_NEARLY_ALL, _NEARLY_ALL_S, _ALL_S = 0.95, 2.0, 60.0

# A build of the shared texts may take longer, and a machine that was cut off has to come back.
_LIMITS_S = {SHARED: 10.0, CUT_OFF_SETTINGS: _ALL_S, CUT_OFF_TEXTS: _ALL_S}

# A question of a person's deletion needs an answer before the next is asked.
_DELETION_TIMEOUT_S = 30.0

# The rest of the time is the people's who ask.
_PAUSE_S = 1.0


@dataclass
class Times:
    """Measured times by the kind of change, and what was not seen in time."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    never: list[str] = field(default_factory=list)
    interrupted: int = 0

    def lines(self) -> list[str]:
        """Return the figures in a table, a line for each kind."""
        header = f"{'changes seen after':<58}" + "".join(
            f"{name:>8}" for name in ("changes", "p50 s", "p95 s", "max s")
        )
        lines = [header]
        for kind, seconds in sorted(self.seconds.items()):
            times = [percentile(seconds, share) for share in (0.5, _NEARLY_ALL, 1.0)]
            shown = "".join(f"{value:>8.2f}" for value in times)
            lines.append(f"{kind:<58}{len(seconds):>8}{shown}")
        lines.append(f"{self.interrupted} more were not measured: something happened meanwhile")
        return lines

    @property
    def problems(self) -> list[str]:
        """What took longer than we promise, a line each."""
        found = list(self.never)
        for kind, seconds in sorted(self.seconds.items()):
            if max(seconds) > _ALL_S:
                found.append(f"{kind}: one was seen after {max(seconds):.1f} s")
        for kind, seconds in sorted(self.seconds.items()):
            limit_s = _LIMITS_S.get(kind, _NEARLY_ALL_S)
            if (nearly_all_s := percentile(seconds, _NEARLY_ALL)) > limit_s:
                found.append(
                    f"{kind}: 95 % were seen within {nearly_all_s:.1f} s, not {limit_s:.0f}"
                )
        return found


class Observer:
    """Changes one server after the other, and measures until its process shows it."""

    def __init__(self, other: Elsewhere, probes: list[Probe], outages: Sequence[Outage]) -> None:
        """Prepare.

        Args:
            other: The process that changes the database.
            probes: A server on each shard.
            outages: What has happened to the machines so far.
        """
        self.times = Times()
        self._other = other
        self._probes = probes
        self._outages = outages
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._observe, daemon=True)
        self._failure: BaseException | None = None

    def start(self) -> None:
        """Start."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the change that is being observed."""
        self._stopping.set()
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _observe(self) -> None:
        try:
            for number in count():
                for probe in self._probes:
                    if self._stopping.is_set():
                        return
                    if self._is_steady(probe, time.monotonic()):
                        self._change_server(probe, list(LANGUAGES)[number % 2])
                self._erase(number)
        except BaseException as error:  # raised by `stop`
            self._failure = error

    def _change_server(self, probe: Probe, language: str) -> None:
        do = self._other.do
        do(partial(probe.set_language, language=language))
        self._see(SETTINGS, probe, FERRY_QUESTION, LANGUAGES[language])
        do(probe.replace_text)
        self._see(TEXTS, probe, FERRY_QUESTION, probe.word)
        lesson = do(probe.teach)
        self._see(LESSONS, probe, ASKED_LIKE_TAUGHT, probe.word)
        do(lambda database: database.taught.remove(probe.guild.id, lesson))
        self._see(UNTAUGHT, probe, ASKED_LIKE_TAUGHT, probe.word, gone=True)

    def _erase(self, number: int) -> None:
        """Let somebody talk in servers of two shards, and delete in one of them."""
        there, here = (self._probes[(number + step) % len(self._probes)] for step in (0, 1))
        began = time.monotonic()
        if not (self._is_steady(there, began) and self._is_steady(here, began)):
            return
        person = there.join(f"wanderer {number}")
        there.discord.join(here.guild, person)
        for probe in (there, here):
            answer = probe.ask(FERRY_QUESTION, person)
            if answer is None or probe.word not in answer:
                self._note_failure(f"the question before an erasure got {answer!r}", probe, began)
                return
        with ThreadPoolExecutor(1) as pool:
            deletion = pool.submit(_delete_everything, here, person)
            self._see(ERASURES, there, FOLLOW_UP, there.word, gone=True, person=person)
            if deletion.exception() is not None:
                self._note_failure(f"a deletion: {deletion.exception()}", here, began)

    def _see(
        self,
        kind: str,
        probe: Probe,
        question: str,
        part: str,
        *,
        gone: bool = False,
        person: User | None = None,
    ) -> None:
        """Measure until a server's answers hold a part, or hold it no longer."""
        began = time.monotonic()
        try:
            probe.wait_for(question, part, gone=gone, person=person)
        except NeverSeenError as error:
            self._note_failure(f"{kind}: {error}", probe, began)
            return
        if self._is_steady(probe, began):
            self.times.seconds[kind].append(time.monotonic() - began)
        else:
            self.times.interrupted += 1
        self._stopping.wait(_PAUSE_S)

    def _is_steady(self, probe: Probe, since: float) -> bool:
        """Return whether nothing has happened to the machine of a server since a moment."""
        return not any(outage.disturbs(probe.shard, since) for outage in list(self._outages))

    def _note_failure(self, what: str, probe: Probe, began: float) -> None:
        """Note what was not seen, unless something has happened to the machine meanwhile."""
        if self._is_steady(probe, began):
            self.times.never.append(f"shard {probe.shard}: {what}")
        else:
            self.times.interrupted += 1


def _delete_everything(probe: Probe, person: User) -> None:
    """Let a person delete all that is stored about them."""
    discord = probe.discord
    asked = discord.slash(probe.channel, person, "privacy delete").wait_for_response(
        _DELETION_TIMEOUT_S
    )
    discord.press(asked, asked.buttons[0]["custom_id"], person)
    discord.wait_until(lambda: not asked.buttons, _DELETION_TIMEOUT_S, "the deletion")
