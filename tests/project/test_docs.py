"""What the documents promise is what the code has."""

import re
import tomllib

import click
import pytest
from dotenv import dotenv_values

from bot import errors
from bot.config.settings import Settings
from bot.terminal.cli import cli
from tests.project.languages.command_texts import registered_commands, texts_of
from tests.support.checkout import REPOSITORY
from tests.support.command import SETTINGS

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
OPERATORS_PAGE = (REPOSITORY / ".deploy" / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]

EXIT_CODES = {
    error.exit_code
    for error in vars(errors).values()
    if isinstance(error, type) and issubclass(error, errors.BotError)
}

FOLDERS = (".ci", ".deploy", "bot", "corpus", "index", "tests")
PAGES = [
    REPOSITORY / "README.md",
    *(page for folder in FOLDERS for page in sorted((REPOSITORY / folder).rglob("README.md"))),
]
MODULES = {
    "/" + path.relative_to(REPOSITORY).as_posix()
    for folder in FOLDERS
    for path in (REPOSITORY / folder).rglob("*.py")
}

# A path that begins with a folder of the repository, and a module with or without its folders.
_PATH = re.compile(rf"(?<![\w./-])(?:{'|'.join(map(re.escape, FOLDERS))})/[\w./*-]*")
_MODULE = re.compile(r"(?<![\w./*-])[\w/]+\.py\b")

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))


def _code(page):
    """Return the code spans and blocks of a page."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```.*?^ *```", text, re.MULTILINE | re.DOTALL)
    return blocks + re.findall(r"`([^`]+)`", _without_blocks(text))


def _without_blocks(text):
    return re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)


def _without_code(text):
    return re.sub(r"`[^`]+`", "", _without_blocks(text))


def _is_there(path):
    """Return whether a path of the repository exists, or some file where it has a `*`."""
    if "*" in path:
        return any(REPOSITORY.glob(path))
    return (REPOSITORY / path).exists()


def _anchors(text):
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _without_blocks(text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


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


@pytest.mark.parametrize("variable", SETTINGS)
def test_operators_page_explains_every_setting(variable):
    """The table of settings has a row for each."""
    assert f"| `{variable}` |" in OPERATORS_PAGE


@pytest.mark.parametrize("command", cli.commands)
def test_readme_names_every_command(command):
    """The table of commands has each."""
    assert f"`pullquote {command}" in README


def test_page_of_the_bot_explains_every_option_of_init():
    """Who runs it without a terminal finds each in the table."""
    text = (REPOSITORY / "bot" / "README.md").read_text(encoding="utf-8")
    options = [
        name
        for option in cli.commands["init"].params
        if isinstance(option, click.Option)
        for name in (*option.opts, *option.secondary_opts)
    ]
    assert len(options) > 5
    assert [name for name in options if f"`{name}" not in text] == []


def test_exit_codes_are_found():
    """The test below sees the codes of errors that differ from the common one."""
    assert {errors.BotError.exit_code, errors.SettingsError.exit_code} <= EXIT_CODES
    assert len(EXIT_CODES) > 2


@pytest.mark.parametrize("exit_code", sorted(EXIT_CODES))
def test_operators_page_lists_every_exit_code(exit_code):
    """The table of exit codes has each."""
    assert f"| {exit_code} |" in OPERATORS_PAGE


@pytest.mark.parametrize("requirement", PROJECT["dependencies"])
def test_readme_says_why_each_dependency_is_there(requirement):
    """Each dependency earns its place in one line."""
    name = re.split(r"[^\w.-]", requirement)[0].lower()
    assert f"| [{name}](" in README.lower()


def test_readme_has_the_two_commands():
    """One line sets up and opens the prompt, one runs the tests, and CI runs the latter."""
    assert "python3 -m venv .venv && .venv/bin/pip install -q -e . && .venv/bin/pullquote" in README
    assert ".venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest\n" in README
    assert "\n.venv/bin/pytest ||" in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")


def test_page_of_the_bot_names_every_command_of_discord():
    """Each slash command and each menu of a message is explained."""
    text = (REPOSITORY / "bot" / "README.md").read_text(encoding="utf-8")
    names = [one for one in texts_of(registered_commands()) if one.is_name]
    paths = {one.path for one in names if not one.path.endswith(":")}
    groups = {path for path in paths if any(other.startswith(f"{path} ") for other in paths)}
    assert groups
    commands = paths - groups
    assert commands >= {"/ask", "/pullquote setup", "/privacy delete"}
    assert [path for path in commands if f"`{path}" not in text] == []
    menus = [one.message for one in texts_of(registered_commands()) if one.path.startswith("menu")]
    assert menus
    assert [name for name in menus if f"**{name}**" not in text] == []


def test_readme_is_short():
    """What is not needed first lies beside what it documents."""
    assert len(README.splitlines()) <= 220


def test_pages_are_found():
    """The tests below see the pages of each folder."""
    folders = {page.parent.relative_to(REPOSITORY).as_posix() for page in PAGES}
    assert folders >= {".", ".deploy", "bot", "bot/discord_app/gateway", "corpus", "index", "tests"}


@pages
def test_paths_on_a_page_exist(page):
    """Each path of the repository in a code span or block is there; `*` stands for some."""
    paths = _PATH.findall("\n".join(_code(page)))
    assert [path for path in paths if not _is_there(path.rstrip("."))] == []


@pages
def test_modules_on_a_page_exist(page):
    """A module that is named with some of its folders or without is a file of the repository."""
    names = _MODULE.findall("\n".join(_code(page)))
    assert [name for name in names if not any(m.endswith(f"/{name}") for m in MODULES)] == []


@pages
def test_modules_that_a_page_runs_exist(page):
    """Each `python -m` of a module of ours names one."""
    modules = re.findall(r"python -m ((?:bot|tests)\b[\w.]*\w)", "\n".join(_code(page)))
    for module in modules:
        path = REPOSITORY / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), module


@pages
def test_links_of_a_page_lead_somewhere(page):
    """A link that is relative leads to a file or folder, and to a heading where it names one."""
    text = page.read_text(encoding="utf-8")
    links = re.findall(r'\]\(([^)\s]+)\)|src="([^"]+)"', _without_code(text))
    for link in ("".join(both) for both in links):
        if link.startswith(("https://", "http://")):
            continue
        path, _, heading = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        if heading:
            assert heading in _anchors(target.read_text(encoding="utf-8")), link


def test_links_to_other_pages_are_tried():
    """The test above finds the links of the page that has most of them."""
    assert "](.deploy/README.md#install)" in README
    assert "install" in _anchors(OPERATORS_PAGE)
