"""Code on Discord: shown as it is, and closed by nothing but its own fence."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rendering.discord_code import ZERO_WIDTH_SPACE, code_span, fence, fits_span
from tests.standin.model.markdown import parse
from tests.support.data.strategies import hostile_sentence, hostile_text

languages = st.sampled_from(["", "yaml", "c++", "objective-c", "`", "a b", "x" * 99])


def _without_blank_ends(code):
    lines = code.split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    while lines and not lines[-1].strip():
        del lines[-1]
    return "\n".join(lines)


def test_fence_keeps_language_and_indentation():
    """The first line keeps its indentation, too."""
    assert fence("  a:\n    b: 1\n", "yaml") == "```yaml\n  a:\n    b: 1\n```"


@pytest.mark.parametrize("language", ["a b", "`", "```", "x\ny", "\u00fc", "{.py}"])
def test_fence_leaves_out_what_is_no_language(language):
    """Discord would show it as a line of code, or end the fence there."""
    assert fence("a", language) == "```\na\n```"


@pytest.mark.parametrize("code", ["", "\n", " \n\t\n"])
def test_fence_of_nothing_is_nothing(code):
    """An empty fence would show its backticks."""
    assert fence(code) == ""


def test_fence_holds_a_fence():
    """Backticks that would end it get something invisible in between; two in a row do not."""
    shown = fence("```py\n``a``\n````")
    assert shown.count("```") == 2
    assert "``a``" in shown
    assert parse(shown).text.replace(ZERO_WIDTH_SPACE, "") == "```py\n``a``\n````"


@settings(max_examples=150, deadline=None)
@given(hostile_text | st.text(st.sampled_from("`~> \n\\*a"), max_size=30), languages)
@example("`", "")
@example("a\n```\n**b**", "yaml")
@example("> ```", "")
def test_fence_is_closed_by_its_own_end_only(code, language):
    """Whatever the code holds, all of it is shown inside, and what follows is read as before."""
    block = fence(code, language)
    if not block:
        return
    quoted = "\n".join(f"> {line}" for line in f"a\n{block}\nb".split("\n"))
    for whole in (f"a\n{block}\nb\n-# **c**", f"{quoted}\n-# **c**"):
        rendered = parse(whole)
        assert [item.kind for item in rendered.active] == ["code fence", "subtext"]
        assert rendered.runs("bold") == ["c"]
        shown = rendered.text.replace(ZERO_WIDTH_SPACE, "")
        inner = _without_blank_ends(code).replace(ZERO_WIDTH_SPACE, "").strip("\n")
        assert shown.split() == ["a", *inner.split(), "b", "c"]


@pytest.mark.parametrize("text", ["", " ", "a`b", "`", "a\nb"])
def test_some_text_fits_no_span(text):
    """Nothing, backticks and line breaks cannot stand in inline code everywhere."""
    assert not fits_span(text)


@settings(max_examples=100, deadline=None)
@given(hostile_sentence.filter(fits_span))
def test_code_span_shows_its_text(code):
    """Nothing inside acts, and it ends where it should."""
    rendered = parse(f"**a** {code_span(code)} **b**")
    assert rendered.text == f"a {code} b"
    assert rendered.kinds == {"code"}
    assert rendered.runs("bold") == ["a", "b"]


def test_code_span_keeps_white_space_outside():
    """Discord's clients do not agree on white space at its ends."""
    assert code_span(" a ") == " `a` "
