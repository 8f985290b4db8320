"""What the unit and the image say of the bot is so."""

import configparser
import re
import tomllib

import pytest
import yaml

from bot.config.settings import Settings
from bot.errors import IntentRefusedError, SettingsError, TokenRejectedError
from bot.terminal.cli import cli
from tests.support.checkout import REPOSITORY
from tests.support.command import SETTINGS

UNIT = (REPOSITORY / ".deploy" / "pullquote.service").read_text(encoding="utf-8")
IMAGE = (REPOSITORY / ".deploy" / "Containerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((REPOSITORY / ".deploy" / "compose.yaml").read_text(encoding="utf-8"))
PAGE = (REPOSITORY / ".deploy" / "README.md").read_text(encoding="utf-8")


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
    """Whatever the build reads is there, and nothing that may hold a secret."""
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", IMAGE, re.MULTILINE)
    names = {name.split("/")[0] for line in copied for name in line.split()}
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["include"]
    needed = {path.split("/")[1] for path in included}
    read = [project["project"]["readme"], *project["project"]["license-files"]]
    needed |= {name.split("/")[0] for name in read}
    assert names == needed | {"pyproject.toml", ".deploy"}


def test_image_runs_as_nobody_in_particular():
    """Neither as root nor with a shell in between."""
    assert re.search(r"^USER 10001:10001$", IMAGE, re.MULTILINE)
    assert re.search(r'^ENTRYPOINT \["pullquote"\]$', IMAGE, re.MULTILINE)


def test_compose_runs_the_image_as_the_page_does():
    """The same file builds it, and the bot gets no right that it does without by hand."""
    bot = COMPOSE["services"]["bot"]
    folder = REPOSITORY / ".deploy" / bot["build"]["context"]
    assert folder.samefile(REPOSITORY)
    assert (folder / bot["build"]["dockerfile"]).is_file()
    assert (bot["read_only"], bot["init"], bot["cap_drop"]) == (True, True, ["ALL"])
    assert bot["security_opt"] == ["no-new-privileges:true"]
    assert bot["tmpfs"] == ["/tmp"]
    assert not {"privileged", "cap_add", "network_mode", "ports", "user"} & set(bot)


def test_compose_starts_a_command_that_exists_with_settings_that_exist():
    """The folders are those of the image, whatever `.env` says, and are mounted there."""
    bot = COMPOSE["services"]["bot"]
    name, *options = bot["command"]
    cli.commands[name].make_context(name, options)
    environment = bot["environment"]
    assert set(environment) <= set(SETTINGS)
    assert all(f"{variable}={value}" in IMAGE for variable, value in environment.items())
    settings = Settings.from_mapping(environment)
    mounted = {mount.split(":")[1]: mount.split(":")[0] for mount in bot["volumes"]}
    assert set(mounted) == {str(settings.corpus_dir), str(settings.data_dir)}
    assert (REPOSITORY / ".deploy" / mounted[str(settings.corpus_dir)]).is_dir()


def test_compose_has_postgresql_as_an_option_only():
    """Without the profile the bot starts alone; with it, after the database."""
    services = COMPOSE["services"]
    assert {name: one.get("profiles") for name, one in services.items()} == {
        "bot": None,
        "postgres": ["postgres"],
    }
    waiting = services["bot"]["depends_on"]["postgres"]
    assert waiting == {"condition": "service_healthy", "required": False}
    assert "healthcheck" in services["postgres"]
    assert "ports" not in services["postgres"]


def test_compose_keeps_all_data_in_named_volumes():
    """A new container finds what the former one left."""
    used = {
        mount.split(":")[0]
        for service in COMPOSE["services"].values()
        for mount in service["volumes"]
        if not mount.startswith(".")
    }
    assert used == set(COMPOSE["volumes"])


def test_page_has_the_address_of_the_database_of_compose():
    """What to write into `.env` fits the service's name, user and database."""
    database = COMPOSE["services"]["postgres"]["environment"]
    user, name = database["POSTGRES_USER"], database["POSTGRES_DB"]
    assert database["POSTGRES_PASSWORD"] == "${POSTGRES_PASSWORD:-}"
    assert f"DATABASE_URL=postgresql://{user}:PASSWORD@postgres/{name}" in PAGE
    assert "POSTGRES_PASSWORD=PASSWORD" in PAGE
    assert "compose -f .deploy/compose.yaml --env-file .env --profile postgres up" in PAGE
