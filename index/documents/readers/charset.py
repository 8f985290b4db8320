"""Decode the bytes of a file of any encoding."""

import codecs
import contextlib
import unicodedata
from dataclasses import dataclass

from charset_normalizer import from_bytes

from index.documents.reasons import INVALID_TEXT, NO_TEXT_FILE, UNKNOWN_ENCODING

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

_REPLACEMENT = "\ufffd"

# A text with a byte-order mark has at most this share of damaged characters, one in UTF-8 at most
# this share of zero bytes.
_MAX_DAMAGED_SHARE = 0.1
_MAX_ZEROS_SHARE = 0.01

# The categories of characters that no text has, beside unpaired surrogates: controls, private use
# and unassigned; and the controls that texts have.
_NOT_IN_TEXTS = frozenset(("Cc", "Co", "Cn"))
_CONTROLS_OF_TEXTS = "\t\n\r\f\x0b\x1b"

# So many characters tell whether bytes are UTF-16.
_SAMPLE_CHARS = 4096


@dataclass(frozen=True, slots=True)
class Decoded:
    r"""A text, and what the owner should know of how it was decoded.

    Attributes:
        text: With "\n" as line ends and without a byte-order mark.
        remark: The encoding if it was guessed, and damaged bytes if there are any; else None.
    """

    text: str
    remark: str | None = None


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """Decode by byte-order mark, as declared, as UTF-8, or by charset-normalizer's best guess.

    A UTF-8 text with some damaged bytes or a cut last character stays UTF-8; U+FFFD stands for what
    is damaged. UTF-16 without a mark is known by its zero bytes.

    Args:
        data: The bytes of a text.
        declared: The encoding that the text declares; ignored if it cannot decode the text.

    Raises:
        ValueError: The bytes are not a text in any known encoding.
    """
    decoded = _decode(data, declared)
    return Decoded(decoded.text.replace("\r\n", "\n").replace("\r", "\n"), decoded.remark)


def _decode(data: bytes, declared: str | None) -> Decoded:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _with_mark(data, encoding)
    if b"\0" in data:
        return _with_zero_bytes(data)
    for encoding in (_declarable(declared), "utf-8"):
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            return Decoded(data.decode(encoding))
    if (damaged := _damaged_utf8(data)) is not None:
        return damaged
    guess = from_bytes(data).best()
    if guess is None:
        raise ValueError(UNKNOWN_ENCODING)
    return Decoded(str(guess), _guessed(guess.encoding))


def _with_mark(data: bytes, encoding: str) -> Decoded:
    with contextlib.suppress(UnicodeDecodeError):
        return Decoded(data.decode(encoding))
    text = data.decode(encoding, "replace")
    n_damaged = text.count(_REPLACEMENT)
    if n_damaged > len(text) * _MAX_DAMAGED_SHARE:
        raise ValueError(INVALID_TEXT)
    return Decoded(text, _damaged(n_damaged))


def _with_zero_bytes(data: bytes) -> Decoded:
    """Decode a text with zero bytes: stray ones in UTF-8, or those of UTF-16 without a mark."""
    n_zeros = data.count(0)
    if n_zeros <= len(data) * _MAX_ZEROS_SHARE:
        with contextlib.suppress(UnicodeDecodeError):
            return Decoded(data.decode().replace("\0", _REPLACEMENT), _damaged(n_zeros))
    whole = data[: len(data) // 2 * 2]  # the last character may be cut
    texts = {order: whole.decode(order, "replace") for order in ("utf-16-le", "utf-16-be")}
    samples = {order: text[:_SAMPLE_CHARS] for order, text in texts.items()}
    if orders := [order for order, sample in samples.items() if _reads_like_a_text(sample)]:
        order = max(orders, key=lambda order: sum(map(str.isascii, samples[order])))
        return Decoded(texts[order], _guessed(order))
    raise ValueError(NO_TEXT_FILE)


def _reads_like_a_text(text: str) -> bool:
    """Return whether characters are all assigned and printable, and some are of ASCII.

    Two bytes of other data make any character, or none.
    """
    has_ascii = len(text) > 1 and any(map(str.isascii, text))
    return has_ascii and not any(
        unicodedata.category(char) in _NOT_IN_TEXTS and char not in _CONTROLS_OF_TEXTS
        for char in text
    )


def _damaged_utf8(data: bytes) -> Decoded | None:
    """Decode UTF-8 with damaged bytes; None if the bytes rather are in another encoding.

    Other encodings give more damaged characters than characters of several bytes.
    """
    text = data.decode("utf-8", "replace")
    n_damaged = text.count(_REPLACEMENT)
    n_whole = sum(not char.isascii() for char in text) - n_damaged
    return Decoded(text, _damaged(n_damaged)) if n_whole >= n_damaged or _is_cut(data) else None


def _is_cut(data: bytes) -> bool:
    """Return whether bytes are ASCII but for a last character that is cut."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and data[: error.start].isascii()
    return False


def _guessed(encoding: str) -> str:
    name = codecs.lookup(encoding).name.replace("cp125", "windows-125")
    return f"its encoding was guessed as {name}; save it as UTF-8 if its letters look wrong"


def _damaged(n_damaged: int) -> str:
    what = "1 damaged character" if n_damaged == 1 else f"{n_damaged:,} damaged characters"
    return f"it has {what}, shown as {_REPLACEMENT}; save it again as UTF-8"


def _declarable(declared: str | None) -> str:
    """Return the encoding to try first."""
    name = (declared or "").lower()
    return _WIDER.get(name, name) if name.startswith(_DECLARABLE) else "utf-8"
