"""The sentences of a paragraph, as character offsets."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.analysis import sentences as sentences_module
from index.analysis.sentences import ends_sentence, is_abbreviation, split_sentences

quick = settings(max_examples=60, deadline=None, derandomize=True)
PIECES = (
    'Mr. The bell rang. Why? No! 1. (b) U.S. ... "Go." e.g. ) \u201cYes.\u201d iv. 3.5 \u2026'
).split()
SPACES = ["\n", "\t", "\u00a0", "\u2028", "\x1c"]
pieces = st.lists(st.sampled_from(PIECES + SPACES))
texts = pieces.map(" ".join) | pieces.map("".join) | st.text()


def _sentences(text):
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The bell rang.", "Nobody drowned!", "Who heard it?"],
        ["Mr. Finch met Gen. Oakes at 5 p.m. on Oct. 7.", "They spoke."],
        ["He sailed to the U.S. in May.", "He stayed."],
        ["He left the U.S.", "He stayed away."],
        ["It cost 3.50 crowns.", "It was cheap."],
        ["\u201cThe tide turns.\u201d", "He nodded."],
        ['She said "Stop."', "They stopped."],
        ["(The pier is closed.)", "Use the steps."],
        ["Boats Ltd. and Nets Inc. merged.", "Prices fell."],
    ],
)
def test_sentences_end_at_final_marks_but_not_at_abbreviations(sentences):
    """A paragraph of known sentences is split into exactly these."""
    assert _sentences(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("- nets\n- ropes\n- lamps", ["- nets", "- ropes", "- lamps"]),
        ("1. Cast off.\n2. Row out.", ["1. Cast off.", "2. Row out."]),
        ("Steps: (a) Cast off. (b) Row out.", ["Steps: (a) Cast off.", "(b) Row out."]),
        ("1. Cast off. 2. Row out.", ["1. Cast off.", "2. Row out."]),
        ("nets\n\n  ropes", ["nets", "  ropes"]),
        ("Look at rule\n3.", ["Look at rule", "3."]),
    ],
)
def test_sentences_of_a_list_are_its_lines(text, sentences):
    """Each line of a list is a unit, and an enumerator stays with what it counts."""
    assert [s.strip() for s in _sentences(text)] == [s.strip() for s in sentences]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0\t"])
def test_sentences_of_white_space_are_none(text):
    """White space holds no sentence."""
    assert split_sentences(text) == []


@given(texts)
@example("1. 2. 3.")
@example("(a)")
@quick
def test_sentences_cover_everything_but_white_space(text):
    """Spans are in order, do not overlap, and only white space lies outside them."""
    position = 0
    for start, end in split_sentences(text):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end].strip()
        position = end
    assert not text[position:].strip()


def _assert_covers(text):
    position = 0
    for start, end in split_sentences(text):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        position = end
    assert not text[position:].strip()


@pytest.mark.parametrize(
    "unit",
    [
        "a. ",
        "a.",
        "? ",
        "1. ",
        "Mr. ",
        "a",
        "\u3000",
        "a.\u00a0",
        "The bell rang. ",
        f"{'w' * 999} ",
    ],
)
def test_sentences_of_a_megabyte_on_one_line_come_in_linear_time(unit):
    """A line of any length and make is covered without a time-out of the library."""
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    _assert_covers(text)
    assert time.process_time() - started < 6  # seconds; 2 on an idle machine


def test_sentences_of_a_long_line_are_those_of_a_short_one():
    """Only where pieces of a very long line meet may a sentence be parted."""
    sentence = "The bell rang at 5 p.m. in the U.S. for Mr. Finch."
    sentences = _sentences(" ".join([sentence] * 2000))
    assert sentences.count(sentence) > 1980
    assert " ".join(sentences) == " ".join([sentence] * 2000)


def test_sentences_survive_a_time_out_of_the_library(monkeypatch):
    """Where Punkt gives up, the line is one sentence."""

    def give_up(_):
        raise TimeoutError("regex timed out")
        yield

    monkeypatch.setattr(sentences_module._splitter("en"), "span_tokenize", give_up)
    assert _sentences(" The bell rang. Why? ") == ["The bell rang. Why?"]
    assert _sentences("  ") == []


@given(st.lists(texts, max_size=5))
@quick
def test_sentences_never_cross_a_line_end(lines):
    """No sentence holds a line end."""
    assert not any("\n" in sentence for sentence in _sentences("\n".join(lines)))


@pytest.mark.parametrize(
    "text", ["Yes.", "Yes!", "Yes? ", "Yes\u2026", 'Yes."', "(Yes.)", "No.\u201d]"]
)
def test_ends_sentence_sees_the_mark_behind_quotes_and_brackets(text):
    """Closing quotes, brackets and spaces do not hide a final mark."""
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["", "Yes", "Yes:", "Yes,", "(Yes)", "\u201d", "- item;"])
def test_ends_sentence_is_false_without_a_final_mark(text):
    """A colon, comma, semicolon or bare word ends no sentence."""
    assert not ends_sentence(text)


@pytest.mark.parametrize(
    ("word", "truth"),
    [("Inc.", True), ("JR.", True), ("U.S.", True), ("Inc", False), ("boat.", False), (".", False)],
)
def test_is_abbreviation_needs_a_known_word_and_its_dot(word, truth):
    """Only known short forms written with their final dot are abbreviations."""
    assert is_abbreviation(word) is truth


# What Punkt decides by: marks, abbreviations, initials, numbers, quotes, capitals.
_pieces = st.sampled_from(
    'the boat sank etc e.g. Mr. gen. U.S. a.m. J. 3.5 7. no. 12 Dr ... ! ? . .. said.\' "He" It'
    " (see) it.) don't well-known. so-called it's. Ok. bell! rang? x. ab. sept. May-be I A --"
    " stone.\u201d \u201cShe \u00c9tat \u00e9t\u00e9. 'tis a1. _b. Is".split()
)


@given(st.lists(_pieces, max_size=25), st.sampled_from([" ", "  ", "\t"]))
@example(["the", "boat", "sank.", "It", "rang?", "Is"], " ")
@settings(max_examples=500, deadline=None, derandomize=True)
def test_sentences_are_punkts_own(pieces, space):
    """Where Punkt is not asked about a mark, it would have said the same."""
    text = space.join(pieces)
    assert sentences_module._punkt_sentences(text, 0, "en") == list(
        sentences_module._splitter("en").span_tokenize(text)
    )


def test_english_sentence_with_a_thai_word_is_one_sentence():
    """Only what is mostly in a script without final marks is cut between clauses."""
    sentence = (
        "The keeper wrote \u0e1b\u0e23\u0e30\u0e20\u0e32\u0e04\u0e32\u0e23 over the door of the "
        "lighthouse, and nobody in the village ever learned what the word says."
    )
    assert _sentences(sentence) == [sentence]
    thai = "\u0e1b\u0e23\u0e30\u0e20\u0e32\u0e04\u0e32\u0e23 Lowmere " * 12
    assert len(_sentences(thai)) > 1
