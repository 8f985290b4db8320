"""Run the `pullquote` command; the only place that decides exit codes."""

import io
import os
import sys

import click

from bot.cli import cli
from bot.errors import BotError
from index import PassageIndexError

_FAILURE = 1
_INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit; expected errors are one line on stderr."""
    sys.exit(_run())


def _run() -> int:
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a sign it cannot show is no reason to fail
    try:
        result = cli.main(prog_name="pullquote", standalone_mode=False)
    except click.Abort:
        return _INTERRUPTED
    except click.ClickException as error:
        return _say(error.format_message(), error.exit_code)
    except BotError as error:
        return _say(str(error), error.exit_code)
    except PassageIndexError as error:
        return _say(str(error), _FAILURE)
    except BrokenPipeError:  # the reader of our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILURE
    return result if isinstance(result, int) else 0


def _say(message: str, exit_code: int) -> int:
    line = " ".join(message.split())
    click.echo(f"pullquote: {line}", err=True)
    return exit_code


if __name__ == "__main__":
    main()
