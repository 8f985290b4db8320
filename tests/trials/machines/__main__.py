"""Try three machines that share nothing but PostgreSQL: python -m tests.trials.machines.

PostgreSQL, the stand-in for Discord and each bot are in network namespaces of their own, on one
switch; each bot has its own folder, also for temporary files. Four shards are served by three of
them: 0 and 1, 2, and 3. For ten minutes 10 questions a second are asked in servers on all shards
and in direct messages. Each server's own text holds a word that no other text holds.

Another process changes settings, texts and lessons of one server after the other in the database,
people who talk in servers of two machines delete their data in one, and `pullquote rebuild` at one
machine changes the shared texts: each time the server's process is asked until it shows it. Admins
use every kind of command in two servers before their shards go to another machine, which is asked
about it. One machine is killed, and another one takes its shard over with an empty folder; one is
cut off for a minute; one is added, and gets a shard of the first.

Needs root, iproute2, util-linux and PostgreSQL's server. Exits with 1 if a question was lost,
doubled or answered from another server's text, or a change was not seen in time.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import click

from tests.trials.machines.network import run_in_namespace
from tests.trials.machines.tally import HEADER, tally
from tests.trials.machines.trial import Size, Trial


def report(trial: Trial) -> list[str]:
    """Return the table, and what was not as it should be."""
    owners = {
        number: frozenset(trial.words.owners(" ".join(question.replies)) - {0})
        for number, question in enumerate(trial.questions)
    }
    rows = tally(trial.questions, trial.outages, owners)
    lines = [HEADER, *(row.line(name) for name, row in rows.items()), ""]
    lines += trial.observer.times.lines()
    lines += ["", *trial.takeovers, ""]
    lines += [f"{name}: {mb:.0f} MB of resident memory" for name, mb in trial.memory.items()]
    for name, row in rows.items():
        for what in ("lost", "doubled", "leaked", "refused"):
            if count := getattr(row, what):
                trial.problems.append(f"{name}: {count} {what}")
    return [*lines, "", *trial.problems]


def main() -> int:
    """Run the trial and print its figures; return 1 if something was not as it should be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=Size.minutes)
    parser.add_argument("--per-second", type=float, default=Size.per_second)
    parser.add_argument("--cut-off-s", type=float, default=Size.cut_off_s)
    parser.add_argument("--servers-per-shard", type=int, default=Size.servers_per_shard)
    parser.add_argument("--logs", type=Path, help="a folder in which the bots' logs are kept")
    options = vars(parser.parse_args())
    logs = options.pop("logs")
    if (code := run_in_namespace()) is not None:
        return code
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), Size(**options))
        try:
            trial.run()
        finally:
            if logs is not None:
                trial.write_logs(logs)
    for line in report(trial):
        click.echo(line)
    click.echo("Load of the machine: {:.1f} {:.1f} {:.1f}".format(*os.getloadavg()))
    return 1 if trial.problems else 0


if __name__ == "__main__":
    sys.exit(main())
