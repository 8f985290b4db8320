"""The encoder: vectors as they were measured, tokens at their places, one line if it fails."""

import json
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import EncoderUnavailableError
from index.vectors.models import encoder as encoder_module
from index.vectors.models.encoder import Encoder, open_encoder, unit
from index.vectors.models.model_files import packaged_model

TEXT = "Herring boats leave the harbour before dawn."

# Every 48th coordinate of the vectors of TEXT, measured once on a CPU with AVX2. Another CPU gives
# slightly different ones.
AS_PASSAGE = [-0.0517, 0.1084, 0.0315, 0.0733, 0.0570, 0.0732, 0.0684, -0.0164]
AS_QUESTION = [-0.0521, 0.0939, 0.0395, 0.0636, 0.0721, 0.0782, 0.0324, -0.0517]


def _cosine(a, b):
    return float(unit(np.array(a)) @ unit(np.array(b)))


def test_vectors_are_those_that_were_measured(packaged):
    """The model is read with its own prompts and pooling: the numbers are those of its authors."""
    passage, question = packaged.encode_passage(TEXT), packaged.encode_question(TEXT)
    for read, expected in ((passage, AS_PASSAGE), (question, AS_QUESTION)):
        assert (read.vector.shape, read.vector.dtype) == ((384,), np.float32)
        assert np.linalg.norm(read.vector) == pytest.approx(1, abs=1e-5)
        assert read.vector[::48] == pytest.approx(expected, abs=0.02)
        assert _cosine(read.vector[::48], expected) > 0.99
    assert 0.9 < float(passage.vector @ question.vector) < 0.97  # the prompts differ


def test_paraphrase_is_nearer_than_another_subject(packaged):
    """A question is nearest to the passage that answers it without sharing a word."""
    asked = packaged.encode_question("Which medicine helped the patient recover?").vector
    near, far = (
        float(asked @ packaged.encode_passage(text).vector)
        for text in ("The physician cured the ill child with herbs.", "Taxes rose in spring.")
    )
    assert near > far + 0.05


def test_tokens_stand_at_their_places(packaged):
    """Each token has its word piece and begins in the text; prompts and marks are no tokens."""
    read = packaged.encode_passage(TEXT)
    assert read.starts.tolist() == [TEXT.index(word) for word in TEXT[:-1].split()] + [43]
    assert read.tokens.shape == (8, 384)
    assert read.pieces.tolist() == packaged.encode_question(TEXT).pieces.tolist()
    assert len(set(read.pieces.tolist())) == 8


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("\u00e9\u00df \U0001f41f x", [0, 1, 3, 5]),
        ("a\ud800b c", [0, 1, 2, 4]),
        ("\u2028Eels\u0085 swam", [1, 7]),
        ("\u4e2d\u6587", [0, 1]),
        ("query: x", [0, 5, 7]),
        ("passage: x", [0, 7, 9]),
        ("", []),
        (" ", []),
        ("\x00", []),
        ("\u200b", []),
    ],
)
def test_odd_text_has_a_vector_and_tokens_that_fit(packaged, text, starts):
    """Accents, emoji, lone surrogates, words of the prompt and nothing at all are texts too."""
    read = packaged.encode_passage(text)
    assert read.starts.tolist() == starts
    assert len(read.tokens) == len(read.pieces) == len(starts)
    assert np.linalg.norm(read.vector) == pytest.approx(1, abs=1e-5)
    assert packaged.encode_question(text).starts.tolist() == starts


@given(st.text(st.characters(), max_size=30))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_any_text_has_a_vector(text):
    """Whatever a file or a person writes, the vector is finite and tokens begin in the text."""
    read = open_encoder("", packaged_model()).encode_passage(text)
    assert np.isfinite(read.vector).all()
    assert np.isfinite(read.tokens).all()
    assert all(0 <= start < len(text) for start in read.starts)
    assert (np.diff(read.starts) >= 0).all()


def test_only_the_window_of_a_long_text_is_read(packaged):
    """A text that is longer than the model can read has the vector of its beginning."""
    read = packaged.encode_passage("eel " * 2000)
    assert len(read.tokens) == 512 - 4  # the marks and the two pieces of the prompt
    assert read.starts.tolist() == [4 * n for n in range(508)]
    assert float(read.vector @ packaged.encode_passage("eel " * 600).vector) > 0.99999


def test_text_has_the_same_vector_beside_any_other_and_in_any_thread(packaged):
    """Texts do not influence each other: every thread gets the very vectors of one alone."""
    texts = [f"{TEXT} {'It rained. ' * n}" for n in range(12)]
    alone = [packaged.encode_passage(text) for text in texts]
    questions = [packaged.encode_question(text).vector.tolist() for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(packaged.encode_passage, texts * 2))
        asked = list(pool.map(packaged.encode_question, texts * 2))
    for one, other in zip(together, alone * 2, strict=True):
        assert one.vector.tolist() == other.vector.tolist()
        assert one.tokens.tolist() == other.tokens.tolist()
    assert [one.vector.tolist() for one in asked] == questions * 2


