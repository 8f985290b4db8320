"""Try a whole bot under load: python -m tests.trials.load [--passages 10000].

50 people in 5 channels ask 200 questions in 10 s by mention, then others of another server 400 in
10 s by `/ask`. Each time the shared texts grow by half of the made-up passages, which another
process indexes meanwhile (`pullquote rebuild`), and their server gets a text of its own
(`/pullquote add`). The bot is a process of its own, and Discord is the stand-in, which takes 50
requests a second as Discord does, but any number of messages in a channel.

Exits with 1 if a question was lost or answered twice. Times are those of the machine with all
that runs on it; the stalls of the event loop are those that the bot measured.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import click

from bot.rendering import notices
from tests.benchmarks.support.collection import Collection
from tests.standin import DiscordStandIn, Invocation
from tests.support.bot_process import BotProcess
from tests.support.command import COMMAND
from tests.support.data.harbour import HARBOUR
from tests.trials.support.crowd import Crowd, Heard
from tests.trials.support.figures import Stalls, free_port, percentile, read_metrics

QUESTIONS = (
    "who dug the harbour?",
    "when did the storm come?",
    "when do herring boats leave?",
    "who sings on the pier?",
)

# The beginnings of the answers to refused questions, in English.
REFUSALS = (notices.PERSON_BUSY, notices.BUSY, "That was a lot of questions.")

# The server's own text has this share of the passages; a shared text has 100.
_OWN_SHARE = 0.1

_REBUILD_TIMEOUT_S = 600.0


@dataclass(frozen=True)
class Size:
    """How much is asked.

    Attributes:
        messages: Questions by mention.
        commands: Questions by `/ask`.
        seconds: The seconds over which each kind is asked.
        passages: How many passages are added to the texts; 0 rebuilds nothing.
    """

    messages: int = 200
    commands: int = 400
    seconds: float = 10.0
    passages: int = 10_000


@dataclass
class Part:
    """The figures of one part: questions by mention, or by command."""

    name: str
    heard: Heard
    took_s: float
    stalls: Stalls
    rebuilt_s: float


@dataclass
class Trial:
    """A bot in a folder, and the figures of each part of the load."""

    folder: Path
    size: Size
    parts: list[Part] = field(default_factory=list)

    def run(self) -> None:
        """Run both parts, one after the other."""
        corpus = self.folder / "corpus"
        corpus.mkdir()
        (corpus / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
        Collection(self.size.passages).write(self.folder / "more")
        port = free_port()
        with DiscordStandIn() as discord:
            discord.forgive("more than 50 requests in one second")
            crowds = [Crowd(discord, name, people=50, channels=5) for name in ("arden", "lowmere")]
            with BotProcess(discord, corpus, self.folder / "data", HEALTH_PORT=str(port)) as bot:
                discord.wait_ready(timeout=60)
                discord.wait_for_commands("ask", "pullquote", timeout=60)

                def messages(texts: list[str]) -> Heard:
                    crowd = crowds[0]
                    return crowd.hear_messages(crowd.say(texts, self.size.seconds), REFUSALS)

                def commands(texts: list[str]) -> Heard:
                    crowd = crowds[1]
                    return crowd.hear_commands(crowd.ask(texts, self.size.seconds), REFUSALS)

                self._part("messages", port, crowds[0], messages, self.size.messages)
                self._part("commands", port, crowds[1], commands, self.size.commands)
                assert bot.stop() == 0
                assert "Traceback" not in bot.log, bot.log

    def _part(
        self, name: str, port: int, crowd: Crowd, ask: Callable[[list[str]], Heard], count: int
    ) -> None:
        rebuilding, adding = self._rebuild(), self._add(crowd)
        before, started = read_metrics(port), time.monotonic()
        heard = ask(list(islice(cycle(QUESTIONS), count)))
        took_s = time.monotonic() - started
        stalls = Stalls.between(before, read_metrics(port))
        if rebuilding is not None:
            assert rebuilding.wait(_REBUILD_TIMEOUT_S) == 0
        if adding is not None:
            crowd.discord.wait_until(
                lambda: adding.response and "The texts are indexed" in adding.response.seen,
                _REBUILD_TIMEOUT_S,
                "the text to be added",
            )
        self.parts.append(Part(name, heard, took_s, stalls, time.monotonic() - started))

    def _rebuild(self) -> "subprocess.Popen[bytes] | None":
        """Add half of the made-up texts to the shared ones, then the rest, and index them."""
        coming = sorted((self.folder / "more").iterdir())
        if not coming:
            return None
        for path in coming if self.parts else coming[::2]:
            path.rename(self.folder / "corpus" / path.name)
        folders = {"CORPUS_DIR": self.folder / "corpus", "DATA_DIR": self.folder / "data"}
        return subprocess.Popen(
            [COMMAND, "rebuild"],
            env={**os.environ, **{name: str(path) for name, path in folders.items()}},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _add(self, crowd: Crowd) -> Invocation | None:
        """Let the server of a crowd have a text of its own."""
        n_passages = int(_OWN_SHARE * self.size.passages)
        if not n_passages:
            return None
        text = "\n\n".join(Collection(n_passages).texts())
        file = crowd.discord.attachment("own.txt", text.encode())
        return crowd.discord.slash(crowd.channels[0], crowd.guild.owner, "pullquote add", file=file)

    @property
    def problems(self) -> list[str]:
        """Lost and doubled questions, a line for each part."""
        return [
            f"{part.name}: {part.heard.lost} lost, {part.heard.doubled} doubled"
            for part in self.parts
            if part.heard.lost or part.heard.doubled
        ]


def summary(part: Part) -> str:
    """Return the figures of a part, in a line."""
    heard, stalls = part.heard, part.stalls
    times = [f"answered p50 {percentile(heard.answered_s, 0.5):.2f} s"]
    times.append(f"p99 {percentile(heard.answered_s, 0.99):.2f} s")
    if heard.acknowledged_s:
        times.append(f"acknowledged p50 {percentile(heard.acknowledged_s, 0.5):.3f} s")
        times.append(f"p99 {percentile(heard.acknowledged_s, 0.99):.3f} s")
    return (
        f"{part.name}: {heard.answered} answered once, {heard.refused} refused, {heard.lost} lost, "
        f"{heard.doubled} doubled in {part.took_s:.1f} s; {', '.join(times)}; event loop: "
        f"{stalls.long} of {stalls.looks} looks found a stall over 100 ms, none over "
        f"{1000 * stalls.at_most_s:.0f} ms; rebuilt in {part.rebuilt_s:.1f} s"
    )


def main() -> int:
    """Run a trial and print its figures; return 1 if something was lost or doubled."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--messages", type=int, default=Size.messages)
    parser.add_argument("--commands", type=int, default=Size.commands)
    parser.add_argument("--seconds", type=float, default=Size.seconds)
    parser.add_argument("--passages", type=int, default=Size.passages)
    size = Size(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), size)
        trial.run()
    for line in (*map(summary, trial.parts), *trial.problems):
        click.echo(line)
    click.echo("Load of the machine: {:.1f} {:.1f} {:.1f}".format(*os.getloadavg()))
    return 1 if trial.problems else 0


if __name__ == "__main__":
    sys.exit(main())
