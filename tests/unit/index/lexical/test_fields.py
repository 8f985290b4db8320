"""Words in three spellings: what a stemmer keeps apart is found all the same."""

import pytest

from index.documents import Document, Paragraph
from index.lexical.fields import CONTEXT_WEIGHT, PREFIX_CHARS, word_keys
from index.passages.split_passages import split_passages
from tests.support.in_memory import lexical_index

FILLER = ("The pier is long.", "Nets dry.", "Rain fell.")


def _lexical(*paragraphs, title="Notes"):
    pairs = [p if isinstance(p, tuple) else (p, None) for p in paragraphs]
    numbered = tuple(Paragraph(n, *pair) for n, pair in enumerate(pairs, start=1))
    return lexical_index(list(split_passages(Document("notes.txt", title, numbered))))


def _matching(lexical, *words):
    return lexical.word_scores(words)[1].tolist()


def test_keys_of_a_word_are_its_stem_the_beginning_and_itself():
    """A word has three keys, from the widest to the narrowest but for the prefix."""
    assert word_keys("negotiators") == ("negoti", "negot", "negotiators")
    assert word_keys("eel") == ("eel", "eel", "eel")
    assert PREFIX_CHARS == 5


@pytest.mark.parametrize(
    ("asked", "written"),
    [("boat", "boats"), ("negotiate", "negotiator"), ("drowned", "drowning"), ("eel", "eel")],
)
def test_word_matches_its_other_forms(asked, written):
    """Endings and derivations are joined by stem or by beginning."""
    lexical = _lexical(f"The {written} came.", *FILLER)
    assert _matching(lexical, asked) == [True, False, False, False]
    assert asked in lexical


def test_word_scores_more_in_the_spelling_that_was_asked():
    """The surface key puts the same spelling before another form of the word."""
    scores, _ = _lexical("The boats left.", "The boat left.", *FILLER).word_scores(("boat",))
    assert scores[1] > scores[0] > 0


def test_numbers_that_share_their_first_digits_are_not_the_same():
    """A number is not cut to a beginning: 20,000 is not 200,000, nor 147.51 147.52."""
    lexical = _lexical("It cost 200000.", "It rose by 147.52.", *FILLER)
    assert not any(_matching(lexical, "20000"))
    assert not any(_matching(lexical, "147.51"))


def test_words_of_a_phrase_add_up():
    """The score of several words is the sum of theirs; any of them is a match."""
    lexical = _lexical("The bell rang.", "A boat left.", *FILLER)
    both, matching = lexical.word_scores(("bell", "boat"))
    alone = lexical.word_scores(("bell",))[0] + lexical.word_scores(("boat",))[0]
    assert both == pytest.approx(alone)
    assert matching.tolist() == [True, True, False, False, False]


def test_words_of_the_context_match_with_a_lower_weight():
    """A word of an outer heading is held by the passages below and scores less than in the text."""
    outer = "Tower \u203a Fires"
    lexical = _lexical(("It burned twice.", outer), ("The tower stands.", "Sights"), *FILLER)
    scores, matching = lexical.word_scores(("tower",))
    assert matching.tolist() == [True, True, False, False, False]
    assert scores[1] > scores[0] > 0
    assert 0 < CONTEXT_WEIGHT < 1


def test_words_of_the_innermost_heading_count_as_text():
    """It says what the text below it is about."""
    lexical = _lexical(("It burned.", "Tower"), "The tower burned.", *FILLER)
    scores, _ = lexical.word_scores(("tower",))
    assert scores[0] == pytest.approx(scores[1])


def test_word_of_the_title_alone_is_known():
    """A word that only the title holds is one of the corpus, and every passage matches."""
    lexical = _lexical("They left.", "Boats came.", title="Lowmere")
    assert "lowmere" in lexical
    assert _matching(lexical, "lowmere") == [True, True]


def test_unknown_word_scores_nothing_and_has_the_largest_idf():
    """A word of no passage matches none, and its idf is the largest."""
    lexical = _lexical("The bell rang.", "The bell broke.", *FILLER)
    scores, matching = lexical.word_scores(("whale",))
    assert (scores.tolist(), matching.tolist()) == ([0] * 5, [False] * 5)
    assert "whale" not in lexical
    assert lexical.idf("whale") > lexical.idf("pier") > lexical.idf("bell")
    assert lexical.idf("bell") > 0


@pytest.mark.parametrize("words", [(), ("bell",)])
def test_index_without_passages_scores_none(words):
    """An index of nothing has empty scores."""
    scores, matching = lexical_index([]).word_scores(words)
    assert (scores.shape, matching.shape) == ((0,), (0,))
