"""What the head of a page says about it: its address, its date and its language."""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urljoin

from index.analysis.languages.codes import read_code

_SCHEMES = ("http://", "https://")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)")
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{1,6}\)(https?://[^\s>]{1,2000}) -->")

# By how well they say of which day the text is.
_DATES = (
    *("article:modified_time", "datemodified", "dcterms.modified", "dc.date.modified"),
    *("last-modified", "article:published_time", "datepublished", "dcterms.created"),
    *("date", "dc.date", "dcterms.date", "dc.date.issued", "pubdate"),
)


class Metadata:
    """Collects the address, date and language of a page from its elements."""

    def __init__(self, text: str) -> None:
        saved_from = _SAVED_FROM.search(text[:2048])
        self._canonical = ""
        self._shared = saved_from[1] if saved_from else ""
        self._base = ""
        self._dates: dict[str, str] = {}
        self._first_time: str | None = None
        self._language: str | None = None

    def read(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Read one element of the head, or the root."""
        if tag == "html":
            self._language = attributes.get("lang") or attributes.get("xml:lang")
        elif tag == "base":
            self._base = self._base or attributes.get("href", "")
        elif tag == "link":
            if "canonical" in attributes.get("rel", "").lower().split():
                self._canonical = self._canonical or attributes.get("href", "")
        else:
            name = (
                attributes.get("property")
                or attributes.get("name")
                or attributes.get("itemprop")
                or attributes.get("http-equiv")
                or ""
            ).lower()
            content = attributes.get("content", "")
            if name == "og:url":
                self._shared = content or self._shared
            elif name in _DATES:
                self._add_date(name, content)

    def read_time(self, attributes: Mapping[str, str], *, is_near_title: bool) -> None:
        """Read a point in time in the text of the page."""
        written = attributes.get("datetime", "")
        name = attributes.get("itemprop", "").lower()
        if name in _DATES:
            self._add_date(name, written)
        elif is_near_title and self._first_time is None:
            self._first_time = _day(written)

    def url(self) -> str | None:
        """Return the address of the page, or None if it is not known."""
        for url in (self._canonical, self._shared):
            if url.strip().lower().startswith(_SCHEMES):
                return url.strip()
        return None

    def date(self) -> str | None:
        """Return the day that the page says it is of, or None."""
        return next((self._dates[name] for name in _DATES if name in self._dates), self._first_time)

    def language(self) -> str | None:
        """Return the code of the language that the page declares, or None."""
        return read_code(self._language)

    def address(self, href: str) -> str:
        """Return the absolute address that a link leads to, or "" if it is not known."""
        href = href.strip()
        if href.lower().startswith(_SCHEMES):
            return href
        base = self._base_url()
        if not base or href.lower().startswith(("javascript:", "data:", "mailto:", "tel:")):
            return ""
        return _resolved(base, href)

    def _base_url(self) -> str:
        url = self.url() or ""
        if not self._base:
            return url
        resolved = _resolved(url, self._base) if url else self._base
        return resolved if resolved.lower().startswith(_SCHEMES) else ""

    def _add_date(self, name: str, written: str) -> None:
        if (day := _day(written)) is not None:
            self._dates.setdefault(name, day)


@lru_cache(maxsize=4096)
def _resolved(base: str, href: str) -> str:
    try:
        address = urljoin(base, href)
    except ValueError:  # such as half an IPv6 address
        return ""
    return address if address.lower().startswith(_SCHEMES) else ""


def _day(written: str) -> str | None:
    found = _DAY.match(written.strip())
    if found is None or not ("01" <= found[2] <= "12" and "01" <= found[3] <= "31"):
        return None
    return found[0]
