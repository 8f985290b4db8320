"""The check for another process that serves the same bot."""

from bot.config.application import ApplicationInfo
from bot.config.settings import Settings
from bot.operations.locks.single_instance import process_on_data_folder, process_on_shards
from bot.terminal.doctor.check import Check

_NAME = "other process"


def check_processes(settings: Settings, application: ApplicationInfo | None) -> Check:
    """Check that no process serves the bot of this token from another data folder.

    A bot that runs on this data folder is as it should be.
    """
    try:
        if here := process_on_data_folder(settings):
            return Check(_NAME, "ok", f"the bot runs on this data folder ({here})")
        elsewhere = _process_elsewhere(settings, application)
    except OSError as error:
        return Check(_NAME, "unknown", f"locks cannot be looked at: {error}")
    if elsewhere:
        return Check(
            _NAME,
            "failure",
            f"{elsewhere} serves the bot of this token from another data folder",
            "end it: two would answer every question twice",
        )
    return Check(_NAME, "ok", "none serves this data folder or this bot")


def _process_elsewhere(settings: Settings, application: ApplicationInfo | None) -> str | None:
    if application is None:
        return None
    count = settings.shard_count or application.shards
    shards = settings.shard_ids or tuple(range(count))
    return process_on_shards(application.bot_id, count, shards)
