"""How near a question is to passages, their lines and their tokens."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents import Document, Paragraph
from index.passages.split_passages import split_passages
from index.vectors.similarity import QuerySimilarity, VectorIndex
from tests.support.in_memory import WordEncoder, as_encoder, passage_lines, passage_vectors

quick = settings(max_examples=80, deadline=None, derandomize=True)

TEXTS = (
    "The bell rang twice. The choir sang on the pier.",
    "Herring boats leave before dawn.",
    "The lighthouse burned. It was rebuilt. Grey stone was used.",
    "Snow fell. The bell was silent.",
    "Herring boats leave before dawn.",
)
QUESTIONS = ("who rang the bell?", "herring boats", "choir dawn snow", "zyzzyva", "")


def _passages(texts=TEXTS):
    paragraphs = tuple(Paragraph(n, text) for n, text in enumerate(texts, start=1))
    split = split_passages(Document("a.txt", "Lowmere", paragraphs))
    return [replace(passage, section="Of Lowmere") for passage in split]


@pytest.fixture(scope="module")
def encoder():
    """An encoder that is made up; it keeps nothing but what it has read."""
    return WordEncoder()


@pytest.fixture(scope="module", params=["all", "no lines", "no tokens", "neither"])
def vectors(request, encoder):
    """The vectors of five passages, of each kind."""
    kinds = {
        "has_lines": request.param in ("all", "no tokens"),
        "has_tokens": request.param in ("all", "no lines"),
    }
    return passage_vectors(passage_lines(_passages()), encoder, **kinds)


@pytest.fixture(scope="module")
def full(encoder):
    """The vectors of five passages, with lines and tokens."""
    return passage_vectors(passage_lines(_passages()), encoder)


def _similarity(vectors, encoder, *parts):
    return QuerySimilarity(vectors, [(encoder.encode_question(text), w) for text, w in parts])


def _rows(*rows):
    return np.array(rows, dtype=np.int32)


ALL = _rows(*range(len(TEXTS)))


@given(
    st.lists(st.tuples(st.sampled_from(QUESTIONS), st.floats(0.1, 1)), min_size=1, max_size=3),
    st.lists(st.integers(0, len(TEXTS) - 1), min_size=1, max_size=9),
)
@quick
def test_scores_of_some_passages_are_those_of_all(vectors, encoder, parts, rows):
    """Asked for some rows, in any order and with repeats, the scores are those rows' own."""
    near = _similarity(vectors, encoder, *parts)
    scores = [near.passages, near.best_lines, *([near.tokens] if near.has_tokens else [])]
    for scored in scores:
        every = scored(ALL)
        assert (every.dtype, every.shape) == (np.float64, (5,))
        assert scored(_rows(*rows)) == pytest.approx(every[rows], abs=2e-5)
    assert [near.nearest(row) for row in rows] == pytest.approx(
        [max(near.passages(ALL)[row], near.best_lines(ALL)[row]) for row in rows], abs=2e-5
    )


def test_as_many_rows_as_passages_need_not_be_all_of_them(full, encoder):
    """Repeats and another order give the scores of the rows that are named."""
    near = _similarity(full, encoder, ("bell", 1.0))
    for scored in (near.passages, near.best_lines, near.tokens):
        every = scored(ALL)
        for rows in ([1, 1, 2, 0, 4], [4, 3, 2, 1, 0]):
            assert scored(_rows(*rows)) == pytest.approx(every[rows], abs=2e-5)


def test_scores_are_what_their_vectors_say(full, encoder):
    """Passages have their own cosine, and that of the nearest of the line above and sentences."""
    near = _similarity(full, encoder, ("the bell was silent", 1.0))
    asked = encoder.encode_question("the bell was silent").vector
    for row, passage in enumerate(_passages()):
        whole = f"Of Lowmere\n{passage.text}"
        lines = ["Of Lowmere", *(passage.text[s.start : s.end] for s in passage.sentences)]
        cosines = [float(asked @ encoder.encode_question(text).vector) for text in (whole, *lines)]
        assert near.passages(ALL)[row] == pytest.approx(cosines[0], abs=1e-5)
        assert near.best_lines(ALL)[row] == pytest.approx(max(cosines[1:]), abs=1e-5)


