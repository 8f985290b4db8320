"""Read RTF: its text becomes Unicode, and pandoc reads the rest."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from index.documents.limits import Limits
from index.documents.model import Reading
from index.documents.readers.markup.pandoc import read_by_pandoc
from index.documents.reasons import DAMAGED

_START = b"{\\rtf"

# A control word with its number, an escaped byte, an escaped sign, a brace, a line end, or text.
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([\r\n]++)"
    rb"|([^\\{}\r\n]++)|\\",
)

# The code pages of the character sets of fonts. Set 1 is that of the document.
_MAC_ROMAN = 10_000
_CODE_PAGES = {
    0: 1252,
    77: _MAC_ROMAN,
    128: 932,
    129: 949,
    130: 1361,
    134: 936,
    136: 950,
    161: 1253,
    162: 1254,
    163: 1258,
    177: 1255,
    178: 1256,
    186: 1257,
    204: 1251,
    222: 874,
    238: 1250,
}
_CODE_PAGES_OF_DOCUMENTS = {b"ansi": 1252, b"mac": _MAC_ROMAN, b"pc": 437, b"pca": 850}

# Pandoc warns of code pages, and cannot read binary data.
_UNREAD = (b"ansicpg", b"bin")

_NO_FONT = -1

_SPECIAL = re.compile(r"[\\{}]")


def read_rtf(data: bytes, limits: Limits) -> Reading:
    """Return the title and the paragraphs of an RTF document.

    Raises:
        ValueError: The file is damaged, or exceeds a limit.
    """
    if not data.lstrip().startswith(_START):
        raise ValueError(DAMAGED)
    return read_by_pandoc("".join(_in_unicode(data)).encode("utf-8", "replace"), "rtf", limits)


def _in_unicode(data: bytes) -> Iterator[str]:
    """Yield the parts of a document with all text as Unicode characters.

    Pandoc knows no code page but that of Western Europe, and no characters of two halves. Binary
    data of pictures is left out.
    """
    decoder = _Decoder()
    position = 0
    while found := _TOKEN.match(data, position):
        position = found.end()
        word, number, code, sign, brace, line_end, text = found.groups()
        if code is not None:
            decoder.add(bytes.fromhex(code.decode()))
        elif text is not None:
            decoder.add(text)
        elif sign is not None and sign in b"\\{}":
            decoder.add(sign)
        elif line_end is not None:
            yield "" if decoder.has_text else "\n"
        else:
            yield decoder.taken()
            if brace is not None:
                yield decoder.change_group(brace)
            elif word is not None:
                yield decoder.control(word, None if number is None else int(number))
                position += max(int(number or 0), 0) if word == b"bin" else 0
            elif sign is not None and sign != b"'":
                yield f"\\{sign.decode('latin-1')}"
    yield decoder.taken()


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds until the end of a group.

    Attributes:
        font: The number of the font of its text; None for the usual font of the document, -1 for no
            font, as of the title.
        n_substitutes: The number of characters after a Unicode character that stand in for it.
        is_font_table: Whether it describes fonts.
    """

    font: int | None = None
    n_substitutes: int = 1
    is_font_table: bool = False


@dataclass(slots=True)
class _Decoder:
    """Decodes text by what the control words before it say."""

    _encoding: str = "cp1252"
    _encodings_of_fonts: dict[int, str] = field(default_factory=dict)
    _usual_font: int = 0
    _described_font: int = 0
    _groups: list[_Group] = field(default_factory=lambda: [_Group()])
    _bytes: bytearray = field(default_factory=bytearray)
    _first_half: int = 0
    _n_skipped: int = 0

    @property
    def has_text(self) -> bool:
        """Whether there is text that is not decoded yet."""
        return bool(self._bytes)

    def add(self, text: bytes) -> None:
        """Add bytes of text, except those that stand in for a Unicode character."""
        n_skipped = min(self._n_skipped, len(text))
        self._n_skipped -= n_skipped
        if n_skipped < len(text):
            self._bytes += text[n_skipped:]
            self._first_half = 0

    def taken(self) -> str:
        """Return the text that was added since the last call, decoded."""
        font = self._groups[-1].font
        encoding = self._encodings_of_fonts.get(self._usual_font if font is None else font)
        text = self._bytes.decode(encoding or self._encoding, "replace")
        self._bytes.clear()
        return _escaped(text)

    def change_group(self, brace: bytes) -> str:
        """Begin or end a group; return its brace."""
        self._n_skipped = 0
        if brace == b"{":
            self._groups.append(self._groups[-1])
        elif len(self._groups) > 1:
            self._groups.pop()
        return brace.decode()

    def control(self, word: bytes, number: int | None) -> str:
        """Follow a control word; return what pandoc reads in its place."""
        self._n_skipped = 0
        group = self._groups[-1]
        if word == b"u" and number is not None:
            self._n_skipped = group.n_substitutes
            return self._character(number % 0x10000)
        if word == b"uc":
            self._groups[-1] = replace(group, n_substitutes=max(number or 0, 0))
            return ""
        if word == b"fonttbl":
            self._groups[-1] = replace(group, is_font_table=True)
        elif word in (b"plain", b"info"):
            self._groups[-1] = replace(group, font=None if word == b"plain" else _NO_FONT)
        elif word == b"f" and not group.is_font_table:
            self._groups[-1] = replace(group, font=number)
        else:
            self._describe(word, number or 0)
        is_read = word not in _UNREAD
        return f"\\{word.decode()}{'' if number is None else number} " if is_read else ""

    def _describe(self, word: bytes, number: int) -> None:
        """Follow a control word that says of the document or of a font how it is encoded."""
        if word in _CODE_PAGES_OF_DOCUMENTS:
            self._encoding = _encoding_of(_CODE_PAGES_OF_DOCUMENTS[word]) or self._encoding
        elif word == b"ansicpg":
            self._encoding = _encoding_of(number) or self._encoding
        elif word == b"deff":
            self._usual_font = number
        elif word == b"f":
            self._described_font = number
        elif word in (b"fcharset", b"cpg") and self._groups[-1].is_font_table:
            page = _CODE_PAGES.get(number) if word == b"fcharset" else number
            if page and (encoding := _encoding_of(page)):
                self._encodings_of_fonts[self._described_font] = encoding

    def _character(self, code: int) -> str:
        """Return the character of a code of two bytes; "" for the first half of a character."""
        first, self._first_half = self._first_half, 0
        if 0xD800 <= code < 0xDC00:
            self._first_half = code
            return ""
        if 0xDC00 <= code < 0xE000:
            return chr(0x10000 + ((first - 0xD800) << 10) + code - 0xDC00) if first else "\ufffd"
        return _escaped(chr(code))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _encoding_of(page: int) -> str | None:
    """Return Python's name of a code page; None if it has none."""
    name = {_MAC_ROMAN: "mac-roman", 65_001: "utf-8"}.get(page, f"cp{page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None
