"""Run the `pullquote` command; the only place that decides exit codes."""

import contextlib
import io
import logging
import os
import sys
from pathlib import Path

import click

from bot.errors import BotError
from bot.operations.logs.redaction import without_secrets
from bot.operations.logs.setup import begin_logging, tell
from bot.rendering.plain_text import printable
from bot.terminal.cli import cli
from index import PassageIndexError

logger = logging.getLogger(__name__)

_FAILURE = 1
_INTERRUPTED = 130

# About three lines of a terminal; a longer message is cut in its middle, where values are.
_MAX_LINE_CHARS = 300
_SHOWN_END_CHARS = 120


def main() -> None:
    """Run the command line and exit; errors are one line on stderr."""
    sys.exit(_run())


def _run() -> int:
    if sys.stdin is None:  # closed, as by `<&-`; reading from it then fails
        sys.stdin = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # lasts as long
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # replace characters that the stream cannot encode
    begin_logging(os.environ)
    try:
        result = cli.main(prog_name="pullquote", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.Abort:
        return _INTERRUPTED
    except click.ClickException as error:
        return _say(_with_help(error), error.exit_code)
    except BotError as error:
        return _say(str(error), error.exit_code)
    except PassageIndexError as error:
        return _say(str(error), _FAILURE)
    except BrokenPipeError:  # the reader of our output has closed it
        _drop_output()
        return _FAILURE
    except io.UnsupportedOperation:
        return _say("standard input is closed; give it a file, a pipe or a terminal", _FAILURE)
    except OSError as error:
        _drop_output()
        return _say(_with_place(error), _FAILURE)
    except Exception as error:
        logger.debug("The command failed", exc_info=True)
        return _say(_with_advice(error), _FAILURE)
    return result if isinstance(result, int) else 0


def _drop_output() -> None:
    """Discard pending output, so that Python does not try to write it at exit."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _with_help(error: click.ClickException) -> str:
    message = error.format_message()
    if not isinstance(error, click.UsageError):
        return message
    command = error.ctx.command_path if error.ctx else "pullquote"
    return f"{message.rstrip('.')}; see '{command} --help'"


def _with_place(error: OSError) -> str:
    logger.debug("The command failed", exc_info=True)
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{where}; check that it can be read or written"


def _with_advice(error: Exception) -> str:
    return f"unexpected {type(error).__name__}: {error}; LOG_LEVEL=DEBUG shows where"


def _say(message: str, exit_code: int) -> int:
    """Print a message on one line of stderr, shortened if it is long."""
    line = printable(without_secrets(" ".join(message.split())))
    if len(line) > _MAX_LINE_CHARS:
        start = line[: _MAX_LINE_CHARS - _SHOWN_END_CHARS - 1]
        line = f"{start}\u2026{line[-_SHOWN_END_CHARS:]}"
    with contextlib.suppress(OSError):
        tell(line, logging.ERROR)
    return exit_code


if __name__ == "__main__":
    main()
