"""The checks of the interpreter and of the installed packages."""

import platform
from importlib.metadata import PackageNotFoundError, metadata, requires, version

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from bot.rendering.plain_text import first_names
from bot.terminal.doctor.check import Check

PACKAGE = "pullquote"
_REINSTALL = "install it again: python -m pip install --upgrade, with its wheel or its folder"


def check_python() -> Check:
    """Compare the interpreter with what the package requires."""
    running = platform.python_version()
    try:
        required = ",".join(metadata(PACKAGE).get_all("Requires-Python") or ())
    except PackageNotFoundError:
        return Check("Python", "unknown", "the package is not installed", _REINSTALL)
    if SpecifierSet(required).contains(running, prereleases=True):
        return Check("Python", "ok", running)
    return Check(
        "Python", "failure", f"{running} does not fit {required}", "install it with such a Python"
    )


def check_versions() -> Check:
    """Compare the installed packages with what the package requires."""
    try:
        requirements = [Requirement(line) for line in requires(PACKAGE) or ()]
    except PackageNotFoundError:
        return Check("versions", "unknown", "the package is not installed", _REINSTALL)
    unfit = [
        problem
        for one in requirements
        if (one.marker is None or one.marker.evaluate({"extra": ""})) and (problem := _unfit(one))
    ]
    if unfit:
        return Check("versions", "failure", first_names(unfit), _REINSTALL)
    shown = (f"{name} {version(name)}" for name in (PACKAGE, "discord.py"))
    return Check("versions", "ok", ", ".join(shown))


def _unfit(requirement: Requirement) -> str | None:
    """Return why a requirement is not met; None if it is."""
    try:
        installed = metadata(requirement.name)
    except PackageNotFoundError:
        return f"{requirement.name} is missing"
    name, running = installed["Name"], installed["Version"]  # the wheel writes "discord-py"
    if requirement.specifier.contains(running, prereleases=True):
        return None
    return f"{name} {running} does not fit {requirement.specifier}"
