"""Open the zip archives of .docx and .epub files, safely against zip bombs."""

import io
import zipfile
from pathlib import PurePosixPath

from lxml import etree

from index.documents.limits import Limits
from index.documents.reasons import DAMAGED, ENCRYPTED, OLD_OR_ENCRYPTED, SAVE_AGAIN, too_large

_BYTES_PER_MB = 1024 * 1024
_ENCRYPTED_FLAG = 1

# The names of the stricter form of Word documents and workbooks.
_RELATIONSHIPS = "_rels/.rels"
_STRICT = b"http://purl.oclc.org/ooxml/"

# The first bytes of a Word document with a password, which is not a zip archive.
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"


class Archive:
    """The parts of a zip archive, by name."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Check the archive without unpacking it.

        Raises:
            ValueError: It is not a zip archive, damaged, encrypted, or exceeds a limit.
        """
        if data.startswith(_COMPOUND_FILE):
            raise ValueError(OLD_OR_ENCRYPTED)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise ValueError(DAMAGED) from error
        parts = self._zip.infolist()
        if len(parts) > limits.max_parts:
            raise ValueError(too_large(f"it has more than {limits.max_parts:,} parts"))
        # zipfile never unpacks more of a part than the size that the archive states.
        if sum(part.file_size for part in parts) > limits.max_unpacked_bytes:
            megabytes = limits.max_unpacked_bytes // _BYTES_PER_MB
            raise ValueError(too_large(f"it unpacks to more than {megabytes} MiB"))
        if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
            raise ValueError(ENCRYPTED)

    @property
    def names(self) -> list[str]:
        """The names of the parts."""
        return self._zip.namelist()

    def read(self, name: str) -> bytes:
        """Unpack one part.

        Raises:
            ValueError: The part is missing or damaged.
        """
        try:
            return self._zip.read(name)
        except (KeyError, zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
            part = f"its part {PurePosixPath(name).name!r} is missing or damaged"
            raise ValueError(f"{part}; {SAVE_AGAIN}") from error

    def read_xml(self, name: str) -> "etree._Element":
        """Unpack and parse one part, without expanding entities or using the network.

        Raises:
            ValueError: The part is missing, damaged, or not XML.
        """
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.fromstring(self.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise ValueError(
                f"its part {PurePosixPath(name).name!r} is no XML; {SAVE_AGAIN}"
            ) from error

    def is_strict(self) -> bool:
        """Return whether it is an Office document in the stricter form, which libraries refuse."""
        return _RELATIONSHIPS in self and _STRICT in self.read(_RELATIONSHIPS)

    def __contains__(self, name: str) -> bool:
        """Return whether there is a part of this name."""
        return name in self._zip.NameToInfo
