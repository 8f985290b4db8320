"""Set up logging once, for the whole program."""

import logging
import sys

# A reason fits a line; what servers send instead of one may be a page.
_MAX_REASON_CHARS = 200


def set_up_logging(level: str) -> None:
    """Send log lines of `level` and above to stderr.

    Libraries stay at WARNING, or at the asked level if that is higher: discord.py writes messages
    and requests at DEBUG and every step of its login at INFO. It writes a traceback for each lost
    connection; at any level but DEBUG one line remains.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    number = logging.getLevelNamesMapping()[level]
    if number > logging.DEBUG:
        for name in ("discord.client", "discord.shard"):
            handler.addFilter(OneLineFilter(name))
    logging.basicConfig(level=max(logging.WARNING, number), handlers=[handler], force=True)
    for ours in ("bot", "index"):
        logging.getLogger(ours).setLevel(number)


class OneLineFilter(logging.Filter):
    """Puts the type and text of an exception in the place of its traceback; passes all records."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten a record of the logger this filter is for."""
        if super().filter(record) and record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:_MAX_REASON_CHARS]
            record.msg, record.args = f"{record.getMessage()} ({reason})", None
            record.exc_info = record.exc_text = None
        return True
