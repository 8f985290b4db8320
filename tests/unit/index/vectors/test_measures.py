"""What cosines are usual: measured for each encoder and each corpus."""

import numpy as np
import pytest

from index.vectors import measures as measures_module
from index.vectors.measures import (
    Measures,
    measure,
    open_frequencies,
    open_off_topic,
    write_frequencies,
    write_off_topic,
)
from index.vectors.vector_files import EncodedPassage, EncoderRecord, VectorFiles, write_encoded
from tests.support.in_memory import WordEncoder, as_encoder
from tests.unit.index.vectors.conftest import basis_of, encoded_passage, record_of

TEXTS = (
    "Herring boats leave the harbour of Lowmere before dawn.",
    "The lighthouse burned in 1802 and was rebuilt from grey stone.",
    "The mill belonged to the Thorne family.",
)


def _files(folder, encoder):
    """Return the vectors of the texts, without lines and tokens."""
    record = EncoderRecord("", "0", has_lines=False, has_tokens=False, basis_tokens=0)
    folder.mkdir()
    made = []
    for key, text in enumerate(TEXTS):
        vector = encoder.encode_passage(text).vector
        none = np.empty((0, 0), np.int8), np.empty(0, np.uint32), np.empty(0, np.int64)
        made.append(EncodedPassage(key, vector, np.empty((0, len(vector)), np.float32), *none))
    write_encoded(folder, record, None, made)
    return VectorFiles.open(folder)


@pytest.fixture(scope="module")
def measured(packaged, tmp_path_factory):
    """The measures of the package's encoder over three texts."""
    return measure(packaged, _files(tmp_path_factory.mktemp("measured") / "files", packaged))


def test_spreads_of_the_encoder_are_near_those_of_the_question_sets(packaged, monkeypatch):
    """Measured as for any other encoder they are near the constants, so both ways agree."""
    measures_module._usual.cache_clear()
    monkeypatch.setattr(packaged, "is_packaged", False)
    spread, token_spread, off_topic = measures_module._usual(packaged)
    measures_module._usual.cache_clear()
    assert spread == pytest.approx(measures_module._PACKAGED_SPREAD, abs=0.006)
    assert token_spread == pytest.approx(measures_module._PACKAGED_TOKEN_SPREAD, abs=0.025)
    assert off_topic == pytest.approx(measures_module._PACKAGED_OFF_TOPIC, abs=0.01)


def test_measures_are_plausible(measured, packaged):
    """Questions about other things reach less than an answered one, and more than random ones."""
    assert (measured.spread, measured.token_spread) == (0.02, 0.08)
    assert 0 < measured.alike < 1
    assert 0.6 < measured.off_topic_mean < measured.alike
    assert measured.off_topic_deviation >= measured.spread / 2
    vectors = np.stack([packaged.encode_passage(text).vector for text in TEXTS])
    answered = packaged.encode_question("When did the lighthouse burn?").vector
    strange = packaged.encode_question("How do quantum computers factor numbers?").vector
    assert measured.above_off_topic(float((vectors @ answered).max())) > 2
    assert measured.above_off_topic(float((vectors @ strange).max())) < 2


def test_measures_of_another_encoder_are_its_own(tmp_path):
    """Nothing is taken from the encoder of the package."""
    encoder = as_encoder(WordEncoder())
    measured = measure(encoder, _files(tmp_path / "files", encoder))
    assert 0 < measured.spread < 1
    assert 0 < measured.token_spread < 1
    assert 0 < measured.alike < 1
    assert measured.spread != 0.02
    # Cosines of made-up words lie around 0; the largest of a question lie above those.
    assert 0 < measured.off_topic_mean < measured.alike + 0.5


