"""Measure what an installation takes: `python -m tests.trials.dependencies.installation` (Linux).

It builds the wheel, and downloads what it needs; all else is done without a package index.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from rich.console import Console

from bot.config.sample_corpus import copy_sample
from tests.benchmarks.support.memory import memory_mb
from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess
from tests.support.checkout import REPOSITORY

_MB = 1024 * 1024
_QUESTION = "Who is Ron Dermer?"
_LARGEST = 5

# After that a bot that nobody asks has done what it does at the start.
_REST_S = 30


def main() -> None:
    """Install into an environment of its own, ask, start the bot, and print the figures."""
    console = Console(soft_wrap=True, highlight=False)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files, python = folder / "files", folder / "venv" / "bin" / "python"
        _run(sys.executable, "-m", "pip", "download", "-qd", files, REPOSITORY)
        _run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", files, REPOSITORY)
        for sources in (*files.glob("pullquote*.zip"), *files.glob("pullquote*.tar.gz")):
            sources.unlink()
        console.print(f"download: {_size(files) / _MB:.0f} MB")
        _run(sys.executable, "-m", "venv", folder / "venv")
        (wheel,) = files.glob("pullquote-*.whl")
        seconds = _run(python, "-m", "pip", "install", "-q", "--no-index", "-f", files, wheel)
        _run(python, "-m", "pip", "uninstall", "-qy", "setuptools", "pip")
        (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
        console.print(f"installed: {_size(packages) / _MB:.0f} MB in {seconds:.0f} s; of it")
        for package, size in _sizes(packages).most_common(_LARGEST):
            console.print(f"  {package} {size / _MB:.0f} MB")
        command = str(python.with_name("pullquote"))
        os.chdir(folder)
        Path("corpus").mkdir()
        copy_sample(Path("corpus"))
        seconds = _run(command, "ask", _QUESTION)
        console.print(f"first answer from the sample text: {seconds:.1f} s")
        console.print(f"answer later: {min(_run(command, 'ask', _QUESTION) for _ in '123'):.1f} s")
        _measure_bot(command, console)


def _measure_bot(command: str, console: Console) -> None:
    with DiscordStandIn() as discord:
        guild = discord.add_guild("Readers")
        channel, person = discord.add_channel(guild, "general"), discord.add_user("alice", guild)
        bot = BotProcess(discord, Path("corpus"), Path(".pullquote"))
        bot.program = (command,)
        started = time.monotonic()
        with bot:
            discord.wait_ready(60)
            console.print(f"start of the bot: {time.monotonic() - started:.1f} s")
            time.sleep(_REST_S)
            console.print(f"memory at rest: {memory_mb(bot.pid)[1]:.0f} MB")
            asked = discord.say(channel, person, f"{discord.mention} {_QUESTION}")
            discord.wait_for_answer(asked)
            console.print(f"memory after an answer: {memory_mb(bot.pid)[1]:.0f} MB")


def _run(*command: object) -> float:
    """Run a command and return how many seconds it took."""
    started = time.monotonic()
    subprocess.run([str(one) for one in command], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


def _size(folder: Path) -> int:
    """Return the bytes of the files in a folder, with the bytecode that pip makes."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def _sizes(packages: Path) -> Counter[str]:
    """Return the bytes of each package; libraries that a wheel keeps beside it count with it."""
    sizes: Counter[str] = Counter()
    for entry in packages.iterdir():
        size = _size(entry) if entry.is_dir() else entry.stat().st_size
        sizes[entry.name.removesuffix(".libs")] += size
    return sizes


if __name__ == "__main__":
    main()