def test_best_line_without_lines_is_the_passage(encoder):
    """A large corpus has no vectors of its lines."""
    vectors = passage_vectors(passage_lines(_passages()), encoder, has_lines=False)
    near = _similarity(vectors, encoder, ("bell", 1.0))
    assert not near.has_lines
    assert near.best_lines(ALL).tolist() == near.passages(ALL).tolist()


def test_scores_of_turns_are_mixed_by_weight(vectors, encoder):
    """A conversation has the weighted mean of the scores of its questions, whatever their sum."""
    first, second = (_similarity(vectors, encoder, (text, 1.0)) for text in QUESTIONS[:2])
    for scale in (1, 10):
        parts = (QUESTIONS[0], 0.75 * scale), (QUESTIONS[1], 0.25 * scale)
        both = _similarity(vectors, encoder, *parts)
        mixed = 0.75 * first.passages(ALL) + 0.25 * second.passages(ALL)
        assert both.passages(ALL) == pytest.approx(mixed, abs=3e-5)
        if both.has_tokens:
            mixed = 0.75 * first.tokens(ALL) + 0.25 * second.tokens(ALL)
            assert both.tokens(ALL) == pytest.approx(mixed, abs=3e-5)


def test_best_line_is_best_for_each_turn(full, encoder):
    """The nearest line of one turn may be another than that of the next."""
    first, second = (_similarity(full, encoder, (text, 1.0)) for text in ("bell", "choir"))
    both = _similarity(full, encoder, ("bell", 1.0), ("choir", 1.0))
    mixed = (first.best_lines(ALL) + second.best_lines(ALL)) / 2
    assert both.best_lines(ALL) == pytest.approx(mixed, abs=3e-5)


def test_question_of_unknown_words_is_near_to_nothing(full, encoder):
    """A question without a token has scores of zero everywhere."""
    near = _similarity(full, encoder, ("", 1.0))
    for scored in (near.passages, near.best_lines, near.tokens):
        assert scored(ALL).tolist() == [0] * 5


def test_passages_of_the_same_text_tie(full, encoder):
    """Equal texts have equal scores to the last bit, so that their order is that of the rows."""
    near = _similarity(full, encoder, ("who saw the herring boats?", 1.0), ("dawn", 0.5))
    for scored in (near.passages, near.best_lines, near.tokens):
        assert scored(ALL)[1] == scored(ALL)[4]


def test_rare_words_weigh_more_than_common_ones(full, encoder):
    """Late interaction goes by what few passages hold."""
    tokens = _similarity(full, encoder, ("the choir", 1.0)).tokens(ALL)
    assert int(tokens.argmax()) == 0
    assert tokens[0] > tokens[2] + 0.3  # "the" stands in both


# Some of the passages


def test_some_passages_are_measured_and_counted_as_if_they_were_alone(full, encoder):
    """What off-topic questions reach, and how rare a word piece is, are theirs."""
    alone = passage_vectors(passage_lines(_passages(TEXTS[2:])), encoder)
    part = full.within(_rows(2, 3, 4))
    assert part.measures.off_topic_mean == pytest.approx(alone.measures.off_topic_mean)
    assert part.measures.off_topic_deviation == pytest.approx(alone.measures.off_topic_deviation)
    assert part.n_counted == 3
    assert part.frequencies[: len(alone.frequencies)].tolist() == alone.frequencies.tolist()


@pytest.mark.parametrize("question", QUESTIONS[:3])
def test_tokens_of_some_passages_rank_as_if_they_were_alone(full, encoder, question):
    """What these have in common is taken from them; the others have no tokens any more."""
    alone = passage_vectors(passage_lines(_passages(TEXTS[2:])), encoder)
    part = full.within(_rows(2, 3, 4))
    expected = _similarity(alone, encoder, (question, 1.0)).tokens(_rows(0, 1, 2))
    found = _similarity(part, encoder, (question, 1.0))
    assert found.tokens(_rows(2, 3, 4)) == pytest.approx(expected, abs=0.15)
    assert int(found.tokens(_rows(2, 3, 4)).argmax()) == int(expected.argmax())
    assert found.tokens(_rows(0, 1)).tolist() == [0, 0]
    assert len(found.likeness(3)) == 3  # the line above and two sentences


