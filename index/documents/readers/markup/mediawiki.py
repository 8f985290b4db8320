"""Read an export of a MediaWiki: its pages one after another."""

import io
import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from lxml import etree

from index.documents.limits import Limits
from index.documents.model import Content, Paragraph
from index.documents.readers.composer import Composer
from index.documents.readers.html import read_page
from index.documents.readers.markup.pandoc import PandocTimeoutError, page_of
from index.documents.readers.markup.wiki_templates import without_templates
from index.documents.reasons import too_slow

_NO_EXPORT = "it is no export of a MediaWiki; other XML is not read"

# Namespaces of texts: articles, the project, and help. Those of extensions begin at 100, and odd
# numbers are discussions.
_NAMESPACES = (0, 4, 12)
_FIRST_OF_EXTENSIONS = 100
_OF_CATEGORIES = "14"
_OF_FILES = "6"

_REDIRECT = "#REDIRECT"

# Pages that pandoc reads at a time.
_AT_A_TIME = 20

# The last pages are put together in so many seconds.
_SPARE_S = 10

_MAX_NAMED = 10

# Marks the heading that is put above a page; texts have no such characters.
_MARK = re.compile("\ue000(\\d+)\ue001")

# A link to a page of a namespace, such as a category.
_LINK = re.compile(r"\[\[([^\[\]:\n]{1,60}):[^\[\]\n]*+\]\]")

_PREFIX = re.compile(r"\[\[([^\[\]:|\n]{1,60}):")

# A link to the page of a category or picture begins with a colon, which is not shown.
_COLON = re.compile(r"\[\[:([^\[\]|\n]{1,200})\]\]")

# What is left around a template without a text.
_EMPTY = re.compile(r" ?\([\s;,:]{0,9}\)")

# Settings of a table or row, which people write wrongly and pandoc refuses then.
_TABLE_SETTINGS = re.compile(r"^([ \t:]{0,9}\{\||\|-+)[^\n]+$", re.MULTILINE)

_CELL_SETTINGS = re.compile(
    r"^([ \t]{0,9}[|!])[^|\[\]{}\n]{1,200}=[^|\[\]{}\n]{0,200}\|(?!\|)", re.MULTILINE
)

# The marks of a table that pandoc cannot read; its cells become lines.
_TABLE_MARK = re.compile(
    r"^[ \t:]{0,9}(?:\{\||\|\}|\|-|\|\+|[|!](?:[^|\[\]{}\n]{0,200}\|(?!\|))?)"
    r"|</?(?:table|tbody|tr|td|th|caption)\b[^<>\n]{0,300}>",
    re.MULTILINE | re.IGNORECASE,
)

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class _WikiPage:
    title: str
    text: str
    url: str | None
    date: str | None


def read_mediawiki(data: bytes, limits: Limits) -> Content:
    """Return the pages of an export; their titles are sections.

    Redirects, discussions, templates and other pages that are no texts are left out. So are pages
    for which there is no time; the remark counts them.

    Raises:
        ValueError: It is no such export.
    """
    site, pages = _site_and_pages(data)
    composer = _WikiComposer(pages)
    unread: list[str] = []
    n_read = 0
    deadline = time.monotonic() + limits.timeout_s - _SPARE_S
    try:
        for begin in range(0, len(pages), _AT_A_TIME):
            numbers = range(begin, min(begin + _AT_A_TIME, len(pages)))
            unread += _read(pages, numbers, composer, limits, deadline)
            n_read = numbers.stop
    except PandocTimeoutError:
        if not n_read:
            raise
    return Content(*composer.reading(site), remark=_remark(unread, len(pages) - n_read))


def _read(
    pages: list[_WikiPage],
    numbers: range,
    composer: "_WikiComposer",
    limits: Limits,
    deadline: float,
) -> list[str]:
    """Add some pages; return the titles of those that cannot be read, even without tables.

    Raises:
        PandocTimeoutError: The deadline has passed.
    """
    left_s = int(deadline - time.monotonic())
    if left_s <= 0:
        raise PandocTimeoutError(too_slow(limits.timeout_s))
    with TemporaryDirectory() as folder:
        paths = []
        for number in numbers:
            path = Path(folder, str(number))
            path.write_text(f"= \ue000{number}\ue001 =\n\n{pages[number].text}", "utf-8", "replace")
            paths.append(path)
        try:
            page = page_of(paths, "mediawiki", replace(limits, timeout_s=left_s))
            read_page(page, composer)
        except PandocTimeoutError:
            raise
        except ValueError:
            if len(numbers) == 1:
                number = numbers[0]
                simpler = _TABLE_MARK.sub("\n", pages[number].text)
                if simpler == pages[number].text:
                    return [pages[number].title]
                pages[number] = replace(pages[number], text=simpler)
                return _read(pages, numbers, composer, limits, deadline)
        else:
            return []
    middle = len(numbers) // 2
    halves = numbers[:middle], numbers[middle:]
    return [title for half in halves for title in _read(pages, half, composer, limits, deadline)]


