"""Excerpts: whole sentences around the one that answers, within the room there is."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.quote import Quote
from bot.rendering.excerpts import choose_excerpt
from tests.support.data.strategies import quote_of

SENTENCES = ("One boat left.", "Two boats stayed behind.", "Three sank.", "Four came home late.")


def _quote(sentences=SENTENCES, highlighted=None):
    return quote_of(sentences, highlighted)


def _characters(start, end):
    """Charge one for each character."""
    return end - start


def _excerpt(quote, room, cost=_characters, **options):
    start, end = choose_excerpt(quote, room, cost, **options)
    return quote.text[start:end]


@pytest.mark.parametrize("highlighted", [None, 0, 1, 2, 3])
def test_excerpt_is_the_whole_text_where_it_fits(highlighted):
    """With room for all, nothing is cut."""
    quote = _quote(highlighted=highlighted)
    assert _excerpt(quote, len(quote.text)) == quote.text


def test_excerpt_begins_with_the_answering_sentence():
    """In the smallest room for a sentence stands the one that answers."""
    assert _excerpt(_quote(highlighted=2), len("Three sank.")) == "Three sank."


def test_excerpt_without_an_answering_sentence_begins_with_the_first():
    """Where none is known to answer, the first sentence is shown."""
    assert _excerpt(_quote(), 20) == "One boat left."


def test_excerpt_grows_forwards_before_backwards():
    """The sentence after is preferred to the one before."""
    quote = _quote(highlighted=1)
    both = "Two boats stayed behind. Three sank."
    assert _excerpt(quote, len(both)) == both


def test_excerpt_grows_backwards_where_it_cannot_grow_forwards():
    """At the end of the text, the sentence before is added."""
    quote = _quote(highlighted=3)
    both = "Three sank. Four came home late."
    assert _excerpt(quote, len(both)) == both


def test_excerpt_grows_in_turn():
    """What answers stands in the middle where there is room on both sides."""
    quote = _quote(["a" * 10] * 9, highlighted=4)
    assert choose_excerpt(quote, 35, _characters) == (33, 65)


def test_excerpt_cuts_a_long_sentence_at_a_words_end():
    """A sentence beyond the room ends with its last whole word that fits."""
    assert _excerpt(_quote(highlighted=1), len("Two boats sta")) == "Two boats"


def test_excerpt_cuts_a_word_that_is_longer_than_the_room():
    """A word without spaces is cut between characters."""
    assert _excerpt(_quote(["a" * 50]), 10) == "a" * 10


def test_excerpt_counts_what_the_surface_charges():
    """A surface where each character costs two halves what fits."""
    room = 2 * len("Three sank.")
    text = _excerpt(_quote(highlighted=2), room, cost=lambda start, end: 2 * (end - start))
    assert text == "Three sank."


def test_excerpt_of_a_text_without_sentences_is_a_piece_of_it():
    """A text whose sentences are unknown counts as one sentence."""
    quote = Quote("just words here", "a.txt", "A", None, 1, 1.0, None, ())
    assert _excerpt(quote, 99) == "just words here"


@settings(max_examples=80, deadline=None)
@given(
    sentences=st.lists(
        st.text(st.sampled_from("ab *\U0001f600"), min_size=1, max_size=60), min_size=1, max_size=6
    ),
    room=st.integers(10, 300),
    pick=st.integers(0, 5),
)
def test_excerpt_fits_and_begins_at_a_sentence(sentences, room, pick):
    """Any excerpt is non-empty, within the room, and begins where a sentence does."""
    quote = _quote(sentences, highlighted=pick % len(sentences))
    start, end = choose_excerpt(quote, room, _characters)
    assert 0 <= start < end <= len(quote.text)
    assert end - start <= room
    assert start in [span[0] for span in quote.sentences]
    assert start <= quote.highlight[0] < end


def test_excerpt_of_a_joined_quote_shows_what_answers_in_each_passage():
    """The sentence between two that answer is shown before one that is only beside them."""
    quote = replace(_quote(highlighted=1), joined=(_quote(highlighted=3).highlight,))
    wanted = "Two boats stayed behind. Three sank. Four came home late."
    assert _excerpt(quote, len(wanted)) == wanted
    without = "One boat left. Two boats stayed behind. Three sank."
    assert _excerpt(quote, len(wanted) - 1) == without