def test_off_topic_questions_are_compared_block_by_block(packaged, measured, tmp_path, monkeypatch):
    """The size of the blocks changes nothing."""
    monkeypatch.setattr(measures_module, "_BLOCK", 2)
    again = measure(packaged, _files(tmp_path / "files", packaged))
    assert again.off_topic_mean == pytest.approx(measured.off_topic_mean, abs=1e-5)
    assert again.off_topic_deviation == pytest.approx(measured.off_topic_deviation, abs=1e-5)


def test_corpus_about_all_sorts_of_things_has_no_higher_mean(packaged, tmp_path):
    """Where the corpus answers the off-topic questions, their usual cosine is the limit."""
    record = EncoderRecord("", "0", has_lines=False, has_tokens=False, basis_tokens=0)
    vectors = measures_module._off_topic_vectors(packaged)
    none = np.empty((0, 0), np.int8), np.empty(0, np.uint32), np.empty(0, np.int64)
    lines = np.empty((0, vectors.shape[1]), np.float32)
    made = [EncodedPassage(n, one, lines, *none) for n, one in enumerate(vectors)]
    write_encoded(tmp_path, record, None, made)
    measured = measure(packaged, VectorFiles.open(tmp_path))
    assert measured.off_topic_mean == measures_module._PACKAGED_OFF_TOPIC


def test_part_of_a_corpus_is_measured_as_if_it_were_alone(packaged, measured, tmp_path):
    """The questions come back from their file, and only the given vectors are compared."""
    files = _files(tmp_path / "files", packaged)
    write_off_topic(tmp_path, packaged)
    questions = open_off_topic(tmp_path)
    assert measured.of_corpus(questions, files.passages, files.lines) == measured
    part = measured.of_corpus(questions, files.passages[:1])
    assert part.off_topic_mean < measured.off_topic_mean
    assert (part.spread, part.alike) == (measured.spread, measured.alike)


def test_written_measures_come_back(tmp_path):
    """The file holds all of them."""
    measures = Measures(0.02, 0.08, 0.79, 0.01, 0.8, 0.84)
    measures.write(tmp_path)
    assert Measures.open(tmp_path) == measures
    assert measures.above_off_topic(0.82) == pytest.approx(3)


@pytest.mark.parametrize("content", ["", "[]", "null", "7", "{}", '{"spread": 1}', '{"x": 1}'])
def test_damaged_measures_are_refused(tmp_path, content):
    """A file that is cut off or of something else is no file of measures."""
    (tmp_path / "encoder-measures.json").write_text(content)
    with pytest.raises(ValueError, match=r"."):
        Measures.open(tmp_path)


def test_frequencies_count_passages_and_not_tokens(tmp_path):
    """A piece that stands in a passage twice counts once."""
    record = record_of()
    passages = [encoded_passage(key, record) for key in range(20)]
    write_encoded(tmp_path, record, basis_of(), passages)
    write_frequencies(tmp_path, VectorFiles.open(tmp_path))
    counts = open_frequencies(tmp_path)
    expected = np.zeros(len(counts), dtype=int)
    for passage in passages:
        for piece in set(passage.pieces.tolist()):
            expected[piece] += 1
    assert counts.tolist() == expected.tolist()
    assert len(counts) == max(int(one.pieces.max(initial=0)) for one in passages) + 1


def test_frequencies_without_tokens_are_none(tmp_path):
    """An index without token vectors has no piece."""
    record = record_of(has_tokens=False)
    write_encoded(tmp_path, record, None, [encoded_passage(1, record)])
    write_frequencies(tmp_path, VectorFiles.open(tmp_path))
    assert open_frequencies(tmp_path).tolist() == [0]


def test_taught_questions_are_measured_as_they_are_encoded():
    """A prompt that only passages have makes a question and a taught one less alike."""

    class Prompted(WordEncoder):
        def encode_passage(self, text):
            return self.encode_question(f"passage {text}")

    plain, prompted = (
        measures_module._alike(as_encoder(one)) for one in (WordEncoder(), Prompted())
    )
    assert prompted < plain
