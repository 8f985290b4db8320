"""Measure what a command takes from outside: processor time and memory of its process tree."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_EVERY_S = 0.05
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command printed and took.

    Attributes:
        figures: The JSON object on its last line.
        cpu_s: Processor time of the tree, on all cores, with the start of Python.
        anonymous_mb: The most memory of its own that the tree held at once (RssAnon).
        resident_mb: The same with the pages of files (VmRSS), which the system may drop; what two
            processes share counts in both.
    """

    figures: dict[str, Any]
    cpu_s: float
    anonymous_mb: float
    resident_mb: float


def run_child(module: str, *arguments: object) -> Measured:
    """Run a module that prints JSON, and look at its memory every 50 ms (Linux only).

    Raises:
        CalledProcessError: It failed.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    anonymous_mb = resident_mb = 0.0
    before = _children_cpu_s()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            held = [memory_mb(pid) for pid in _tree(process.pid)]
            anonymous_mb = max(anonymous_mb, sum(anonymous for anonymous, _ in held))
            resident_mb = max(resident_mb, sum(resident for _, resident in held))
            time.sleep(_EVERY_S)
        output = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    cpu_s = _children_cpu_s() - before
    return Measured(json.loads(output.splitlines()[-1]), cpu_s, anonymous_mb, resident_mb)


def memory_mb(pid: int | str = "self") -> tuple[float, float]:
    """Return a process's anonymous and its whole resident memory; zeros once it has gone."""
    try:
        lines = (_PROC / str(pid) / "status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0, 0.0
    fields = dict(line.split(":", 1) for line in lines.splitlines())
    anonymous, resident = (int(fields.get(k, "0").split()[0]) for k in ("RssAnon", "VmRSS"))
    return anonymous / 1024, resident / 1024


def _children_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in (_PROC / str(pid) / "task").glob("*/children"):
        try:
            listed = children.read_text(encoding="ascii").split()
        except OSError:  # the thread has ended
            continue
        for child in listed:
            yield from _tree(int(child))
