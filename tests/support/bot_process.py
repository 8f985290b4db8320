"""The real `pullquote discord` process, started against the stand-in."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.standin import DiscordStandIn
from tests.support import fast_clock
from tests.support.command import COMMAND
from tests.support.forks import ForkedProcess


class BotProcess:
    """Runs the bot in a folder; leaving the `with` block stops it if it still runs.

    Attributes:
        program: What is started, with the command's arguments behind it.
        options: The options of `pullquote discord`.
    """

    program: tuple[str, ...] = (str(COMMAND),)
    options: tuple[str, ...] = ()

    def __init__(self, discord: DiscordStandIn, corpus: Path, data: Path, **settings: str) -> None:
        self._environment = {
            **os.environ,
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_BASE": discord.api_base,
            "CORPUS_DIR": str(corpus),
            "DATA_DIR": str(data),
            **settings,
        }
        self._lines: list[str] = []

    def __enter__(self) -> Self:
        self._process = self._start()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def _start(self) -> subprocess.Popen[str] | ForkedProcess:
        command = [*self.program, "discord", *self.options]
        return subprocess.Popen(command, stderr=subprocess.PIPE, env=self._environment, text=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.is_running:
            self.stop()
        if error is not None:
            sys.stderr.write(self.log)  # pytest shows it below the failure

    @property
    def log(self) -> str:
        """What the bot wrote to stderr so far."""
        return "".join(self._lines)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended yet."""
        return self._process.poll() is None

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit code; a process that stays 10 s fails the test."""
        self._process.send_signal(by)
        return self.wait(10)

    def wait(self, timeout_s: float = 60) -> int:
        """Wait for the process to end by itself and return its exit code."""
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        self._reader.join(5)
        return code

    def wait_for_log(self, text: str, timeout_s: float = 60) -> None:
        """Wait until the log holds `text`."""
        deadline = time.monotonic() + timeout_s
        while text not in self.log:
            assert time.monotonic() < deadline, f"no {text!r} in the log:\n{self.log}"
            time.sleep(0.02)

    def _read(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as stream:
            for line in stream:
                self._lines.append(line)  # seen while the process runs


class FastBotProcess(BotProcess):
    """The same, forked from a process that has imported the program, with a clock to speed up.

    Attributes:
        ahead_s: How many seconds later than ours the process's time of day is when it starts.
    """

    def __init__(self, discord: DiscordStandIn, corpus: Path, data: Path, **settings: str) -> None:
        super().__init__(discord, corpus, data, **settings)
        self._speed = data / "speed"
        self.ahead_s = 0.0

    def _start(self) -> ForkedProcess:
        return ForkedProcess(fast_clock.run, self._speed, self.ahead_s, env=self._environment)

    def wait_for_start(self) -> None:
        """Wait until the bot is ready, without the 2 s that discord.py waits for more servers."""
        self.set_speed(20)
        self.wait_for_log("Ready as")
        self.set_speed(1)

    def set_speed(self, speed: float) -> None:
        """Let the bot's time pass so many times as fast."""
        self._tell(speed)

    def set_ahead(self, seconds: float, speed: float) -> None:
        """Let the bot's time of day be so many seconds later, and time pass so fast from now on."""
        self.ahead_s = seconds
        self._tell(speed)

    def _tell(self, speed: float) -> None:
        # Put in place whole: the bot may be reading what it was told just before.
        written = self._speed.with_name("speed.new")
        written.write_text(f"{speed} {self.ahead_s}")
        written.replace(self._speed)
        self._process.send_signal(signal.SIGUSR1)
