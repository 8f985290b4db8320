"""Accents are joined to their letters, and pages of mere shapes are told."""

import pytest

from index.documents.readers.pdf.letters import is_garbled, with_accents


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        ("na\u00a8\u0131ve K\u00a8usten", "na\u00efve K\u00fcsten"),
        ("caf\u00b4e, \u02c7Capek, \u02d9Zuk", "caf\u00e9, \u010capek, \u017buk"),
        ("it\u00b4s l\u00b4eau qu\u00b4il", "it\u00b4s l\u00b4eau qu\u00b4il"),
        ("5 \u00a8 6, \u00a8x", "5 \u00a8 6, \u1e8d"),
    ],
)
def test_accents_before_letters_are_joined_to_them(drawn, read):
    """LaTeX draws them apart with older fonts; an apostrophe is none."""
    assert with_accents(drawn) == read


def test_page_of_shapes_is_no_text():
    """A font without names for its letters makes signs of them; leading dots are none."""
    assert is_garbled(["% ' (-.45)& 2 %%% + $ 3*" * 20])
    assert not is_garbled(["Boats . . . . . . . . . . . . . . . . . . . . . . . . . 12"] * 9)
    assert not is_garbled(["%&"])
