"""Bytes of a file in any encoding become text."""

import codecs
import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents.readers.charset import decode

quick = settings(max_examples=60, deadline=None, derandomize=True)

GERMAN = "Die Möwen über der Küste hören das Läuten der Glocke. Später fällt Schnee auf die Häuser."
RUSSIAN = "Рыбаки возвращаются домой вечером, когда над гаванью звонит старый колокол."
JAPANESE = "港の鐘は朝早く鳴り、漁師たちは夜明け前に船を出します。灯台は二度燃えました。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_decoding_reads_unicode_with_and_without_a_byte_order_mark(encoding):
    """The mark chooses the encoding and is no part of the text."""
    assert decode(f"{GERMAN}\n{JAPANESE}".encode(encoding)).text == f"{GERMAN}\n{JAPANESE}"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\x00\x00\xfe\xff", "utf-32-be"),
        (b"\xff\xfe\x00\x00", "utf-32-le"),
    ],
)
def test_decoding_follows_the_byte_order(mark, encoding):
    """Either byte order is read, and UTF-32 is not taken for UTF-16."""
    assert decode(mark + GERMAN.encode(encoding)).text == GERMAN


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (JAPANESE, "shift_jis")],
)
def test_decoding_guesses_other_encodings(text, encoding):
    """A text in an older encoding is read as it was written."""
    assert decode((text * 3).encode(encoding)).text == text * 3


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_decoding_makes_every_line_end_a_line_feed(line_end):
    """Windows and old Mac line ends become line feeds."""
    data = line_end.join(["One.", "", "Two."]).encode()
    assert decode(data).text == "One.\n\nTwo."


@pytest.mark.parametrize(
    "data", [b"\x89PNG\x00\x01", b"\x00", b"\xff\xfea", b"\xef\xbb\xbf\xff", b"\xff\xfe\x00\x00a"]
)
def test_decoding_refuses_what_is_no_text(data):
    """Zero bytes and broken Unicode raise ValueError."""
    with pytest.raises(ValueError, match=r"text|decode|codec"):
        decode(data)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (
            "5 \u20ac in the caf\u00e9".encode().replace(b"\x82", b"", 1),
            "5 \ufffd in the caf\u00e9",
        ),
        (b"caf\xc3\xa9, cr\xc3\xa8me, 5 \x80", "caf\u00e9, cr\u00e8me, 5 \ufffd"),
        (f"{JAPANESE}caf\u00e9".encode()[:-1], f"{JAPANESE}caf\ufffd"),
        ("The last word is caf\u00e9".encode()[:-1], "The last word is caf\ufffd"),
        (codecs.BOM_UTF8 + b"the caf\xc3\xa9 \xff", "the caf\u00e9 \ufffd"),
        (b"x" * 120 + b"\0" + b"y" * 120, "x" * 120 + "\ufffd" + "y" * 120),
        (f"{GERMAN * 2}".encode("utf-16") + b"x", GERMAN * 2 + "\ufffd"),
    ],
)
def test_decoding_keeps_the_encoding_of_a_text_with_a_damaged_character(data, text):
    """One bad byte or a cut end is shown as such, and the other letters stay what they are."""
    decoded = decode(data)
    assert decoded.text == text
    assert decoded.remark == "it has 1 damaged character, shown as \ufffd; save it again as UTF-8"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [GERMAN, f"{RUSSIAN}\n{RUSSIAN}", f"{JAPANESE}\n\u3000{JAPANESE}"])
@pytest.mark.parametrize("cut", [b"", b"x"])
def test_decoding_knows_utf16_without_a_mark(text, encoding, cut):
    """The zero bytes of line ends, blanks and Latin letters tell the byte order."""
    decoded = decode(text.encode(encoding) + cut)
    assert decoded.text == text
    assert decoded.remark == (
        f"its encoding was guessed as {encoding}; save it as UTF-8 if its letters look wrong"
    )


def test_decoding_says_which_encoding_it_guessed():
    """The owner can see whether the guess is right; what is UTF-8 or declared is no guess."""
    assert decode((RUSSIAN * 3).encode("cp1251")).remark == (
        "its encoding was guessed as windows-1251; save it as UTF-8 if its letters look wrong"
    )
    assert decode(GERMAN.encode()).remark is None
    assert decode(RUSSIAN.encode("koi8-r"), declared="koi8-r").remark is None


@given(st.binary(max_size=40))
@settings(quick, max_examples=30)
def test_decoding_of_any_bytes_gives_text_or_value_error(data):
    """No bytes raise anything but ValueError, and the text has only line feeds."""
    with contextlib.suppress(ValueError):
        assert "\r" not in decode(data).text
