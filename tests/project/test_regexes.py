"""The trial of regular expressions knows all of them."""

import importlib
import time

import pytest

from tests.trials.regexes import ARGUED, NOT_CONSTANT, expressions


def test_trial_reads_every_regular_expression_of_the_program():
    """An expression that is no constant is listed with a reason; all others are tried."""
    found, unread = expressions()
    assert set(unread) == set(NOT_CONSTANT)
    assert set(ARGUED) <= set(found)
    patterns = {one.pattern for one in found.values()}
    assert {r"[^\W_]+", r'[<>:"/\\|?*]', r"\S+"} <= patterns
    assert (
        len(
            [
                place
                for place in found
                if place.startswith("bot.answering.quote_references._PATTERNS[")
            ]
        )
        > 2
    )


@pytest.mark.parametrize(
    ("place", "sign"),
    [
        ("index.search.ranking.spellings._WITH_NUMBER", "a"),
        ("index.search.ranking.exact_phrases._CODE", "a"),
        ("index.documents.readers.markdown.preparation.page._PICTURE", "\n"),
        ("index.documents.readers.markdown.preparation.comments._BEFORE_TEXT", " "),
        ("index.documents.readers.markdown.preparation.admonitions._SLASHES_OPTION", " "),
    ],
)
def test_expression_for_the_beginning_of_a_text_is_not_tried_at_each_character(place, sign):
    """Such an expression looks at a long text once, not once for each of its characters."""
    module, _, name = place.rpartition(".")
    pattern = getattr(importlib.import_module(module), name)
    started = time.process_time()
    assert pattern.search(sign * 20_000 + "\x00") is None
    assert time.process_time() - started < 1
