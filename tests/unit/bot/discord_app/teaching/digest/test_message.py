"""What a digest shows, and what Discord takes."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord_app.teaching.digest.content import DigestEntry
from bot.discord_app.teaching.digest.message import digest_message
from bot.languages import ENGLISH, LANGUAGES, catalogue
from tests.standin.rules.message_rules import message_problems
from tests.standin.rules.rules import V2_FLAG
from tests.support.data.questions import open_group
from tests.support.data.strategies import languages, typed_text


def _entries(n_unanswered, n_disliked, question="what about penguins?"):
    groups = [
        open_group(f"{question} {n}", "penguins?", id=n) for n in range(n_unanswered + n_disliked)
    ]
    return [
        DigestEntry(group, "harbour.txt, paragraph 4" if group.id >= n_unanswered else None)
        for group in groups
    ]


def _sent(shown):
    """Return what is sent of a digest, and the problems that Discord has with it."""
    if shown.card is not None:
        message = {"flags": V2_FLAG, "components": shown.card.to_components()}
    else:
        message = {"content": shown.plain, "components": shown.buttons.to_components()}
    return json.dumps(message, ensure_ascii=False), message_problems(message)


@given(
    st.lists(
        st.tuples(typed_text, typed_text, st.none() | typed_text),
        min_size=1,
        max_size=14,
    ),
    languages,
    st.booleans(),
)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_digest_keeps_discords_limits(rows, say, plain):
    """Whatever was asked and quoted, in each language, it can be sent."""
    entries = [
        DigestEntry(open_group(question, other, id=n), quoted)
        for n, (question, other, quoted) in enumerate(rows)
    ]
    shown = digest_message(entries, say, plain=plain)
    assert _sent(shown)[1] == []
    assert message_problems({"content": shown.plain}) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("plain", [False, True])
def test_longest_digest_fits_in_every_language(language, plain):
    """Every character of the questions and citations is one that is escaped."""
    entries = [
        DigestEntry(open_group("*" * 500, "_" * 500, id=n), "~" * 500 if n > 6 else None)
        for n in range(30)
    ]
    text, problems = _sent(digest_message(entries, catalogue(language), plain=plain))
    assert problems == []
    assert "pq:teach:0" in text


def test_entries_stand_under_their_headings_and_the_rest_is_counted():
    """Those without an answer come first; of those with a thumbs down there are three at most."""
    text, problems = _sent(digest_message(_entries(9, 4), ENGLISH, plain=False))
    assert problems == []
    assert [f"penguins? {n}" in text for n in range(13)] == [
        *[True] * 5, *[False] * 4, *[True] * 3, False
    ]  # fmt: skip
    assert text.index("Without an answer") < text.index("With a thumbs down")
    assert text.index("penguins? 4") < text.index("With a thumbs down") < text.index("penguins? 9")
    assert "and 5 more" in text


def test_section_without_entries_has_no_heading():
    """Nor is anything counted where all is shown."""
    text, _ = _sent(digest_message(_entries(2, 0), ENGLISH, plain=False))
    assert "With a thumbs down" not in text
    assert " more " not in text


def test_plain_digest_numbers_its_entries_and_their_buttons():
    """The buttons stand below the text, so each says which entry it is for."""
    text, problems = _sent(digest_message(_entries(1, 1), ENGLISH, plain=True))
    assert problems == []
    for label in ("1. Teach", "1. Dismiss", "2. Teach", "2. Dismiss"):
        assert label in text
    assert "I quoted: harbour.txt" in text


def test_digest_leads_to_nobody():
    """It has no link to the message of a question, whose author everybody could see."""
    for plain in (False, True):
        text, _ = _sent(digest_message(_entries(3, 2), ENGLISH, plain=plain))
        assert "https://" not in text
        assert "<@" not in text
