"""Set up logging once, for the whole program."""

import logging
import sys


def set_up_logging(level: str) -> None:
    """Send log lines of `level` and above to stderr.

    Libraries stay at WARNING, or at the asked level if that is higher: discord.py writes messages
    and requests at DEBUG and every step of its login at INFO.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    number = logging.getLevelNamesMapping()[level]
    logging.basicConfig(level=max(logging.WARNING, number), handlers=[handler], force=True)
    for ours in ("bot", "index"):
        logging.getLogger(ours).setLevel(number)