def test_question_is_encoded_once(packaged):
    """A question that is asked again, of another index or as the turn before, is remembered."""
    asked = packaged.encode_question("Who rang the bell?")
    assert packaged.encode_question("Who rang the bell?") is asked


def test_encoder_of_a_process_is_loaded_once(packaged, tmp_path):
    """All indexes of a process share it."""
    assert open_encoder("", tmp_path) is open_encoder("", tmp_path)
    assert packaged.is_packaged
    assert packaged.config.token_vectors_fit


def test_model_whose_files_were_replaced_is_loaded_again(folder):
    """A process that runs on reads the new files, and knows them by another hash."""
    before = open_encoder(str(folder), folder)
    assert open_encoder(str(folder), folder, before.model_hash) is before
    (folder / "model.onnx").write_bytes(b"another graph")
    after = open_encoder(str(folder), folder)
    assert after is not before
    assert after.model_hash != before.model_hash


def test_encoder_is_not_that_of_vectors_that_other_files_made(folder):
    """Its cosines with them would mean nothing."""
    made_by = open_encoder(str(folder), folder).model_hash
    _config(folder, "1_Pooling/config.json", '{"pooling_mode_cls_token": true}')
    refusal = _refusal(lambda: open_encoder(str(folder), folder, made_by))
    assert str(folder) in refusal
    assert "not those that made the vectors; run 'pullquote rebuild'" in refusal


def test_unit_vectors_have_length_one_and_zeros_stay():
    """A vector of zeros has no direction; it is no error."""
    assert unit(np.array([[3, 4], [0, 0]], dtype=np.float32)).tolist() == [
        pytest.approx([0.6, 0.8]),
        [0, 0],
    ]


# Other ways of pooling

