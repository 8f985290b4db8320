"""Write a formula of MathML on one line."""

import re
from collections.abc import Mapping

_TEX = ("application/x-tex", "text/x-latex", "application/x-latex", "tex", "latex")
_STYLED = re.compile(r"\{\\(?:display|text)style\s*(.*)\}", re.DOTALL)

# What stands between the parts of an element.
_BETWEEN = {
    "msup": ("^",),
    "msub": ("_",),
    "msubsup": ("_", "^"),
    "munder": ("_",),
    "mover": ("^",),
    "munderover": ("_", "^"),
    "mfrac": ("/",),
    "mroot": (" ^1/",),
    "mtr": (" ",) * 64,
}

_APART = re.compile(r"[=<>+\u00b1\u00d7\u00f7\u2212\u2192\u2248\u2260\u2264\u2265-]")
_INVISIBLE = str.maketrans("", "", "\u2061\u2062\u2063\u2064")


class Formula:
    """Collects the parts of one formula.

    Its source in TeX is taken where the page has it, else what the elements show.
    """

    def __init__(self, attributes: Mapping[str, str]) -> None:
        self._alternative = attributes.get("alttext", "")
        self._source: list[str] = []
        self._parts: list[str] = []
        self._open: list[tuple[str, int]] = []
        self._annotations = 0

    def open(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle the start of an element inside of the formula."""
        if self._open and not self._annotations:
            parent, n_children = self._open[-1]
            between = _BETWEEN.get(parent, ())
            if 0 < n_children <= len(between):
                self._parts.append(between[n_children - 1])
            self._open[-1] = (parent, n_children + 1)
        self._open.append((tag, 0))
        if tag in ("annotation", "annotation-xml"):
            is_source = attributes.get("encoding", "").lower() in _TEX
            self._annotations += 1
            if is_source:
                self._source.append(" ")
        if tag in ("msqrt", "mroot") and not self._annotations:
            self._parts.append("\u221a")

    def close(self) -> None:
        """Handle the end of an element."""
        tag, _ = self._open.pop()
        self._annotations -= tag in ("annotation", "annotation-xml")

    def add(self, data: str) -> None:
        """Handle characters."""
        if self._annotations:
            if self._source:
                self._source.append(data)
        elif text := data.translate(_INVISIBLE).strip():
            is_apart = bool(self._open) and self._open[-1][0] == "mo" and _APART.fullmatch(text)
            self._parts.append(f" {text} " if is_apart and self._parts else text)

    def text(self) -> str:
        """Return the formula."""
        source = "".join(self._source).strip() or self._alternative.strip()
        if source:
            styled = _STYLED.fullmatch(source)
            return (styled[1] if styled else source).strip()
        return "".join(self._parts)
