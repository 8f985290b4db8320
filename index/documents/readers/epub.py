"""Read EPUB: the chapters in reading order, each by the HTML reader."""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from index.documents.limits import Limits
from index.documents.model import Reading
from index.documents.readers.archive import Archive
from index.documents.readers.composer import Composer
from index.documents.readers.html import decode_html, read_page
from index.documents.reasons import ENCRYPTED, SAVE_AGAIN

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"

_PAGE_TYPES = frozenset(("application/xhtml+xml", "text/html"))


def read_epub(data: bytes, limits: Limits) -> Reading:
    """Return the title and the paragraphs of a book.

    The headings of the chapters become sections. A section extends to the next heading of its
    level, even in another file, because books split long chapters into several files.

    Raises:
        ValueError: The file is damaged, encrypted, or exceeds a limit.
    """
    archive = Archive(data, limits)
    package_name = _package_name(archive)
    package = archive.read_xml(package_name)
    chapters = list(_chapters(package, posixpath.dirname(package_name)))
    if not _encrypted(archive).isdisjoint(chapters):
        raise ValueError(ENCRYPTED)
    composer = Composer(title_on_top=False)
    for chapter in chapters:
        read_page(decode_html(archive.read(chapter)).text, composer)
    return composer.reading(package.findtext(".//{*}metadata/{*}title"))


def _package_name(archive: Archive) -> str:
    root = archive.read_xml(_CONTAINER).find(".//{*}rootfile")
    if root is None:
        raise ValueError(f"it names no package of chapters; {SAVE_AGAIN}")
    return unquote(root.get("full-path", ""))


def _chapters(package: "etree._Element", folder: str) -> Iterator[str]:
    """Yield the names of the pages in the archive, in reading order, each once.

    Pages that the book marks as outside the reading order, and its table of contents, are left
    out.
    """
    items = {item.get("id"): item for item in package.iterfind(".//{*}manifest/{*}item")}
    seen: set[str] = set()
    for reference in package.iterfind(".//{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no":
            continue
        is_contents = "nav" in item.get("properties", "").split()
        name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        if item.get("media-type") in _PAGE_TYPES and not is_contents and name not in seen:
            seen.add(name)
            yield name


def _encrypted(archive: Archive) -> set[str]:
    """Return the names of the encrypted parts: often fonts, and chapters of protected books."""
    if _ENCRYPTION not in archive:
        return set()
    references = archive.read_xml(_ENCRYPTION).iterfind(".//{*}CipherReference")
    return {posixpath.normpath(unquote(reference.get("URI", ""))) for reference in references}
