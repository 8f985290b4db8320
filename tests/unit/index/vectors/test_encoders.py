"""Vectors of texts: unit length, the same in any case, nothing fetched unless asked."""

import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import EncoderUnavailableError, Searcher, WeightedText
from index.vectors import encoders
from index.vectors.encoders import NeuralEncoder, StaticEncoder, static_encoder
from tests.support.checkout import SHARED

MODEL = SHARED / "models" / "all-MiniLM-L6-v2-int8"


@pytest.fixture(scope="module")
def neural(tmp_path_factory):
    """The neural encoder from a local folder."""
    pytest.importorskip("fastembed", reason="fastembed is not installed")
    if not MODEL.is_dir():
        pytest.skip("the neural model is not beside this checkout")
    return NeuralEncoder(str(MODEL), tmp_path_factory.mktemp("models"), fetch=False)


@pytest.fixture(params=["static", "neural"])
def encoder(request):
    """Each encoder in turn."""
    return static_encoder() if request.param == "static" else request.getfixturevalue("neural")


def test_vectors_have_unit_length_and_the_order_of_the_texts(encoder):
    """Each text has one float32 vector of length 1, whatever stands beside it."""
    texts = ["The bell rang.", "Boats left the harbour before dawn.", "eel", "1802", "\u00e9\u00df"]
    vectors = encoder.encode(texts)
    assert vectors.shape[0] == len(texts)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        assert float(vector @ encoder.encode([text])[0]) > 0.98  # int8 weights see the batch


def test_vectors_do_not_depend_on_case(encoder):
    """People ask in lower case and shout in capitals; the vectors are the same."""
    text = "Did Captain Ada Finch build the Harbour of Lowmere?"
    lower, upper, title = encoder.encode([text.lower(), text.upper(), text.title()])
    assert lower == pytest.approx(upper, abs=1e-5)
    assert lower == pytest.approx(title, abs=1e-5)


def test_vectors_of_one_meaning_are_nearer_than_those_of_two(encoder):
    """A paraphrase without a shared word is nearer than a sentence on something else."""
    asked, paraphrase, other = encoder.encode(
        ["The physician cured the ill child.", "A doctor healed sick kids.", "Taxes rose in March."]
    )
    assert asked @ paraphrase > asked @ other + 0.1


def test_vectors_of_no_texts_are_none(encoder):
    """Nothing in, nothing out, and any iterable is taken."""
    assert len(encoder.encode([])) == 0
    assert encoder.encode(iter(["bell", "boat"])).shape[0] == 2


@pytest.mark.parametrize("text", ["", " ", "\x00", "\u200b", "\U0001f41f", "eel " * 5000])
def test_vectors_of_odd_texts_are_finite(encoder, text):
    """A blank text, a strange one and a very long one have finite vectors of length 1 or 0."""
    (vector,) = encoder.encode([text])
    assert np.isfinite(vector).all()
    length = float(np.linalg.norm(vector))
    assert length == pytest.approx(1, abs=1e-5) or length == 0


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_static_vector_of_any_text_is_finite_and_repeats(text):
    """Any text has one vector, the same every time and the same in lower case."""
    first, second, lower = static_encoder().encode([text, text, text.lower()])
    assert np.isfinite(first).all()
    assert first.tolist() == second.tolist() == lower.tolist()
    assert np.linalg.norm(first) <= 1 + 1e-5


ODD_PIECES = (
    "the Lighthouse eel. 1802 <s> <unk> a<s>b \u2581 \u2581x \n \t \u00e9\u00df \U0001f41f \ud83d"
).split(" ")


