"""Request ids: the log lines of a question or press carry the same id."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str | None] = ContextVar("question_id", default=None)

# Two of a million questions share an id of 6 bytes with a chance of 1 in 500. It is random,
# because with Discord's ids a log would tell who asked what.
_ID_BYTES = 6


def current_question_id() -> str | None:
    """Return the id of the question that is being answered here, or None."""
    return _current.get()


@contextmanager
def new_question() -> Iterator[None]:
    """Give the block an id, with the tasks and threads that it starts."""
    before = _current.set(secrets.token_hex(_ID_BYTES))
    try:
        yield
    finally:
        _current.reset(before)
