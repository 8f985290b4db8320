"""The text of RTF is read in the code pages that it names."""

import pytest

from index.errors import CorpusReadError
from tests.support.data.document_files import read_bytes, texts


def _read(rtf):
    """Return the title and the texts of RTF."""
    read = read_bytes("boats.rtf", rtf)
    return read.title, texts(read)


def test_rtf_has_its_blocks():
    """Formatting and accents are what they are, and lines of the file end no word."""
    rtf = b"{\\rtf1\\ansi\\pard Low \\b tide\\b0  at\r\n caf\\'e9.\\par\r\nThen.\\par}"
    assert _read(rtf)[1] == ["Low tide at caf\u00e9.", "Then."]


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (
            b"\\ansi\\ansicpg1251 \\'cf\\'f0\\'e8\\'eb\\'e8\\'e2",
            "\u041f\u0440\u0438\u043b\u0438\u0432",
        ),
        (b"\\mac caf\\'8e", "caf\u00e9"),
        (
            b"\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset238 B;}}"
            b"\\f0 caf\\'e9 {\\f1 \\'bf\\'f3\\'b3w} \\'e9",
            "caf\u00e9 \u017c\u00f3\u0142w \u00e9",
        ),
        (
            b"\\ansi\\deff3{\\fonttbl{\\f3\\fcharset161 A;}}\\f0 \\'e9 \\plain \\'eb\\'e9\\'ec",
            "\u00e9 \u03bb\u03b9\u03bc",
        ),
        # The second byte of a Japanese letter may be written as the sign of ASCII that it is.
        (b"\\ansi\\ansicpg932 \\'83^\\'83C\\'83\\\\", "\u30bf\u30a4\u30bd"),
        (b"\\ansi\\uc2 \\u1055\\'cf\\'cf\\u1083xx.", "\u041f\u043b."),
        (b"\\ansi \\u-10179?\\u-8704? {\\uc0\\u9731}a", "\U0001f600 \u2603a"),
        (b"\\ansi a\\u-10179?b\\u-8704?", "ab\ufffd"),
        (b"\\ansi a \\{b\\} \\\\ \\'7bc\\'7d", "a {b} \\ {c}"),
        (b"\\ansi\\ansicpg9999 caf\\'e9", "caf\u00e9"),
    ],
)
def test_rtf_text_is_decoded_as_its_fonts_say(rtf, text):
    """Pandoc alone would read all of it as Western European."""
    assert _read(b"{\\rtf1" + rtf + b"\\par}")[1] == [text]


def test_rtf_title_is_in_the_code_page_of_the_document():
    """The fonts do not hold for it."""
    fonts = b"\\deff0{\\fonttbl{\\f0\\fcharset0 A;}}"
    rtf = b"{\\rtf1\\ansi\\ansicpg1251" + fonts + b"{\\info{\\title \\'cf\\'eb}}\\f0 a\\'e9\\par}"
    assert _read(rtf) == ("\u041f\u043b", ["a\u00e9"])


def test_rtf_pictures_in_binary_form_are_left_out():
    """Their bytes may be braces."""
    picture = b"{\\pict\\wmetafile8\\bin5 }}\\{{}"
    assert _read(b"{\\rtf1\\ansi a " + picture + b"b\\par}")[1] == ["a b"]


@pytest.mark.parametrize("rtf", [b"\\", b"\\'", b"\\'zz a", b"}}", b"\\u", b"\\bin99 a", b"{{{"])
def test_rtf_that_is_cut_or_wrong_is_read_or_refused(rtf):
    """None of it is an unexpected error."""
    try:
        read = _read(b"{\\rtf1 low " + rtf)
    except CorpusReadError as error:
        read = error.reason, []
    assert read[1] or read[0].startswith("pandoc cannot read it; ")
