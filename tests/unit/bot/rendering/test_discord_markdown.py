"""Discord's Markdown: text shows as typed, links lead where they say."""

import pytest
from hypothesis import example, given, settings

from bot.rendering.discord_markdown import escape, link, message_length, shorten
from tests.standin.model.markdown import parse
from tests.support.data.strategies import HOSTILE, hostile_sentence, hostile_text


@pytest.mark.parametrize("text", HOSTILE)
def test_escape_makes_each_construct_inert(text):
    """Every construct of the platform is shown as typed, alone and inside a sentence."""
    for whole in (text, f"The {text} left.", f"Left:\n{text}\nat dawn", f"{text}{text}"):
        rendered = parse(escape(whole))
        assert rendered.text == whole
        assert rendered.active == []
        assert {span.styles for span in rendered.spans} <= {frozenset()}


def test_escape_of_many_blank_lines_is_linear():
    """The white space before a list item is looked for in its own line only."""
    lines = "\n \n" * 100_000
    assert escape(f"{lines}- nets") == f"{lines}\\- nets"


@settings(max_examples=80, deadline=None)
@given(hostile_text)
@example("1\\. boat")
@example("*\\**")
@example("\\\n- boat")
@example("\n \n  3. boat")
def test_escape_shows_any_text_as_it_is(text):
    """What a reader sees of escaped text is the text, without styles or anything active."""
    rendered = parse(escape(text))
    assert rendered.text == text
    assert rendered.active == []
    assert {span.styles for span in rendered.spans} <= {frozenset()}


@pytest.mark.parametrize("text", ["\0", "\ud83d"])
def test_escape_replaces_what_cannot_be_sent(text):
    """NUL and half of a surrogate pair, at which Discord refuses a whole message."""
    assert escape(f"a{text}\U0001f6a2") == "a\ufffd\U0001f6a2"


@settings(max_examples=80, deadline=None)
@given(hostile_text)
def test_escape_holds_inside_a_quote_and_in_bold(text):
    """Escaped text stays inert where the bot puts it: in block quotes and in bold."""
    line = " ".join(text.split()) or "boat"
    rendered = parse(f"> a **{escape(line)}** b")
    assert rendered.text == f"a {line} b"
    assert rendered.runs("bold") == [line]
    assert rendered.active == []


@pytest.mark.parametrize(
    ("content", "length"), [("", 0), ("boat", 4), ("\u00e9", 1), ("\U0001f6a2", 2), ("a\nb", 3)]
)
def test_message_length_counts_utf16_units(content, length):
    """Characters beyond the basic plane count as two."""
    assert message_length(content) == length


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.example/b?c=d&e=%20#f", "https://a.example/b?c=d&e=%20#f"),
        ("http://a.example/b_(c)", "http://a.example/b_%28c%29"),
        ("https://a.example/<b> c", "https://a.example/%3Cb%3E%20c"),
        ("https://a.example/b\nc\x00", "https://a.example/b%0Ac%00"),
        ("https://a.example/**b**|c|`d`\\", "https://a.example/%2A%2Ab%2A%2A%7Cc%7C%60d%60%5C"),
        ("https://a.example/\u05e9", "https://a.example/%D7%A9"),
    ],
)
def test_link_encodes_what_would_end_it(url, address):
    """Signs of Markdown and all that no address may hold are percent-encoded."""
    assert link("boats", url) == f"[boats](<{address}>)"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "//a.example",
        "a.example",
        "http://[::1",
        "https://a.example/" + "b" * 500,
        "https://a.example/" + "\u05e9" * 100,
    ],
)
def test_link_is_the_label_where_there_is_no_address_to_follow(url):
    """Other schemes, broken addresses and ones beyond Discord's limit are not linked."""
    assert link("boats", url) == "boats"


@settings(max_examples=80, deadline=None)
@given(hostile_sentence, hostile_text)
def test_link_shows_its_label_and_does_nothing_else(label, rest):
    """Whatever title and address hold, a person sees the title, and one link is all that acts."""
    rendered = parse(f"-# **{link(escape(label), f'https://a.example/{rest}')}** x")
    assert rendered.text == f"{label} x"
    assert [item.kind for item in rendered.active][:1] == ["subtext"]
    assert rendered.kinds <= {"subtext", "masked link"}


@pytest.mark.parametrize(
    ("text", "room", "short"),
    [("a b", 3, "a b"), ("a\n\n b", 3, "a b"), ("abc def", 5, "abc\u2026"), ("", 5, "")],
)
def test_shorten_keeps_to_one_line(text, room, short):
    """White space is single spaces; an ellipsis says that there was more."""
    assert shorten(text, room) == short
