"""The trial of regular expressions knows all of them."""

from tests.trials.regexes import ARGUED, NOT_CONSTANT, expressions


def test_trial_reads_every_regular_expression_of_the_program():
    """An expression that is no constant is listed with a reason; all others are tried."""
    found, unread = expressions()
    assert set(unread) == set(NOT_CONSTANT)
    assert set(ARGUED) <= set(found)
    patterns = {one.pattern for one in found.values()}
    assert {r"[^\W_]+", r'[<>:"/\\|?*]', r"\d+"} <= patterns
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
