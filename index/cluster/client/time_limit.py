"""How long the requests of one question may take together."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# A person who waits longer asks again.
QUESTION_LIMIT_S = 5.0

_ends_at: ContextVar[float | None] = ContextVar("ends_at", default=None)


@contextmanager
def time_limit(seconds: float = QUESTION_LIMIT_S) -> Iterator[None]:
    """Limit the time of all requests in the context, of this thread; an inner limit is ignored."""
    if _ends_at.get() is not None:
        yield
        return
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


def seconds_left(otherwise: float) -> float:
    """Return the seconds that are left, 0 or more; outside of a limit the given number."""
    ends_at = _ends_at.get()
    return otherwise if ends_at is None else max(0.0, ends_at - time.monotonic())
