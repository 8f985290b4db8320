"""Give each thing that is asked an id, which its log lines carry."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str | None] = ContextVar("question_id", default=None)

# Two of a million questions share an id of 6 bytes with a chance of 1 in 500. It is made up, not
# Discord's: a log with those would say who asked what is in it.
_ID_BYTES = 6


def current_question_id() -> str | None:
    """Return the id of what is being answered here; None if nothing is."""
    return _current.get()


@contextmanager
def new_question() -> Iterator[None]:
    """Let what happens in the block belong to one question, also tasks and threads begun in it."""
    before = _current.set(secrets.token_hex(_ID_BYTES))
    try:
        yield
    finally:
        _current.reset(before)
