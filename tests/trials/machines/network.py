"""Machines in network namespaces of their own, on one switch. Linux only; needs root and iproute2.

The trial itself runs in a namespace that holds the switch, so that nothing of the computer's own
network changes, and all of it is gone when the trial ends.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

_NETWORK, _BITS = "10.77.0", 24

# The address of the trial, and with it of the stand-in for Discord.
SWITCH_ADDRESS = f"{_NETWORK}.1"

_INSIDE = "PULLQUOTE_TRIAL_INSIDE"
_START_TIMEOUT_S = 10.0

# Its first process ends with the trial, and with it the namespace.
_FIRST_PROCESS = ("setpriv", "--pdeathsig", "KILL", "unshare", "--net", "sleep", "infinity")


def run_in_namespace() -> int | None:
    """Run this program again in a network namespace of its own.

    Returns:
        The exit code of that; None in the process that runs inside.
    """
    if os.environ.get(_INSIDE):
        _run("ip", "link", "set", "lo", "up")
        _run("ip", "link", "add", "switch", "type", "bridge")
        _run("ip", "address", "add", f"{SWITCH_ADDRESS}/{_BITS}", "dev", "switch")
        _run("ip", "link", "set", "switch", "up")
        return None
    command = ["unshare", "--net", "--kill-child", "--fork", *sys.orig_argv]
    return subprocess.run(command, env={**os.environ, _INSIDE: "1"}, check=False).returncode


@dataclass(frozen=True)
class Machine:
    """A namespace with one interface, which is plugged into the switch.

    Attributes:
        number: Its number, which names its port at the switch.
        holder: The number of its first process.
    """

    number: int
    holder: int

    @property
    def address(self) -> str:
        """Its address."""
        return f"{_NETWORK}.{self.number}"

    @property
    def within(self) -> tuple[str, ...]:
        """What runs a command on it, with the command's arguments behind."""
        return ("nsenter", "--target", str(self.holder), "--net")

    def unplug(self) -> None:
        """Pull its cable: what is sent to or from it is lost without a sign."""
        _run("ip", "link", "set", self._port, "nomaster")

    def plug_in(self) -> None:
        """Plug its cable in again."""
        _run("ip", "link", "set", self._port, "master", "switch")

    def connect(self) -> None:
        """Lay the cable, and give the machine its address."""
        ours = ("ip", "link", "add", self._port, "type", "veth")
        _run(*ours, "peer", "name", "eth0", "netns", str(self.holder))
        self.plug_in()
        _run("ip", "link", "set", self._port, "up")
        _run(*self.within, "ip", "link", "set", "lo", "up")
        _run(*self.within, "ip", "address", "add", f"{self.address}/{_BITS}", "dev", "eth0")
        _run(*self.within, "ip", "link", "set", "eth0", "up")

    @property
    def _port(self) -> str:
        return f"port{self.number}"


@contextmanager
def machines(*numbers: int) -> Iterator[list[Machine]]:
    """Run machines; a number is the last part of an address, from 2 to 254."""
    with ExitStack() as running:
        yield [running.enter_context(_machine(number)) for number in numbers]


@contextmanager
def _machine(number: int) -> Iterator[Machine]:
    with subprocess.Popen(_FIRST_PROCESS) as first:
        try:
            machine = Machine(number, first.pid)
            _wait_for_namespace(first.pid)
            machine.connect()
            yield machine
        finally:
            first.kill()


def _wait_for_namespace(pid: int) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while _namespace(pid) == _namespace(os.getpid()):
        if time.monotonic() > deadline:
            raise TimeoutError("the machine did not start")
        time.sleep(0.02)


def _namespace(pid: int) -> int:
    return Path(f"/proc/{pid}/ns/net").stat().st_ino


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
