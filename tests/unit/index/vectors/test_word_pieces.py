"""The pieces of words that the static model has vectors of."""

from index.vectors import word_pieces
from index.vectors.encoders import static_encoder
from index.vectors.word_pieces import WordPieces


def test_no_piece_of_the_static_model_reaches_over_a_space():
    """What the pieces of words rest on: the vocabulary has no space behind another character."""
    words = static_encoder()._model()[0].get_vocab()
    assert [word for word in words if "\u2581" in word.lstrip("\u2581")] == []


def test_remembered_pieces_take_little_memory(monkeypatch):
    """Neither long words nor very many are kept, and their pieces stay the same."""
    monkeypatch.setattr(word_pieces, "_MAX_WORDS", 4)
    tokenizer, _ = static_encoder()._model()
    pieces = WordPieces(lambda text: tokenizer.encode(text, add_special_tokens=False).ids, [])
    alone = [pieces.of(f"eel{n}") for n in range(10)]
    assert pieces.of(" ".join(f"eel{n}" for n in range(10))) == [
        one for each in alone for one in each
    ]
    assert len(pieces) <= 4
    pieces.clear()
    assert len(pieces.of("x" * 1000)) > 1
    assert len(pieces) == 0
