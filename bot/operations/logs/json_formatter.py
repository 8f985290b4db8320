"""Write log records as JSON, one object a line.

It uses the standard library: structlog would format the records of discord.py in the same way, and
all logging calls of the bot would have to change.
"""

import json
import logging
import sys
import threading
from datetime import UTC, datetime

from bot.operations.logs.request_id import current_question_id

logger = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """Formats any record as an object.

    Its fields are `time` (UTC, ISO 8601), `level`, `logger` and `message`, then `question`, the id
    of the question that was being answered, and `exception`, a traceback, if there is one.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return a line of ASCII without its end."""
        moment = datetime.fromtimestamp(record.created, UTC)
        fields = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            "question": current_question_id(),
            "exception": self._exception(record),
        }
        return json.dumps(
            {name: _without_surrogates(text) for name, text in fields.items() if text}
        )

    def _exception(self, record: logging.LogRecord) -> str:
        parts = [record.exc_text, record.stack_info]
        if record.exc_info and not record.exc_text:
            parts[0] = self.formatException(record.exc_info)
        return "\n".join(part for part in parts if part)


def log_what_python_prints() -> None:
    """Log warnings and uncaught exceptions as records instead of lines of text."""
    logging.captureWarnings(True)
    threading.excepthook = _log_of_thread
    sys.unraisablehook = _log_unraisable


def _log_of_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        name = args.thread.name if args.thread else "that is gone"
        logger.error("The thread %s failed", name, exc_info=args.exc_value)


def _log_unraisable(args: "sys.UnraisableHookArgs") -> None:
    logger.error("%s %r", args.err_msg or "Ignored in", args.object, exc_info=args.exc_value)


def _message(record: logging.LogRecord) -> str:
    """Return a record's message, also if the call had the wrong arguments."""
    try:
        return record.getMessage()
    except Exception:  # an object of another library may fail in any way
        return f"{record.msg!s} (its arguments do not fit)"


def _without_surrogates(text: str) -> str:
    """Return text with halves of surrogate pairs replaced, which parsers of JSON refuse."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
