"""Read a made file as the corpus does."""

import io
import zipfile
from pathlib import Path

import pytest

from index.documents import Limits, list_corpus, read_document
from index.errors import CorpusReadError

# Its last entity, `&i;`, stands for a thousand million letters.
ENTITY_BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


def read_bytes(name, data, limits=None):
    """Return the document that bytes under a name become, read in this process."""
    folder = Path("texts")
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    (file,) = (file for file in list_corpus(folder)[0] if file.source == name)
    return read_document(file, limits or Limits())


def reason_against(name, data, limits=None):
    """Return why bytes under a name are no document, which always says what to do."""
    with pytest.raises(CorpusReadError) as caught:
        read_bytes(name, data, limits)
    reason = caught.value.reason
    assert "; " in reason, f"{reason!r} does not say what to do"
    assert "\n" not in reason
    return reason


def archive_of(parts):
    """Return a zip archive of parts by name; text is written as UTF-8."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def bomb(name="word/document.xml", size=9 << 20):
    """Return an archive whose one part unpacks to more than eight times one megabyte."""
    return archive_of({name: b" " * size})


def texts(document):
    """Return the texts of a document's paragraphs."""
    return [paragraph.text for paragraph in document.paragraphs]


def places(document):
    """Return number, section and page of a document's paragraphs."""
    return [(one.number, one.section, one.page) for one in document.paragraphs]
