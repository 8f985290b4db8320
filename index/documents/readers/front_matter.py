"""Split off the front matter of a text: YAML, TOML or JSON."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import yaml

from index.analysis.languages.codes import read_code
from index.documents.model import DeclaredVersion
from index.documents.versions import read_version

# More than this is not the header of a text.
_MAX_HEADER_LINES = 1_000
_MAX_HEADER_CHARS = 100_000

# What the parsers may get: half a second for the one of YAML.
_MAX_PARSED_CHARS = 20_000

# Browsers and servers accept addresses up to this length; people do not share longer ones.
_MAX_URL_CHARS = 2_000

# A header that is not read as one by its form has at least one of these fields.
_COMMON_FIELDS = frozenset(
    """title url about author authors date description lang license source tags layout slug
    permalink weight draft categories sidebar_position id updated lastmod name""".split()
)

_DATE_FIELDS = (
    "lastmod", "updated", "last_updated", "last_modified", "last_modified_at", "modified",
    "update_date", "last_update", "date", "published", "pubDate", "pubdate", "created",
)  # fmt: skip

_FIELD = re.compile(r"\A([A-Za-z_][\w.-]*)\s*(?::(?=\s|$)|=)[ \t]*(.*)$")
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)")

# A template in a value stands for something that is not known here.
_TEMPLATE = ("{{", "{%", "<%", "${")


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the header's fields and the text after it.

    The header is at the very beginning: YAML between two lines `---`, TOML between two lines
    `+++`, or an object of JSON. Its fields are any. Of a broken header, the values are read line by
    line. Values that are not scalars are left out, but for a date inside of one. A text without a
    header is returned unchanged with no fields.
    """
    head = text.lstrip("\n")
    if head.startswith("{"):
        return _split_json(head) or ({}, text)
    lines = head.split("\n", _MAX_HEADER_LINES)
    sign, _, language = lines[0].rstrip().partition(" ")
    if sign not in ("---", "+++", ";;;", "---yaml", "---toml", "---json") or language:
        return {}, text
    end = _end_of_header(lines, sign)
    if end is None:
        return _split_open_header(lines, sign) or ({}, text)
    header = "\n".join(lines[1:end])
    fields = _parsed(header, sign)
    if fields is None and not _reads_as_header(lines[1:end]):
        return {}, text
    if fields is not None and not _has_form_of_header(fields, lines[1]):
        return {}, text
    body = "\n".join(lines[end + 1 :])
    return (_by_line(lines[1:end]) if fields is None else _scalars(fields)), body


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


def dated(header: Mapping[str, str]) -> str | None:
    """Return the day of the last change, else that of the text, as "2026-03-01", or None."""
    for name in _DATE_FIELDS:
        if found := _DAY.search(header.get(name, "")):
            try:
                return date(*map(int, found.groups())).isoformat()
            except ValueError:  # such as a 31st of February
                continue
    return None


def titled(header: Mapping[str, str]) -> str | None:
    """Return the title of the header; None without one, or if it is a template."""
    title = header.get("title", "").strip()
    return None if not title or any(sign in title for sign in _TEMPLATE) else title


def declared_language(header: Mapping[str, str]) -> str | None:
    """Return the code of the language in the field `lang` or `language`; None without one."""
    return read_code(header.get("lang") or header.get("language"))


def declared_version(header: Mapping[str, str]) -> DeclaredVersion:
    """Return the version in the field `version`, and whether the field `latest` is true."""
    is_latest = header.get("latest", "").strip().lower() in ("true", "yes", "on", "1")
    return DeclaredVersion(read_version(header.get("version")), is_latest)


def _end_of_header(lines: list[str], sign: str) -> int | None:
    """Return the number of the line that ends a header, or None."""
    ends = (sign[:3], "...") if sign.startswith("---") else (sign,)
    n_chars = 0
    for number, line in enumerate(lines[1:_MAX_HEADER_LINES], start=1):
        if line.rstrip() in ends:
            return number
        n_chars += len(line) + 1
        if n_chars > _MAX_HEADER_CHARS:
            return None
    return None


def _parsed(header: str, sign: str) -> dict[str, Any] | None:
    """Return the fields of a header, or None if it is broken or holds something else."""
    if len(header) > _MAX_PARSED_CHARS:
        return None
    fields: Any
    try:
        if sign in ("+++", "---toml"):
            fields = tomllib.loads(header)
        elif sign in (";;;", "---json"):
            fields = json.loads(header if header.lstrip().startswith("{") else f"{{{header}}}")
        else:
            fields = yaml.load(header, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        return None
    if fields in (None, ""):  # only comments
        return {}
    return {str(key): value for key, value in fields.items()} if isinstance(fields, dict) else None


def _has_form_of_header(fields: dict[str, Any], first_line: str) -> bool:
    """Return whether fields are those of a header, and not prose with a colon between rules."""
    if not fields or _COMMON_FIELDS.intersection(fields):
        return True
    return bool(first_line.strip()) and all(_FIELD.match(f"{name}: ") for name in fields)


def _reads_as_header(lines: list[str]) -> bool:
    """Return whether most lines of a broken header are fields, or belong to one."""
    if not lines or not _FIELD.match(lines[0].lstrip()):
        return False
    of_header = [
        line
        for line in lines
        if line[:1] in (" ", "\t", "#", "-", "?", ":") or _FIELD.match(line) or not line
    ]
    return len(of_header) * 2 > len(lines)


def _by_line(lines: list[str]) -> dict[str, str]:
    """Return the fields of a broken header that can be read line by line."""
    fields: dict[str, str] = {}
    for line in lines:
        if found := _FIELD.match(line):
            value = found[2].strip()
            if value[:1] in ("'", '"') and value[-1:] == value[:1] and len(value) > 1:
                value = value[1:-1]
            fields.setdefault(found[1], _valid(value))
    return fields


def _split_open_header(lines: list[str], sign: str) -> tuple[dict[str, str], str] | None:
    """Split off a header that nothing ends; it reaches to the first line that is no field."""
    if not sign.startswith(("---", "+++")):
        return None
    count = 1
    while count < len(lines) and (_FIELD.match(lines[count]) or lines[count][:1] in (" ", "-")):
        count += 1
    fields = _by_line(lines[1:count])
    is_header = _COMMON_FIELDS.intersection(fields) and (
        count == len(lines) or not lines[count].strip()
    )
    return (fields, "\n".join(lines[count:])) if is_header else None


def _split_json(head: str) -> tuple[dict[str, str], str] | None:
    try:
        fields, end = json.JSONDecoder().raw_decode(head[:_MAX_PARSED_CHARS])
    except (ValueError, RecursionError):
        return None
    rest = head[end:]
    if not isinstance(fields, dict) or not _COMMON_FIELDS.intersection(fields):
        return None
    return (_scalars(fields), rest) if rest.startswith(("\n", " \n")) and rest.strip() else None


def _scalars(fields: dict[str, Any]) -> dict[str, str]:
    """Return the values that are texts, numbers or dates, as texts."""
    return {_valid(name): _valid(value) for name, value in _texts(fields)}


def _texts(fields: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        if isinstance(value, dict):
            inner = value.get("date")
            value = inner if name in _DATE_FIELDS else None
        if value is not None and not isinstance(value, (dict, list)):
            yield name, str(value)


def _valid(text: str) -> str:
    """Return a text in which halves of surrogate pairs, which YAML can contain, are replaced."""
    return text.encode("utf-8", "replace").decode()
