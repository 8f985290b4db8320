"""OpenDocument texts are read with their fields, and say if they are encrypted."""

import io
import subprocess
import zipfile

import pypandoc

from tests.support.data.document_files import archive_of, read_bytes, reason_against, texts


def _parts(text="FIELD"):
    """Return the parts of a document that pandoc itself writes."""
    command = [pypandoc.get_pandoc_path(), "-s", "-f", "markdown", "-t", "odt", "-o", "-"]
    made = subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_fields_are_text():
    """A caption's number, a day and what a person entered stand in the sentence."""
    parts = _parts("Table FIELD lists the boats.")
    field = b'<text:sequence text:name="Table" text:formula="ooow:Table+1">2</text:sequence>'
    parts["content.xml"] = parts["content.xml"].replace(b"FIELD", field)
    assert texts(read_bytes("a.odt", archive_of(parts))) == ["Table 2 lists the boats."]


def test_encrypted_document_says_so():
    """Its parts are no XML, which would read as damage."""
    manifest = b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    parts = {"META-INF/manifest.xml": manifest, "content.xml": b"\x9c\x01", "meta.xml": b"\x9c"}
    assert reason_against("a.odt", archive_of(parts)) == (
        "it is encrypted; save a copy without a password"
    )
