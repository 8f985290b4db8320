"""The authors of messages: numbered, or by their names."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Authors:
    """Names authors in the order in which they appear.

    Attributes:
        are_named: Whether their own names are used; else each gets a number.
    """

    are_named: bool
    _numbers: dict[str, int] = field(default_factory=dict)

    def label(self, key: str, name: str) -> str:
        """Return how an author is called.

        Args:
            key: What tells authors apart, such as an id or an address.
            name: The author's own name.
        """
        if self.are_named and name:
            return name
        return f"Author {self._numbers.setdefault(key, len(self._numbers) + 1)}"
