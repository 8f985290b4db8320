"""Names and values of WordprocessingML."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

# Text that was deleted or moved away, and the alternative form of a drawing.
UNSEEN = frozenset((f"{W}del", f"{W}moveFrom", _FALLBACK))

_OFF = ("0", "false", "off", "none")


def value_of(element: "etree._Element | None", path: str) -> str | None:
    """Return the value of a descendant, such as "pPr/pStyle"; None if it is missing."""
    if element is None:
        return None
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return None if found is None else found.get(f"{W}val")


def is_on(element: "etree._Element | None", path: str) -> bool | None:
    """Return whether a property such as "rPr/strike" is on; None if it is missing."""
    if element is None:
        return None
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return None if found is None else found.get(f"{W}val", "1") not in _OFF


def number_of(element: "etree._Element | None", path: str) -> int | None:
    """Return the value of a descendant as a number of at most four digits; None without one."""
    value = value_of(element, path) or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 4 else None