def _site_and_pages(data: bytes) -> tuple[str, list[_WikiPage]]:
    site, base = "", ""
    names = {_OF_CATEGORIES: {"category"}, _OF_FILES: set[str]()}
    pages: list[_WikiPage] = []
    parser = etree.iterparse(
        io.BytesIO(data), events=("end",), resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for _, element in parser:
            name = etree.QName(element).localname
            if name == "sitename":
                site = (element.text or "").strip()
            elif name == "base":
                base = (element.text or "").strip()
            elif name == "namespace" and element.get("key") in names:
                names[element.get("key", "")].add((element.text or "").strip().casefold())
            elif name == "page":
                pages += _page(element, base, names)
                element.clear()
        root = etree.QName(parser.root).localname if parser.root is not None else ""
    except etree.XMLSyntaxError as error:
        raise ValueError(_NO_EXPORT) from error
    if root != "mediawiki":
        raise ValueError(_NO_EXPORT)
    return site, pages


def _page(
    element: "etree._Element", base: str, names: Mapping[str, Collection[str]]
) -> Iterator[_WikiPage]:
    """Yield the page if it is a text; the names of namespaces are in lower case."""
    title = " ".join((element.findtext("{*}title") or "").split())
    namespace = element.findtext("{*}ns") or "0"
    revisions = element.findall("{*}revision")
    text = revisions[-1].findtext("{*}text") if revisions else None
    if not (title and text and _is_text(namespace)) or element.find("{*}redirect") is not None:
        return
    if text.lstrip()[: len(_REDIRECT)].upper() == _REDIRECT:
        return
    text = _LINK.sub(
        lambda link: "" if link[1].strip().casefold() in names[_OF_CATEGORIES] else link[0], text
    )
    text = _PREFIX.sub(
        lambda link: "[[File:" if link[1].strip().casefold() in names[_OF_FILES] else link[0], text
    )
    text = _CELL_SETTINGS.sub(
        lambda cell: cell[0] if "span" in cell[0].lower() else cell[1],
        _TABLE_SETTINGS.sub(r"\1", text),
    )
    text = _EMPTY.sub("", without_templates(_COLON.sub(r"\1", text)))
    day = _DAY.match(revisions[-1].findtext("{*}timestamp") or "")
    folder = base.rpartition("/")[0]
    is_address = folder.startswith(("http://", "https://"))
    url = f"{folder}/{quote(title.replace(' ', '_'))}" if is_address else None
    yield _WikiPage(title, text, url, day[0] if day else None)


def _is_text(namespace: str) -> bool:
    number = int(namespace) if namespace.isascii() and namespace.isdigit() else -1
    is_of_extension = number >= _FIRST_OF_EXTENSIONS and number % 2 == 0
    return number in _NAMESPACES or is_of_extension


def _remark(unread: Sequence[str], n_late: int) -> str | None:
    remarks = []
    if n_late:
        remarks.append(f"pages left out for lack of time: {n_late:,}; export fewer pages at a time")
    if unread:
        named = ", ".join(map(repr, unread[:_MAX_NAMED]))
        remarks.append(f"pages left out because pandoc cannot read them: {len(unread):,} ({named})")
    return "; ".join(remarks) or None


class _WikiComposer(Composer):
    """Gives the blocks of each page its title, address and day."""

    def __init__(self, pages: Sequence[_WikiPage]) -> None:
        super().__init__(title_on_top=False)
        self._pages = pages
        self._page: _WikiPage | None = None
        self._url: str | None = None

    def add_heading(self, level: int, text: str, anchor: str | None = None) -> None:
        """Open a section, or begin a page."""
        del anchor  # that of pandoc
        if mark := _MARK.fullmatch(text):
            self._page = self._pages[int(mark[1])]
            self._url = self._page.url
            super().add_heading(1, self._page.title)
            return
        super().add_heading(level + 1, text)
        if self._page and self._page.url:
            self._url = f"{self._page.url}#{quote(text.replace(' ', '_'))}"

    def _append(self, paragraph: Paragraph) -> None:
        date = self._page.date if self._page else None
        super()._append(replace(paragraph, own_anchor=None, url=self._url, date=date))
