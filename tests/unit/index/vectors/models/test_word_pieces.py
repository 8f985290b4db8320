"""Word pieces: the same numbers whichever library reads a vocabulary, and its places where told."""

import io
import shutil
from pathlib import Path

import pytest
import sentencepiece
from hypothesis import given, settings
from hypothesis import strategies as st

from index.vectors.models.model_files import SENTENCEPIECE, TOKENIZER, packaged_model
from index.vectors.models.word_pieces import load_word_pieces
from tests.support.checkout import REPOSITORY

MULTILINGUAL = REPOSITORY.parent / "shared" / "models" / "multilingual-e5-small"

SENTENCES = [
    "Herring boats leave the harbour before dawn.",
    "The lighthouse burned twice, and its keepers rebuilt it.",
    "Wer den Hafen grub, sah die Fischer fahren.",
]

FOREIGN = [
    "query: \u041a\u0442\u043e \u0432\u044b\u043a\u043e\u043f\u0430\u043b?",
    "\u6e2f\u306f1802\u5e74\u306b\u6398\u3089\u308c\u305f\u3002",
    "\u092c\u0902\u0926\u0930\u0917\u093e\u0939 \u0915\u093f\u0938\u0928\u0947?",
    "\u0645\u0646 \u062d\u0641\u0631\u061f \U0001f600 \ufb01n",
]


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory) -> Path:
    """A folder with the encoder's own vocabulary, and one of sentencepiece made of a few texts."""
    folder: Path = tmp_path_factory.mktemp("vocabulary")
    shutil.copy(packaged_model() / TOKENIZER, folder)
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 20),
        model_writer=written,
        vocab_size=40,
        minloglevel=2,
    )
    (folder / SENTENCEPIECE).write_bytes(written.getvalue())
    return folder


def test_pieces_are_numbered_as_by_xlm_r(vocabulary):
    """Each number is one more than the vocabulary's, unknown is 3, and two marks stand around."""
    own = sentencepiece.SentencePieceProcessor(str(vocabulary / SENTENCEPIECE))
    numbers = own.encode("boats \u65e5 burned")
    assert 0 in numbers
    split = load_word_pieces(vocabulary, 99, with_spans=False).split("boats \u65e5 burned")
    assert split.ids.tolist() == [0, *(number + 1 if number else 3 for number in numbers), 2]
    assert split.spans is None


def test_places_are_told_by_the_other_library(vocabulary):
    """Where late interaction needs places, the vocabulary of `tokenizer.json` is read."""
    split = load_word_pieces(vocabulary, 99, with_spans=True).split("boats leave")
    assert split.spans is not None
    assert split.spans.tolist() == [[0, 0], [0, 5], [6, 11], [0, 0]]


def test_vocabulary_of_tokenizers_alone_is_read_so(tmp_path):
    """Most models have no file for sentencepiece."""
    shutil.copy(packaged_model() / TOKENIZER, tmp_path)
    split = load_word_pieces(tmp_path, 99, with_spans=False).split("boats leave")
    assert len(split.ids) == 4


@pytest.mark.parametrize("with_spans", [True, False])
def test_long_text_keeps_its_first_pieces_and_the_marks(vocabulary, with_spans):
    """No more pieces than the model can read, the last one still the end mark."""
    pieces = load_word_pieces(vocabulary, 6, with_spans=with_spans)
    short, long = pieces.split("boats leave"), pieces.split("boats leave " * 9)
    assert len(long.ids) == 6
    assert long.ids[-1] == short.ids[-1]
    assert long.ids[:3].tolist() == short.ids[:3].tolist()


def test_letters_written_in_two_ways_are_the_same_pieces(vocabulary):
    """A letter and its marks one by one are composed first."""
    pieces = load_word_pieces(vocabulary, 99, with_spans=False)
    composed, apart = pieces.split("Vi\u1ec7t"), pieces.split("Vie\u0323\u0302t")
    assert composed.ids.tolist() == apart.ids.tolist()


@given(st.text(max_size=40))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_text_is_split(text):
    """Marks stand around, and no number is below 0."""
    pieces = load_word_pieces(packaged_model(), 20, with_spans=True)
    split = pieces.split(text.encode("utf-8", "replace").decode())
    assert 2 <= len(split.ids) <= 20
    assert (split.ids >= 0).all()


@pytest.mark.skipif(not MULTILINGUAL.is_dir(), reason="the multilingual model is not there")
def test_both_libraries_number_a_published_vocabulary_alike():
    """The 250,000 pieces of a hundred languages."""
    ours = load_word_pieces(MULTILINGUAL, 99, with_spans=False)
    theirs = load_word_pieces(MULTILINGUAL, 99, with_spans=True)
    for text in (*SENTENCES, *FOREIGN, "", "  two   spaces "):
        assert ours.split(text).ids.tolist() == theirs.split(text).ids.tolist()