@given(
    st.lists(
        st.lists(st.sampled_from([*ODD_PIECES, ""]) | st.text(max_size=9), max_size=6), max_size=6
    ),
    st.sampled_from([" ", "  ", "\n", ""]),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_vectors_of_many_texts_are_those_of_each(lists, gap):
    """Parts have the very vectors that they have alone, texts theirs but for the last bits."""
    parts = [[" ".join(pieces), *pieces] for pieces in lists]
    texts = [gap.join(each) for each in parts]
    of_texts, of_parts = _many().encode_with_parts(texts, parts)
    flat = [part for each in parts for part in each]
    assert of_parts.tolist() == [static_encoder().encode([part])[0].tolist() for part in flat]
    assert of_texts == pytest.approx(static_encoder().encode(texts), abs=1e-5)


@cache
def _many():
    return static_encoder().bulk_encoder()


def test_neural_vectors_of_parts_come_with_those_of_texts(neural):
    """The neural encoder makes the vectors of texts and parts as it makes any."""
    texts, parts = ["The bell rang. It broke.", "Fog."], [["The bell rang.", "It broke."], ["Fog."]]
    of_texts, of_parts = neural.encode_with_parts(texts, parts)
    assert of_texts.tolist() == neural.encode(texts).tolist()
    assert of_parts.tolist() == neural.encode([*parts[0], *parts[1]]).tolist()


def test_static_encoder_is_loaded_once():
    """The process keeps one encoder."""
    assert static_encoder() is static_encoder()


@pytest.mark.parametrize(
    ("word", "common"),
    [("month", True), ("house", True), ("lighthosue", False), ("zyzzyva", False), ("1802", False)],
)
def test_common_words_are_one_piece(word, common):
    """A common word is one piece of the vocabulary, a typo and a number are several."""
    assert static_encoder().is_common_word(word) is common


def test_static_model_is_loaded_once_whoever_needs_it_first(monkeypatch):
    """Threads that encode at the same moment wait for one of them to load the model."""
    loads, together = [], threading.Barrier(8)
    load = encoders._load_static_model

    def counted():
        loads.append(threading.get_ident())
        return load()

    monkeypatch.setattr(encoders, "_load_static_model", counted)
    encoder = StaticEncoder()

    def first_vector(_):
        together.wait(20)
        return encoder.encode(["bell"]).tolist()

    with ThreadPoolExecutor(8) as pool:
        vectors = list(pool.map(first_vector, range(8)))
    assert vectors == [static_encoder().encode(["bell"]).tolist()] * 8
    assert len(loads) == 1


def test_index_is_opened_without_loading_the_static_model(harbour_index, monkeypatch):
    """The model is loaded by the first question that needs it."""
    static_encoder.cache_clear()
    with monkeypatch.context() as patches:
        patches.setattr(encoders, "_load_static_model", lambda: pytest.fail("loaded"))
        searcher = Searcher.open(harbour_index)
    (hit,) = searcher.search([WeightedText("who rang the bell?")], 1)
    assert "bell" in hit.passage.text


def test_static_encoder_opens_no_connection(monkeypatch):
    """The static model comes with the package: no socket is opened to load or use it."""
    static_encoder.cache_clear()
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("connected"))
    assert static_encoder().encode(["bell"]).shape[0] == 1


def _forbid(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("looked up a host"))
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("connected"))


@pytest.mark.parametrize("name", ["nowhere/model", "/nowhere/model", ""])
def test_neural_encoder_without_its_model_says_so(tmp_path, monkeypatch, name):
    """A name that nobody knows and a folder that is not there are reported with the reason."""
    pytest.importorskip("fastembed", reason="fastembed is not installed")
    _forbid(monkeypatch)
    with pytest.raises(EncoderUnavailableError, match="the neural model cannot be used") as failure:
        NeuralEncoder(name, tmp_path, fetch=False)
    assert (failure.value.model, "\n" in str(failure.value)) == (name, False)


def test_neural_encoder_of_a_folder_without_model_files_says_so(tmp_path):
    """An empty folder is no model."""
    pytest.importorskip("fastembed", reason="fastembed is not installed")
    (tmp_path / "model").mkdir()
    with pytest.raises(EncoderUnavailableError, match="model cannot be used"):
        NeuralEncoder(str(tmp_path / "model"), tmp_path, fetch=False)


def test_neural_encoder_fetches_nothing_while_answering(tmp_path, monkeypatch):
    """A known model that was never fetched is unavailable without fetch; no host is looked up."""
    pytest.importorskip("fastembed", reason="fastembed is not installed")
    _forbid(monkeypatch)
    with pytest.raises(EncoderUnavailableError):
        NeuralEncoder("sentence-transformers/all-MiniLM-L6-v2", tmp_path, fetch=False)


def test_neural_encoder_without_the_extra_says_how_to_install_it(tmp_path, monkeypatch):
    """Without fastembed the message names the extra."""
    monkeypatch.setitem(sys.modules, "fastembed", None)
    with pytest.raises(EncoderUnavailableError, match=r"pip install 'pullquote\[neural\]'"):
        NeuralEncoder(str(MODEL), tmp_path, fetch=True)
