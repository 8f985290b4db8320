"""What the documents promise is what the code has."""

import re
import tomllib

import pytest
from dotenv import dotenv_values

from bot.config.settings import Settings
from bot.errors import (
    AlreadyRunningError,
    BotError,
    IntentRefusedError,
    SettingsError,
    TokenRejectedError,
)
from bot.terminal.cli import cli
from tests.conftest import REPOSITORY, SETTINGS

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
OPERATORS_PAGE = (REPOSITORY / ".deploy" / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_example_file_lists_every_setting_with_its_default():
    """Loading `.env.example` unchanged gives the defaults."""
    values = dotenv_values(REPOSITORY / ".env.example")
    assert set(values) == set(SETTINGS)
    assert Settings.from_mapping(values) == Settings()


def test_example_file_explains_every_setting():
    """Above each setting stands a line of help."""
    text = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    for variable in SETTINGS:
        assert re.search(rf"^# [^\n]+\n{variable}=", text, re.MULTILINE), variable


def test_every_field_of_the_settings_has_its_variable():
    """A setting added to the code is added to the list that the documents are held against."""
    assert {name.upper() for name in Settings.__dataclass_fields__} == set(SETTINGS)


@pytest.mark.parametrize("variable", SETTINGS)
def test_operators_page_explains_every_setting(variable):
    """The table of settings has a row for each."""
    assert f"| `{variable}` |" in OPERATORS_PAGE


@pytest.mark.parametrize("command", cli.commands)
def test_readme_names_every_command(command):
    """The table of commands has each."""
    assert f"`pullquote {command}" in README


@pytest.mark.parametrize(
    "error",
    [BotError, SettingsError, TokenRejectedError, IntentRefusedError, AlreadyRunningError],
)
def test_operators_page_lists_every_exit_code(error):
    """The table of exit codes has each."""
    assert f"| {error.exit_code} |" in OPERATORS_PAGE


@pytest.mark.parametrize("requirement", PROJECT["dependencies"])
def test_readme_says_why_each_dependency_is_there(requirement):
    """Each dependency earns its place in one line."""
    name = re.split(r"[^\w.-]", requirement)[0].lower()
    assert f"| [{name}](" in README.lower()


def test_readme_has_the_two_commands():
    """One line sets up and opens the prompt, one runs the tests, and CI runs the latter."""
    assert "python3 -m venv .venv && .venv/bin/pip install -q -e . && .venv/bin/pullquote" in README
    assert ".venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest\n" in README
    assert ".venv/bin/pytest -n" in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
