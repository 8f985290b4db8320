"""Decode HTML and XHTML as the bytes, or else the page itself, declare."""

import re

from index.documents.readers.charset import Decoded, decode

# The declaration of the encoding in HTML and XHTML; HTML requires it in the first 1,024 bytes.
_DECLARED_ENCODING = re.compile(
    rb"""<(?:meta\b[^>]{0,500}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)\s*=\s*["']?\s*([\w-]+)""",
    re.IGNORECASE,
)
_DECLARATION_BYTES = 4096


def decode_html(data: bytes) -> Decoded:
    """Decode by byte-order mark, else as the page declares, else like any text.

    Raises:
        ValueError: The bytes are not a text in any known encoding.
    """
    declared = _DECLARED_ENCODING.search(data[:_DECLARATION_BYTES])
    return decode(data, declared=declared[1].decode("ascii", "ignore") if declared else None)
