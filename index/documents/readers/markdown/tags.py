"""Tags of HTML and JSX, with their attributes."""

import re
from dataclasses import dataclass, field
from html import unescape

# An expression of JSX, with braces up to five deep. Possessive, so that it takes linear time.
_BRACES_3 = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})*+\}"
_BRACES = rf"\{{(?:[^{{}}]|\{{(?:[^{{}}]|{_BRACES_3})*+\}})*+\}}"

EXPRESSION = re.compile(_BRACES)

TAG = re.compile(
    r"<(?P<slash>/)?(?P<name>[A-Za-z][\w.-]*+(?::[\w-]++)?+)(?=[\s/>])"
    rf"""(?P<attributes>(?:"[^"]*+"|'[^']*+'|{_BRACES}|[^<>"'{{}}])*+)>"""
)

_ATTRIBUTE = re.compile(
    rf"""([A-Za-z_][\w:.-]*+)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|{_BRACES}|[^\s"'{{}}<>=]++))?"""
)

_STRING = re.compile(
    r"""\A\s*+(?:"((?:[^"\\]|\\.)*+)"|'((?:[^'\\]|\\.)*+)'|`((?:[^`\\]|\\.)*+)`)\s*+"""
)
_STRINGS = re.compile(r"""\A\s*+\[\s*+((?:(?:"[^"]*+"|'[^']*+'|`[^`]*+`)\s*+,?\s*+)*+)\]\s*+""")
_ONE_STRING = re.compile(r""""([^"]*+)"|'([^']*+)'|`([^`]*+)`""")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag.

    Attributes:
        name: As it is written.
        closes: Whether it is a closing tag.
        is_empty: Whether it closes itself.
        attributes: The values that are texts; "" for an attribute without a value.
        expressions: The values that are other expressions, without their braces.
    """

    name: str
    closes: bool = False
    is_empty: bool = False
    attributes: dict[str, str] = field(default_factory=dict)
    expressions: dict[str, str] = field(default_factory=dict)


def parse_tag(match: "re.Match[str]") -> Tag:
    """Return the tag that `TAG` matched."""
    written = match["attributes"]
    attributes: dict[str, str] = {}
    expressions: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(written):
        if not value.startswith("{"):
            attributes.setdefault(name, unescape(value.strip("\"'")))
        elif (text := text_of_expression(value)) is not None:
            attributes.setdefault(name, text)
        else:
            expressions.setdefault(name, value[1:-1])
    is_empty = written.rstrip().endswith("/")
    return Tag(match["name"], bool(match["slash"]), is_empty, attributes, expressions)


def text_of_expression(written: str) -> str | None:
    """Return the text that an expression in braces is, or None if it is something else."""
    found = _STRING.fullmatch(written[1:-1])
    return next(one for one in found.groups() if one is not None) if found else None


def texts_of_array(expression: str) -> list[str]:
    """Return the texts of an array that holds nothing else; else an empty list."""
    found = _STRINGS.fullmatch(expression)
    if not found:
        return []
    return ["".join(one) for one in _ONE_STRING.findall(found[1])]