TOKENIZER = {
    "version": "1.0",
    "added_tokens": [],
    "pre_tokenizer": {"type": "Whitespace"},
    "post_processor": {
        "type": "TemplateProcessing",
        "single": [
            {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
        ],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
        "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [0], "tokens": ["[CLS]"]}},
    },
    "model": {
        "type": "WordLevel",
        "vocab": {"[CLS]": 0, "[UNK]": 1, "bell": 2, "boat": 3, "ask": 4, "told": 5},
        "unk_token": "[UNK]",
    },
}


class _Session:
    """Stands for an ONNX session: a token's vector is (1, its number), or the output is given."""

    inputs = ("input_ids", "attention_mask")
    outputs = ("last_hidden_state",)

    def __init__(self, *_, **__):
        pass

    def get_inputs(self):
        return [SimpleNamespace(name=name) for name in self.inputs]

    def get_outputs(self):
        return [SimpleNamespace(name=name) for name in self.outputs]

    def run(self, names, values):
        ids = values["input_ids"]
        assert set(values) == set(self.inputs)
        assert values["attention_mask"].tolist() == np.ones_like(ids).tolist()
        hidden = np.stack([np.ones_like(ids), ids], axis=-1).astype(np.float32)
        made = {"last_hidden_state": hidden, "sentence_embedding": np.array([[0.0, 2.0]], "f4")}
        return [made[name] for name in names]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of a model with a tokenizer of four words; its graph is a stand-in."""
    place = tmp_path / "tiny"
    place.mkdir()
    (place / "model.onnx").write_bytes(b"")
    (place / "tokenizer.json").write_text(json.dumps(TOKENIZER))
    monkeypatch.setattr(onnxruntime, "InferenceSession", _Session)
    return place


def _config(folder, path, content):
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text(content)


def test_vector_is_the_mean_of_all_tokens(folder):
    """Without a word in its files a model is read as most are: [CLS] counts in the mean."""
    read = Encoder(folder).encode_passage("bell boat")
    assert read.vector == pytest.approx(unit(np.array([1, 5 / 3])))
    assert (read.tokens.tolist(), read.pieces.tolist()) == ([[1, 2], [1, 3]], [2, 3])
    assert read.starts.tolist() == [0, 5]


def test_vector_is_that_of_the_first_token(folder):
    """A model that was trained so is pooled so."""
    _config(folder, "1_Pooling/config.json", '{"pooling_mode_cls_token": true}')
    read = Encoder(folder).encode_passage("bell boat")
    assert (read.vector.tolist(), len(read.tokens)) == ([1, 0], 2)


@pytest.fixture
def _dense(folder):
    """The model has a layer behind its pooling."""
    modules = '[{"type": "sentence_transformers.models.Dense"}]'
    _config(folder, "modules.json", modules)


@pytest.mark.usefixtures("_dense")
def test_vector_is_the_output_of_the_graph(folder, monkeypatch):
    """Where a layer follows the pooling only the graph has the vector; tokens come beside it."""
    monkeypatch.setattr(_Session, "outputs", ("last_hidden_state", "sentence_embedding"))
    read = Encoder(folder).encode_passage("bell")
    assert (read.vector.tolist(), read.tokens.tolist()) == ([0, 1], [[1, 2]])


@pytest.mark.usefixtures("_dense")
def test_graph_without_that_output_is_no_model(folder):
    """It is told when the model is loaded, not at the first question."""
    with pytest.raises(EncoderUnavailableError, match="no output sentence_embedding"):
        Encoder(folder)


def test_prompts_count_in_the_vector_and_are_no_tokens(folder):
    """Questions and passages are told apart by what stands before them."""
    prompts = '{"prompts": {"query": "ask ", "passage": "told "}}'
    _config(folder, "config_sentence_transformers.json", prompts)
    encoder = Encoder(folder)
    passage, question = encoder.encode_passage("bell"), encoder.encode_question("bell")
    assert passage.vector == pytest.approx(unit(np.array([1, 7 / 3])))
    assert question.vector == pytest.approx(unit(np.array([1, 6 / 3])))
    for read in (passage, question):
        assert (read.pieces.tolist(), read.starts.tolist()) == ([2], [0])


# Models that cannot be used


def _refusal(action):
    with pytest.raises(EncoderUnavailableError) as failure:
        action()
    assert "\n" not in str(failure.value)
    return str(failure.value)


def test_model_that_fails_on_a_text_is_told_in_one_line(folder, monkeypatch):
    """Whatever the runtime raises, people get one line with the model's name."""

    def failing(*_):
        raise RuntimeError("Non-zero status\n  at node 7\n" * 50)

    encoder = Encoder(folder, "harbour/tiny")
    monkeypatch.setattr(_Session, "run", failing)
    refusal = _refusal(lambda: encoder.encode_passage("bell"))
    assert "harbour/tiny" in refusal
    assert "Non-zero status at node 7" in refusal
    assert len(refusal) < 400


def test_graph_that_needs_other_inputs_is_told_in_one_line(folder, monkeypatch):
    """An input that nobody gives is named."""
    monkeypatch.setattr(_Session, "inputs", ("input_ids", "pixels"))
    assert "pixels" in _refusal(lambda: Encoder(folder).encode_passage("bell"))


def test_graph_whose_first_output_is_pooled_is_told_in_one_line(folder, monkeypatch):
    """It is told when the model is loaded, and not by a traceback of the first build."""
    pooled = np.ones((1, 2), "f4")
    monkeypatch.setattr(_Session, "run", lambda *_: [pooled])
    assert "last_hidden_state of its graph is not a last hidden state" in _refusal(
        lambda: Encoder(folder)
    )


def test_vectors_that_are_not_finite_are_told_in_one_line(folder, monkeypatch):
    """Nothing could be compared with them."""
    monkeypatch.setattr(_Session, "run", lambda *_: [np.full((1, 2, 2), np.nan, "f4")])
    assert "its vectors are not finite" in _refusal(lambda: Encoder(folder))


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("sentence_bert_config.json", '{"max_seq_length": 1}'),
        (
            "config_sentence_transformers.json",
            json.dumps({"prompts": {"query": "ask " * 600, "passage": "told "}}),
        ),
    ],
)
def test_window_without_room_for_a_text_is_told_in_one_line(folder, path, content):
    """The marks or the prompt fill it, so all texts would have the same vector."""
    _config(folder, path, content)
    assert "have no room for a text" in _refusal(lambda: Encoder(folder))


@pytest.mark.parametrize("damage", ["onnx", "tokenizer", "no onnx", "no tokenizer", "nothing"])
def test_folder_that_is_no_model_is_told_in_one_line(tmp_path, damage):
    """A graph or a tokenizer that is missing or broken is said, with the folder."""
    folder = tmp_path / "model"
    folder.mkdir()
    if damage != "nothing":
        shutil.copy(packaged_model() / "tokenizer.json", folder)
        (folder / "model.onnx").symlink_to(packaged_model() / "model.onnx")
    if damage == "onnx":
        (folder / "model.onnx").unlink()
        (folder / "model.onnx").write_bytes(b"no graph\nat all")
    elif damage == "tokenizer":
        (folder / "tokenizer.json").write_text("{}")
    elif damage.startswith("no "):
        (folder / {"no onnx": "model.onnx", "no tokenizer": "tokenizer.json"}[damage]).unlink()
    assert str(folder) in _refusal(lambda: Encoder(folder))


@pytest.mark.parametrize("missing", ["onnxruntime", "tokenizers"])
def test_machine_without_the_runtime_is_told_in_one_line(monkeypatch, missing):
    """Where onnxruntime has no wheel, the line says so."""
    monkeypatch.setitem(sys.modules, missing, None)
    refusal = _refusal(lambda: Encoder(packaged_model()))
    assert "onnxruntime does not run on this machine" in refusal


def test_error_without_words_is_named():
    """An error that says nothing is told by its kind."""
    assert encoder_module._reason(KeyError()) == "KeyError"
