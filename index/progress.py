"""Show how far a build is."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Passes things through, so that a caller can show how far the build is."""

    def __call__(self, things: list[T], what: str) -> Iterable[T]:
        """Yield the things; `what` names the work for people."""
