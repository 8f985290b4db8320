"""Try endless inputs on what reads them: `python -m tests.trials.fuzz [TARGET ...] --seconds N`.

Atheris (libFuzzer) changes inputs so that they reach ever more of the code. Each target runs in a
process of its own with bounds on memory and time; a crash, a hang of 10 s, or a broken promise is a
finding, whose input is kept. Needs `pip install -e '.[dev,fuzz]'`.
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.trials.fuzzing.inputs import input_targets
from tests.trials.fuzzing.texts import text_targets

TARGETS = text_targets() | input_targets()

# What an input of 4 kB may take.
_MAX_INPUT_BYTES = 4096
_MAX_MEMORY_MB = 2048
_HANG_S = 10

# Seconds of the processor that the process gets to start and to end, beyond the time for trying.
_SPARE_S = 60


@click.command()
@click.argument("targets", nargs=-1, type=click.Choice(list(TARGETS)))
@click.option("--seconds", default=60, show_default=True, help="How long each target is tried.")
@click.option(
    "--found", default="fuzz-findings", show_default=True, type=click.Path(path_type=Path)
)
def main(targets: tuple[str, ...], seconds: int, found: Path) -> None:
    """Try endless inputs on each TARGET, or on all; exit code 1 where one fails."""
    results = [_try(target, seconds, found) for target in targets or TARGETS]
    sys.exit(0 if all(results) else 1)


def _try(target: str, seconds: int, found: Path) -> bool:
    """Run a target for some seconds; return whether nothing was found."""
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder, "seeds")
        seeds.mkdir()
        for number, seed in enumerate(TARGETS[target][1]):
            (seeds / str(number)).write_bytes(seed)
        found.mkdir(exist_ok=True)
        options = [
            f"-max_total_time={seconds}",
            f"-max_len={_MAX_INPUT_BYTES}",
            f"-timeout={_HANG_S}",
            f"-rss_limit_mb={_MAX_MEMORY_MB}",
            f"-artifact_prefix={found}/{target}-",
            "-print_final_stats=1",
        ]
        child = [sys.executable, "-m", "tests.trials.fuzzing.child"]
        started = time.monotonic()
        done = subprocess.run(
            [*child, target, str(seconds + _SPARE_S), *options, str(seeds)],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        took_s = time.monotonic() - started
    tried = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    n_tried = int(tried[1]) if tried else 0
    verdict = "nothing found" if done.returncode == 0 else f"FOUND (code {done.returncode})"
    click.echo(f"{target:13} {n_tried:9,} inputs, {n_tried / took_s:7.0f}/s: {verdict}")
    if done.returncode:
        click.echo(done.stderr[-3000:])
    return done.returncode == 0


if __name__ == "__main__":
    main()
