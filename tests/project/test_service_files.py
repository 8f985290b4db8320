"""What the unit and the image say of the bot is so."""

import configparser
import re
import tomllib

import pytest

from bot.errors import IntentRefusedError, SettingsError, TokenRejectedError
from tests.support.checkout import REPOSITORY
from tests.support.command import SETTINGS

UNIT = (REPOSITORY / ".deploy" / "pullquote.service").read_text(encoding="utf-8")
IMAGE = (REPOSITORY / ".deploy" / "Containerfile").read_text(encoding="utf-8")


def test_unit_starts_nothing_anew_that_this_cannot_mend():
    """These are the exit codes of a wrong setting, a wrong token and a missing intent."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.read_string(UNIT)
    service = parser["Service"]
    kept_down = {int(code) for code in service["RestartPreventExitStatus"].split()}
    errors = (SettingsError, TokenRejectedError, IntentRefusedError)
    assert kept_down == {error.exit_code for error in errors}
    assert (service["Type"], service["Restart"]) == ("notify", "on-failure")


@pytest.mark.parametrize("text", [UNIT, IMAGE], ids=["unit", "image"])
def test_variables_are_settings(text):
    """What they set is what the bot reads, but for the folder of matplotlib and Python's own."""
    given = set(re.findall(r"\b([A-Z][A-Z_]+)=(?=[/\d.])", text)) - {"MPLCONFIGDIR"}
    assert {"CORPUS_DIR", "DATA_DIR"} <= given
    assert given - {"PYTHONDONTWRITEBYTECODE", "PATH"} <= set(SETTINGS)


def test_image_copies_what_the_package_is_built_from():
    """Whatever setuptools reads is there, and nothing that may hold a secret."""
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", IMAGE, re.MULTILINE)
    names = {name.split("/")[0] for line in copied for name in line.split()}
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["setuptools"]["packages"]["find"]["include"]
    needed = {name.rstrip("*") for name in packages}
    read = [project["project"]["readme"], *project["project"]["license-files"]]
    needed |= {name.split("/")[0] for name in read}
    assert names == needed | {"pyproject.toml", ".deploy"}


def test_image_runs_as_nobody_in_particular():
    """Neither as root nor with a shell in between."""
    assert re.search(r"^USER 10001:10001$", IMAGE, re.MULTILINE)
    assert re.search(r'^ENTRYPOINT \["pullquote"\]$', IMAGE, re.MULTILINE)
