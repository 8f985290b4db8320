"""Decode the bytes of a file of any encoding."""

import codecs
import contextlib

from charset_normalizer import from_bytes

# UTF-32 before UTF-16, because its mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


# First letters of the text encodings that pages declare; Python also has codecs that are not text.
_DECLARABLE = (
    *("utf-8", "utf8", "iso-8859", "iso8859", "latin", "windows-", "cp12", "koi8", "mac"),
    *("shift", "sjis", "euc-", "iso-2022-jp", "gb", "big5"),
)

# Browsers use the right encoding if a page declares the left one.
_WIDER = {"iso-8859-1": "cp1252", "latin1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}


def decode_text(data: bytes, *, declared: str | None = None) -> str:
    r"""Decode by byte-order mark, as declared, as UTF-8, or by charset-normalizer's best guess.

    Args:
        data: The bytes of a text.
        declared: The encoding that the text declares; ignored if it cannot decode the text.

    Returns:
        The text with "\n" as line ends and without a byte-order mark.

    Raises:
        ValueError: The bytes are not a text in any known encoding.
    """
    return _decode(data, declared).replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes, declared: str | None) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding)
    if b"\0" in data:
        raise ValueError("not a text file")
    for encoding in (_declarable(declared), "utf-8"):
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            return data.decode(encoding)
    guess = from_bytes(data).best()
    if guess is None:
        raise ValueError("not a text in any known encoding")
    return str(guess)


def _declarable(declared: str | None) -> str:
    """Return the encoding to try first."""
    name = (declared or "").lower()
    return _WIDER.get(name, name) if name.startswith(_DECLARABLE) else "utf-8"
