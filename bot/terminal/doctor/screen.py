"""Print the checks on one screen, or as JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import click

from bot.operations.logs.redaction import without_secrets
from bot.rendering.plain_text import counted, printable
from bot.terminal.doctor.check import Check, Status

_WORDS: dict[Status, tuple[str, str]] = {
    "ok": ("ok", "green"),
    "warning": ("warn", "yellow"),
    "failure": ("FAIL", "red"),
}
_STATUS_WIDTH, _NAME_WIDTH = 7, 16
_INDENT = " " * (_STATUS_WIDTH + _NAME_WIDTH)


def print_json(checks: Iterable[Check]) -> None:
    """Print one object with a list of all checks."""
    click.echo(without_secrets(json.dumps({"checks": [asdict(check) for check in checks]})))


def print_screen(checks: Sequence[Check]) -> None:
    """Print a line for each check, and what to do; then what could not be checked."""
    for check in checks:
        if check.status in _WORDS:
            word, colour = _WORDS[check.status]
            status = click.style(word.ljust(_STATUS_WIDTH), fg=colour)
            click.echo(f"{status}{check.name.ljust(_NAME_WIDTH)}{_clean(check.detail)}")
            if check.status != "ok" and check.advice:
                click.echo(f"{_INDENT}-> {_clean(check.advice)}")
    for line in _unknown_lines(checks):
        click.echo(_clean(line))
    click.secho(_conclusion(checks), bold=True)


def _unknown_lines(checks: Iterable[Check]) -> list[str]:
    """Return a line for each reason why checks could not be made."""
    names: dict[tuple[str, str], list[str]] = {}
    for check in checks:
        if check.status == "unknown":
            names.setdefault((check.detail, check.advice), []).append(check.name)
    return [
        f"Not checked, because {detail}: {', '.join(unchecked)}{f'; {advice}' if advice else ''}."
        for (detail, advice), unchecked in names.items()
    ]


def _conclusion(checks: Sequence[Check]) -> str:
    n_failing = sum(check.status == "failure" for check in checks)
    n_doubtful = sum(check.status == "warning" for check in checks)
    failed = f"{counted(n_failing, 'check')} failed" if n_failing else "Nothing failed"
    return f"{failed}; {counted(n_doubtful, 'warning')}." if n_doubtful else f"{failed}."


def _clean(text: str) -> str:
    return printable(without_secrets(" ".join(text.split())))
