"""Set up logging once, for the whole program, and tell the person who runs it what matters."""

import logging
import sys
from collections.abc import Mapping

import click

from bot.operations.logs.json_formatter import JsonLines, log_what_python_prints
from bot.operations.logs.redaction import RedactingHandler, without_secrets

# Servers may send a whole page instead of a reason.
_MAX_REASON_CHARS = 200

# These loggers write tracebacks for lost connections and timeouts.
_ONE_LINERS = ("discord.client", "discord.shard", "sqlalchemy.pool")

# These loggers write a warning for each request that fails, also for one that is repeated. An error
# is raised if the last one fails.
_TOO_CAREFUL = ("opensearch",)

_terminal = logging.getLogger("bot.owner")


def set_up_logging(level: str, form: str = "text") -> None:
    """Send log lines of `level` and above to stderr.

    Libraries stay at WARNING, or at the asked level if that is higher: discord.py writes messages
    and requests at DEBUG and every step of its login at INFO. Libraries write a
    traceback for each lost connection; at any level but DEBUG it is cut to a line. Secrets are
    redacted.

    Args:
        level: Name of a level of `logging`.
        form: "json" for one object a line, "text" for lines to read.
    """
    handler = RedactingHandler(sys.stderr)
    if form == "json":
        handler.setFormatter(JsonLines())
        log_what_python_prints()
    else:
        text = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
        handler.setFormatter(logging.Formatter(text))
    number = logging.getLevelNamesMapping()[level]
    if number > logging.DEBUG:
        for name in _ONE_LINERS:
            handler.addFilter(OneLineFilter(name))
    logging.basicConfig(level=max(logging.WARNING, number), handlers=[handler], force=True)
    if number > logging.DEBUG:
        for name in _TOO_CAREFUL:
            logging.getLogger(name).setLevel(logging.ERROR)
    for ours in ("bot", "index"):
        logging.getLogger(ours).setLevel(number)
    _terminal.setLevel(logging.INFO)


def begin_logging(values: Mapping[str, str | None]) -> None:
    """Write JSON already while the settings are read, if they ask for it.

    Args:
        values: Environment-like; they may be invalid.
    """
    if (values.get("LOG_FORMAT") or "").strip().lower() == "json":
        set_up_logging("WARNING", "json")


def tell(line: str, level: int = logging.INFO) -> None:
    """Tell something to the person who runs the command, on stderr, at any LOG_LEVEL.

    It is a log line if those are JSON, so that stderr has no other lines. An error begins with the
    program's name.
    """
    if writes_json():
        _terminal.log(level, "%s", line)
    else:
        name = "pullquote: " if level >= logging.ERROR else ""
        click.echo(without_secrets(f"{name}{line}"), err=True)


def writes_json() -> bool:
    """Return whether stderr is for JSON only."""
    return any(isinstance(one.formatter, JsonLines) for one in logging.getLogger().handlers)


class OneLineFilter(logging.Filter):
    """Replaces a traceback by the type and text of its exception; passes all records."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten a record of the logger this filter is for."""
        if super().filter(record) and record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:_MAX_REASON_CHARS]
            record.msg, record.args = f"{record.getMessage()} ({reason})", None
            record.exc_info = record.exc_text = None
        return True
