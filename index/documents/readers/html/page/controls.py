"""Buttons and tabs that name a text, and those that only control the page."""

from collections.abc import Mapping

from index.documents.readers.html.page.furniture import labels_panel, opens_menu

_REFERENCES = ("aria-controls", "data-bs-target", "data-target", "href")


def is_control(attributes: Mapping[str, str]) -> bool:
    """Return whether a button has nothing to do with the text."""
    return "aria-haspopup" in attributes or opens_menu(attributes.get("class", ""))


def opens_panel(attributes: Mapping[str, str]) -> bool:
    """Return whether a button opens a text that it names."""
    if not attributes or is_control(attributes):
        return False
    return (
        "aria-expanded" in attributes
        or "aria-controls" in attributes
        or labels_panel(attributes.get("class", ""))
    )


class Tabs:
    """The names of the tabs of a page, and which panel belongs to which.

    Attributes:
        is_open: Whether a list of tabs is open.
    """

    def __init__(self) -> None:
        self.is_open = False
        self._waiting: list[str] = []
        self._n_opened = 0
        self._of_tab: dict[str, str] = {}
        self._of_panel: dict[str, str] = {}
        self._controlled: set[str] = set()

    def begin(self) -> None:
        """Begin a list of tabs."""
        self.is_open = True
        self._waiting = []
        self._n_opened = 0

    def add(self, label: str, attributes: Mapping[str, str]) -> None:
        """Add a tab."""
        self._waiting.append(label)
        if name := attributes.get("id"):
            self._of_tab[name] = label
        for reference in _REFERENCES:
            if (panel := attributes.get(reference, "").lstrip("#")) and reference in attributes:
                self._of_panel[panel] = label

    def label_of(self, attributes: Mapping[str, str]) -> str:
        """Return the name of a panel's tab; "" if it has none."""
        label = self._of_panel.get(attributes.get("id", "")) or self._of_tab.get(
            attributes.get("aria-labelledby", "")
        )
        following = self._waiting[self._n_opened : self._n_opened + 1]
        if label is None:
            label = following[0] if following else ""
        self._n_opened += following == [label]
        return label

    def add_controlled(self, attributes: Mapping[str, str]) -> None:
        """Remember what a button opens."""
        for reference in _REFERENCES[:-1]:
            if panel := attributes.get(reference, "").lstrip("#"):
                self._controlled.add(panel)

    def controls(self, name: str | None) -> bool:
        """Return whether a button opens the element with this id."""
        return name is not None and name in self._controlled
