"""Resolve the default install to wheels alone, for other systems.

Use: `python -m tests.trials.dependencies.wheels`.

A dependency without a wheel would be compiled by the person who installs the program. That is exit
code 1. Where no package index can be reached, one line says so and the exit code is 0.
"""

import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from packaging.requirements import Requirement

_PROJECT = Path(__file__).parents[3] / "pyproject.toml"

_PYTHONS = ("3.11", "3.12", "3.13", "3.14")

_TIMEOUT_S = 600

# What pip says where it cannot reach an index.
_UNREACHED = ("NewConnectionError", "ConnectTimeoutError", "Max retries exceeded", "ProxyError")


@dataclass(frozen=True, slots=True)
class System:
    """A system that people run the program on.

    Attributes:
        name: For people.
        platforms: The tags of its wheels.
        markers: What the markers of a requirement see there.
    """

    name: str
    platforms: tuple[str, ...]
    markers: dict[str, str]


SYSTEMS = (
    System(
        "Linux x86-64",
        ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
        {"sys_platform": "linux", "platform_machine": "x86_64"},
    ),
    System(
        "Linux ARM",
        ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"),
        {"sys_platform": "linux", "platform_machine": "aarch64"},
    ),
    System(
        "macOS ARM",
        ("macosx_14_0_arm64", "macosx_11_0_arm64"),
        {"sys_platform": "darwin", "platform_machine": "arm64"},
    ),
    System("Windows", ("win_amd64",), {"sys_platform": "win32", "platform_machine": "AMD64"}),
)


def requirements(project: Path, system: System, python: str) -> list[str]:
    """Return the project's default requirements that hold on a system, without their markers."""
    listed = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    environment = system.markers | {"python_version": python}
    held = []
    for requirement in map(Requirement, listed):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            requirement.marker = None
            held.append(str(requirement))
    return held


def resolve(system: System, python: str, project: Path = _PROJECT) -> str | None:
    """Return what pip says if a dependency has no wheel for a system; None if each has one.

    Raises:
        ConnectionError: No package index can be reached.
    """
    with TemporaryDirectory() as target:
        command = [
            *(sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-input"),
            *("--disable-pip-version-check", "--only-binary=:all:", "--implementation", "cp"),
            *("--python-version", python, "--target", target),
            # pip compares what packages require with the Python that it runs on.
            "--ignore-requires-python",
            *(f"--platform={tag}" for tag in system.platforms),
            *requirements(project, system, python),
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
            )
        except subprocess.TimeoutExpired:
            raise ConnectionError(f"no answer within {_TIMEOUT_S} s") from None
    if done.returncode == 0:
        return None
    lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
    if any(sign in done.stderr for sign in _UNREACHED):
        raise ConnectionError(lines[-1][:200] if lines else "pip cannot connect")
    return lines[-1][:300] if lines else f"pip ended with exit code {done.returncode}"


def main() -> int:
    """Resolve for all systems, print what has no wheel, and return the exit code."""
    cases = list(product(SYSTEMS, _PYTHONS))
    try:
        with ThreadPoolExecutor(2) as pool:
            problems = list(pool.map(lambda case: resolve(*case), cases))
    except ConnectionError as error:
        click.echo(f"wheels: not done, because no package index can be reached ({error})")
        return 0
    for (system, python), problem in zip(cases, problems, strict=True):
        if problem:
            click.echo(f"wheels: {system.name}, Python {python}: {problem}")
    n_failed = sum(problem is not None for problem in problems)
    click.echo(f"wheels: {len(cases) - n_failed} of {len(cases)} systems need no compiler")
    return 1 if n_failed else 0


if __name__ == "__main__":
    sys.exit(main())
