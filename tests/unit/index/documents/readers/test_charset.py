"""Bytes of a file in any encoding become text."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents.readers.charset import decode_text

quick = settings(max_examples=60, deadline=None, derandomize=True)

GERMAN = "Die Möwen über der Küste hören das Läuten der Glocke. Später fällt Schnee auf die Häuser."
RUSSIAN = "Рыбаки возвращаются домой вечером, когда над гаванью звонит старый колокол."
JAPANESE = "港の鐘は朝早く鳴り、漁師たちは夜明け前に船を出します。灯台は二度燃えました。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_decoding_reads_unicode_with_and_without_a_byte_order_mark(encoding):
    """The mark chooses the encoding and is no part of the text."""
    assert decode_text(f"{GERMAN}\n{JAPANESE}".encode(encoding)) == f"{GERMAN}\n{JAPANESE}"


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
    assert decode_text(mark + GERMAN.encode(encoding)) == GERMAN


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (JAPANESE, "shift_jis")],
)
def test_decoding_guesses_other_encodings(text, encoding):
    """A text in an older encoding is read as it was written."""
    assert decode_text((text * 3).encode(encoding)) == text * 3


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_decoding_makes_every_line_end_a_line_feed(line_end):
    """Windows and old Mac line ends become line feeds."""
    data = line_end.join(["One.", "", "Two."]).encode()
    assert decode_text(data) == "One.\n\nTwo."


@pytest.mark.parametrize(
    "data", [b"\x89PNG\x00\x01", b"\x00", b"\xff\xfea", b"\xef\xbb\xbf\xff", b"\xff\xfe\x00\x00a"]
)
def test_decoding_refuses_what_is_no_text(data):
    """Zero bytes and broken Unicode raise ValueError."""
    with pytest.raises(ValueError, match=r"text|decode|codec"):
        decode_text(data)


@given(st.binary(max_size=40))
@settings(quick, max_examples=30)
def test_decoding_of_any_bytes_gives_text_or_value_error(data):
    """No bytes raise anything but ValueError, and the text has only line feeds."""
    with contextlib.suppress(ValueError):
        assert "\r" not in decode_text(data)
