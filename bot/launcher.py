"""Start the `pullquote` command, if it can run here: otherwise one line says why not.

The wheel has this module as `pullquote.py` beside the packages. `bot` and `index` are common names:
another package may have one of them, in this environment or in a folder of `PYTHONPATH`. Pythons
since 3.7 can read this module, so that it can tell them that they are too old.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

# What the modules of the packages begin with; they are read here, not run.
_BEGINNINGS = {
    "bot": '"""Pullquote: ',
    "index": '"""Passages of a folder of texts, indexed and searched.',
}


# The same as `requires-python` of the project.
_OLDEST_PYTHON = (3, 11)


def main() -> None:
    """Run the command and exit."""
    if sys.version_info < _OLDEST_PYTHON:
        wanted, running = (
            ".".join(map(str, one[:2])) for one in (_OLDEST_PYTHON, sys.version_info)
        )
        sys.exit(
            f"Pullquote needs Python {wanted} or newer, and this is {running} ({sys.executable}); "
            "install it with a newer one"
        )
    for name, beginning in _BEGINNINGS.items():
        place = _place(name)
        if place is None:
            sys.exit(f"Pullquote's package '{name}' is missing; install pullquote again")
        if not _begins_with(place, beginning):
            sys.exit(f"{place} is not Pullquote's package '{name}'; {_advice(name)}")
    from bot.__main__ import main as run

    run()


def _place(name: str) -> Path | None:
    """Return the module that an import of a package would run, or its folder if it has none."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        return None
    return Path(spec.origin or next(iter(spec.submodule_search_locations or [name])))


def _begins_with(module: Path, beginning: str) -> bool:
    try:
        with module.open(encoding="utf-8", errors="replace") as file:
            return file.read(len(beginning)) == beginning
    except OSError:
        return False


def _advice(name: str) -> str:
    from importlib.metadata import packages_distributions  # it takes 20 ms, and is seldom needed

    others = sorted({*packages_distributions().get(name, ())} - {"pullquote"})
    if others:
        return (
            f"it comes from {', '.join(others)}: install pullquote into an environment of its own, "
            "as pipx does"
        )
    return "move it, or take its folder out of PYTHONPATH"


if __name__ == "__main__":
    main()