def test_tokens_with_few_dimensions_stay_as_they_are(encoder):
    """Those of a large corpus differ too little in other directions, and would take memory."""
    few = passage_vectors(passage_lines(_passages()), encoder, n_directions=64)
    part = few.within(_rows(2, 3, 4))
    assert part.files is few.files
    assert part.centre is None


# Lines


def test_likeness_finds_the_line_that_answers(full, encoder):
    """Of the line above and the sentences, the one with the words of the question is nearest."""
    likeness = _similarity(full, encoder, ("grey stone", 1.0)).likeness(2)
    assert len(likeness) == 4
    assert int(likeness.argmax()) == 3
    assert int(_similarity(full, encoder, ("of lowmere", 1.0)).likeness(2).argmax()) == 0


def test_likeness_is_the_mean_of_cosine_and_tokens(encoder, full):
    """Cosines are scaled to the spread of MaxSim; what there is none of does not count."""
    lines = passage_lines(_passages())
    parts = ("grey stone", 1.0)
    both = _similarity(full, encoder, parts).likeness(2)
    no_tokens = passage_vectors(lines, encoder, has_tokens=False)
    no_lines = passage_vectors(lines, encoder, has_lines=False)
    by_vectors = _similarity(no_tokens, encoder, parts).likeness(2)
    by_tokens = _similarity(no_lines, encoder, parts).likeness(2)
    assert both == pytest.approx((by_vectors + by_tokens) / 2, abs=1e-4)
    scale = full.measures.token_spread / full.measures.spread
    asked = encoder.encode_question("grey stone").vector
    cosine = float(asked @ encoder.encode_question("Grey stone was used.").vector)
    assert by_vectors[3] == pytest.approx(scale * cosine, abs=1e-3)
    neither = passage_vectors(lines, encoder, has_lines=False, has_tokens=False)
    assert _similarity(neither, encoder, parts).likeness(2) is None


@given(
    st.sampled_from(QUESTIONS),
    st.sets(st.sampled_from(ALL.tolist()), min_size=1),
    st.integers(1, 7),
)
@quick
def test_best_rows_are_those_with_the_nearest_lines(vectors, encoder, question, asked, k):
    """No passage that is left out is nearer by its best line than one that is named."""
    near = _similarity(vectors, encoder, (question, 1.0))
    best = near.best_rows(np.array(sorted(asked), dtype=np.int32), k).tolist()
    assert len(set(best)) == len(best) == min(k, len(asked))
    scores = near.best_lines(ALL).tolist()
    left = [scores[row] for row in asked.difference(best)]
    assert min(scores[row] for row in best) >= max(left, default=-1)


# An index and its encoder


def test_vector_index_encodes_questions_and_their_turns(full, encoder):
    """What it returns is the similarity of the encoded texts."""
    index = VectorIndex(full, as_encoder(encoder))
    parts = [("bell", 1.0), ("choir", 0.5)]
    expected = _similarity(full, encoder, *parts)
    assert index.similarity(parts).passages(ALL).tolist() == expected.passages(ALL).tolist()
    assert index.measures is full.measures


def test_texts_are_encoded_once(full):
    """The vectors of taught questions are remembered, in any order and with repeats."""
    encoder = WordEncoder()
    index = VectorIndex(full, as_encoder(encoder))
    first = index.vectors_of(["bell", "boat", "bell"])
    assert encoder.read == ["bell", "boat"]
    assert first[0].tolist() == first[2].tolist()
    again = index.vectors_of(["eel", "boat"])
    assert encoder.read == ["bell", "boat", "eel"]
    assert again[1].tolist() == first[1].tolist()
