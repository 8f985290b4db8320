"""Read the settings as far as they can be used, and check them and the files with secrets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path

from bot.config.env_file import read_dotenv
from bot.config.file_permissions import exposed_files, protecting_command
from bot.config.settings import Settings, former_value
from bot.errors import SettingsError
from bot.rendering.plain_text import first_names
from bot.terminal.doctor.check import Check

_VARIABLES = tuple(field.name.upper() for field in fields(Settings))

# Variables of libraries and containers that a `.env` of ours may hold, by their beginning.
_OF_OTHERS = ("COMPOSE_", "HF_", "NLTK_", "OMP_", "OPENBLAS_", "POSTGRES_", "PYTHON", "TZ")

# A variable of the environment counts as a misspelt setting from this likeness on.
_MISSPELT = 0.9


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """The settings as far as they can be used.

    Attributes:
        settings: They have defaults for values that are wrong.
        check: The check of all values.
    """

    settings: Settings
    check: Check


def read_settings(environment: Mapping[str, str], dotenv: Path) -> ReadSettings:
    """Read the settings; each wrong value is left out and named in the check."""
    problems: list[str] = []
    written: Mapping[str, str | None] = {}
    try:
        written = read_dotenv(dotenv)
    except SettingsError as error:
        problems.append(str(error))
    real = {name: value for name, value in environment.items() if value.strip()}
    values: dict[str, str | None] = {**written, **real}
    doubts = [*_unknown(written, real), *filter(None, [former_value(values)])]
    settings = _usable(values, problems)
    if problems:
        check = Check(
            "settings", "failure", "; ".join(problems), "correct it in .env or the environment"
        )
    elif doubts:
        check = Check("settings", "warning", "; ".join(doubts), "correct the name, or remove it")
    else:
        n_set = sum(1 for name in _VARIABLES if (values.get(name) or "").strip())
        where = ".env and the environment" if dotenv.exists() else "the environment; no .env"
        check = Check("settings", "ok", f"{n_set} of {len(_VARIABLES)} set, by {where}")
    return ReadSettings(settings, check)


def _usable(values: dict[str, str | None], problems: list[str]) -> Settings:
    """Return the settings without the wrong values, which are added to the problems."""
    while True:
        try:
            return Settings.from_mapping(values)
        except SettingsError as error:
            problems.append(str(error))
            values = {name: value for name, value in values.items() if name != error.variable}


def _unknown(written: Iterable[str], real: Iterable[str]) -> list[str]:
    """Return a line for each name of `.env` that is no setting, and for each misspelt variable."""
    lines = []
    foreign = [name for name in written if name not in _VARIABLES]
    for name in foreign:
        if not name.startswith(_OF_OTHERS):
            near = get_close_matches(name.upper(), _VARIABLES, n=1)
            meant = f", did you mean {near[0]}?" if near else ""
            lines.append(f"{name} in .env is no setting{meant}")
    for name in sorted(set(real) - {*_VARIABLES, *foreign}):
        if near := get_close_matches(name.upper(), _VARIABLES, n=1, cutoff=_MISSPELT):
            lines.append(f"the variable {name} is no setting, did you mean {near[0]}?")
    return lines


def check_files(settings: Settings, dotenv: Path) -> Check:
    """Check that other users of the machine cannot read the files with secrets."""
    files = [*([dotenv] if settings.secrets else []), *settings.private_files]
    exposed = exposed_files(files)
    if not exposed:
        return Check("files", "ok", "no secret is open to other users of this machine")
    names = first_names([file.name for file in exposed])
    return Check(
        "files",
        "failure",
        f"open to others who use this machine: {names}",
        f"run: {protecting_command(*exposed)}",
    )
