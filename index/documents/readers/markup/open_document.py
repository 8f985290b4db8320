"""Read OpenDocument texts: pandoc reads the text, and fields are made text for it."""

import io
import zipfile

from lxml import etree

from index.documents.limits import Limits
from index.documents.model import Reading
from index.documents.readers.archive import Archive
from index.documents.readers.markup.pandoc import read_by_pandoc
from index.documents.reasons import ENCRYPTED

_CONTENT = "content.xml"
_PROPERTIES = "meta.xml"
_MANIFEST = "META-INF/manifest.xml"
_ENCRYPTED_PART = b"encryption-data"

_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_TITLE = ".//{http://purl.org/dc/elements/1.1/}title"

# The parts of a document that are text, such as "styles.xml" and "Object 1/content.xml".
_WANTED = (".xml", "mimetype")

# Fields whose text pandoc leaves out.
_FIELDS = [
    f"{{{_TEXT}}}{name}"
    for name in """variable-set variable-get variable-input user-field-get user-field-input
    expression sequence text-input placeholder conditional-text database-display date time
    creation-date modification-date author-name author-initials title subject description keywords
    user-defined initial-creator creator file-name chapter dropdown""".split()
]


def read_open_document(data: bytes, limits: Limits) -> Reading:
    """Return the title and the paragraphs of an OpenDocument text.

    Raises:
        ValueError: The file is damaged, encrypted, or exceeds a limit.
    """
    archive = Archive(data, limits)
    if _MANIFEST in archive and _ENCRYPTED_PART in archive.read(_MANIFEST):
        raise ValueError(ENCRYPTED)
    given = archive.read_xml(_PROPERTIES).findtext(_TITLE) if _PROPERTIES in archive else None
    title, paragraphs = read_by_pandoc(_with_fields(archive, data), "odt", limits)
    return title or given, paragraphs


def _with_fields(archive: Archive, data: bytes) -> bytes:
    """Return a document whose fields are text."""
    content = archive.read_xml(_CONTENT)
    fields = list(content.iter(*_FIELDS))
    if not fields:
        return data
    for field in fields:
        field.tag = f"{{{_TEXT}}}span"
        field.attrib.clear()
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(changed, "w") as copy:
        for name in given.namelist():
            if name == _CONTENT:
                copy.writestr(name, etree.tostring(content, encoding="utf-8"))
            elif name.endswith(_WANTED):  # no pictures
                copy.writestr(name, archive.read(name))
    return changed.getvalue()
