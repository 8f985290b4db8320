"""Make the id of a heading from its text, as GitHub does."""

import re

_LEFT_OUT = re.compile(r"[^\w\- ]")


class Slugs:
    """The ids of the headings of a document; each is made once."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}

    def add(self, heading: str) -> str | None:
        """Return the id of the next heading; None if the heading has no letter."""
        slug = _LEFT_OUT.sub("", heading.strip().lower()).replace(" ", "-")
        if not slug:
            return None
        times = self._times.get(slug, 0)
        self._times[slug] = times + 1
        return f"{slug}-{times}" if times else slug
