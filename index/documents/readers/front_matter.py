"""Split off the YAML front matter of a text."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import yaml

# More than this is not the header of a text.
_MAX_HEADER_LINES = 200
_MAX_HEADER_CHARS = 20_000  # at most half a second for the YAML parser

# Browsers and servers accept addresses up to this length; people do not share longer ones.
_MAX_URL_CHARS = 2_000

# A header has at least one of these fields; anything else between two rules is text.
_HEADER_FIELDS = frozenset(
    ("title", "url", "about", "author", "date", "description", "lang", "license", "source", "tags")
)


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the header's fields and the text after it.

    The header is between two lines `---` at the very beginning, and has a common field such as
    `title`. Values that are not scalars are left out. A text without a header is returned unchanged
    with no fields.

    Raises:
        ValueError: The header is not valid YAML.
    """
    lines = text.split("\n", _MAX_HEADER_LINES)
    if lines[0].rstrip() != "---":
        return {}, text
    ends = [
        n for n, line in enumerate(lines) if 0 < n < _MAX_HEADER_LINES and line.rstrip() == "---"
    ]
    if not ends:
        return {}, text
    header, body = "\n".join(lines[1 : ends[0]]), lines[ends[0] + 1 :]
    if len(header) > _MAX_HEADER_CHARS:
        return {}, text
    try:
        fields = yaml.load(header, Loader=yaml.BaseLoader)  # noqa: S506
    except RecursionError as error:
        raise ValueError(
            "its header between '---' lines is not valid YAML (nested too deep)"
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark else ""
        raise ValueError(f"its header between '---' lines is not valid YAML{where}") from error
    if fields in (None, ""):  # only comments
        return {}, "\n".join(body)
    if not isinstance(fields, dict) or not _HEADER_FIELDS.intersection(fields):
        return {}, text
    # YAML can contain half a surrogate pair, which is not a character.
    scalars = {
        str(key): value.encode("utf-8", "replace").decode()
        for key, value in fields.items()
        if isinstance(value, str)
    }
    return scalars, "\n".join(body)


def published_at(header: Mapping[str, str]) -> str | None:
    """Return the address in the field `url`; None if it is missing or not safe to link.

    A safe address is an http or https one of at most 2,000 printable characters without white
    space.
    """
    url = header.get("url", "").strip()
    if len(url) > _MAX_URL_CHARS or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:  # a broken IPv6 address
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None
