"""Look the locked dependencies up among the known vulnerabilities.

Use: `python -m tests.trials.dependencies.audit`.

A finding, or a lock file that cannot be read, is exit code 1. Where the service of advisories
cannot be reached, or knows none of the packages, one line says so and the exit code is 0.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

_LOCK = Path(__file__).parents[3] / ".deploy" / "requirements.txt"

# One answer of the service takes about 0.1 s; a network that swallows requests must not hold CI up.
_ANSWER_TIMEOUT_S = 15
_TIMEOUT_S = 180

# What pip-audit ends with where no service answers, or something else does in its place.
_UNREACHED = (
    "requests.exceptions.",
    "urllib3.exceptions.",
    "pip_audit._service.interface.ServiceError",
    "pip_audit._service.interface.ConnectionError",
    "your network may be blocking this service",
)


def audit(lock: Path = _LOCK, timeout_s: float = _TIMEOUT_S) -> int:
    """Run pip-audit over a lock file, print what it found, and return the exit code."""
    command = [
        *(sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"),
        *("--progress-spinner", "off", "--format", "json", "--timeout", str(_ANSWER_TIMEOUT_S)),
        *("--requirement", str(lock)),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:
        return _unreached(f"no answer within {timeout_s:g} s")
    return judge(done.stdout, done.stderr)


def judge(report: str, errors: str) -> int:
    """Print what a run of pip-audit says, and return the exit code.

    Args:
        report: What it wrote to stdout, JSON where it came to an end.
        errors: What it wrote to stderr.
    """
    try:
        dependencies: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except ValueError:
        lines = errors.strip().splitlines() or ["pip-audit said nothing"]
        if any(sign in errors for sign in _UNREACHED):
            return _unreached(lines[-1][:200])
        click.echo(f"audit: the dependencies cannot be audited: {lines[-1]}")
        return 1
    audited = [one for one in dependencies if "skip_reason" not in one]
    if not audited:
        return _unreached("it knows none of the packages")
    found = [(one, flaw) for one in audited for flaw in one["vulns"]]
    for one, flaw in found:
        fixed = ", ".join(flaw["fix_versions"]) or "no version"
        click.echo(f"audit: {one['name']} {one['version']}: {flaw['id']}, mended in {fixed}")
    known = f"{len(audited)} of {len(dependencies)} dependencies are known to the service"
    click.echo(f"audit: {known}, {len(found)} vulnerabilities")
    return 1 if found else 0


def _unreached(why: str) -> int:
    click.echo(f"audit: not done, because no service of advisories can be reached ({why})")
    return 0


if __name__ == "__main__":
    sys.exit(audit())
