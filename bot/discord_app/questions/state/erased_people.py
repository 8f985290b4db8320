"""Remember whose data was deleted, for answers that began before and would write it down again."""

from collections import OrderedDict
from collections.abc import Iterable

# Answers take seconds; whose data was deleted longest ago are forgotten first.
_MAX_PEOPLE = 10_000


class Deletions:
    """People whose data was deleted since the start of the program, in order.

    Attributes:
        count: How many deletions there were.
    """

    def __init__(self) -> None:
        self.count = 0
        self._last: OrderedDict[str, int] = OrderedDict()

    def note(self, person: str) -> None:
        """Note that the data of somebody, named by their hash, is being deleted."""
        self.count += 1
        self._last[person] = self.count
        self._last.move_to_end(person)
        if len(self._last) > _MAX_PEOPLE:
            self._last.popitem(last=False)

    def concern(self, people: Iterable[str | None], since: int) -> bool:
        """Say whether one of some people had their data deleted.

        Args:
            people: Their hashes; None for somebody of whom it is not known who it was, and who
                may be anybody.
            since: What `count` was when it began to matter.
        """
        return self.count > since and any(
            person is None or self._last.get(person, 0) > since for person in people
        )
