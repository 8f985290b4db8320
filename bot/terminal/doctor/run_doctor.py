"""Make all checks, in the order of the screen."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.config.settings import Settings
from bot.operations.logs.redaction import keep_secret
from bot.operations.logs.setup import set_up_logging
from bot.terminal.doctor.check import Check
from bot.terminal.doctor.cluster_checks import check_cluster
from bot.terminal.doctor.discord_checks import DiscordAccess, check_discord
from bot.terminal.doctor.index_checks import check_index, check_model
from bot.terminal.doctor.installation import check_python, check_versions
from bot.terminal.doctor.processes import check_processes
from bot.terminal.doctor.screen import print_json, print_screen
from bot.terminal.doctor.settings_checks import check_files, read_settings
from bot.terminal.doctor.storage_checks import check_database, check_disk
from bot.terminal.doctor.texts_checks import check_texts


def run_doctor(
    environment: Mapping[str, str],
    dotenv: Path,
    access: DiscordAccess,
    *,
    corpus: Path | None,
    data: Path | None,
    as_json: bool,
) -> bool:
    """Check the installation, print the checks, and change nothing.

    Args:
        environment: The variables of the process.
        dotenv: The file of settings.
        access: Asks Discord.
        corpus: The folder of texts that the command line names; None for that of the settings.
        data: The same for the data folder.
        as_json: Whether to print JSON.

    Returns:
        Whether nothing failed.
    """
    read = read_settings(environment, dotenv)
    settings = read.settings
    settings = replace(
        settings, corpus_dir=corpus or settings.corpus_dir, data_dir=data or settings.data_dir
    )
    keep_secret(*settings.secrets)
    # What a check finds stands in its line; log lines would stand between them.
    level = "DEBUG" if settings.log_level == "DEBUG" else "CRITICAL"
    set_up_logging(level, settings.log_format)
    checks = [check_python(), check_versions(), read.check, *_checks(settings, dotenv, access)]
    if as_json:
        print_json(checks)
    else:
        print_screen(checks)
    return not any(check.status == "failure" for check in checks)


def _checks(settings: Settings, dotenv: Path, access: DiscordAccess) -> list[Check]:
    """Make the checks that need settings."""
    of_discord, application = check_discord(settings, access)
    if settings.cluster_address is None:
        of_index, found = check_index(settings)
    else:
        of_index, found = check_cluster(settings.cluster_address), None
    return [
        *of_discord,
        of_index,
        check_model(settings, found),
        *check_database(settings),
        check_texts(settings),
        check_disk(settings, found),
        check_files(settings, dotenv),
        check_processes(settings, application),
    ]
