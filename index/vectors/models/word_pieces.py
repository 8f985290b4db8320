"""Split texts into the word pieces of an encoder, with the library that suits its vocabulary."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from index.vectors.models.model_files import SENTENCEPIECE, TOKENIZER

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor
    from tokenizers import Tokenizer

# How XLM-R numbers the pieces of its SentencePiece vocabulary: by one more than the vocabulary
# itself, because of four special pieces of its own. Source: fairseq and `XLMRobertaTokenizer`.
_BEGIN, _END, _UNKNOWN = 0, 2, 3
_SHIFT = 1


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text, special ones included.

    Attributes:
        ids: int64, shape (n_pieces,).
        spans: Begin and end of each in the text, equal for special pieces; shape (n_pieces, 2).
            None if the library does not tell them.
    """

    ids: npt.NDArray[np.int64]
    spans: npt.NDArray[np.int64] | None


class WordPieces(Protocol):
    """Splits texts; threads may share it."""

    def split(self, text: str) -> Pieces:
        """Return the pieces of a text, of which a long one keeps the first."""


class TokenizersPieces:
    """The pieces that a `tokenizer.json` describes."""

    def __init__(self, tokenizer: "Tokenizer", max_tokens: int) -> None:
        """Split into at most `max_tokens` pieces."""
        self._tokenizer = tokenizer
        tokenizer.enable_truncation(max_tokens)
        tokenizer.no_padding()

    def split(self, text: str) -> Pieces:
        """Return the pieces of a text."""
        encoded = self._tokenizer.encode(text)
        return Pieces(np.array(encoded.ids, np.int64), np.array(encoded.offsets, np.int64))


class SentencePiecePieces:
    """The pieces of XLM-R's vocabulary of 250,000.

    The sentencepiece library takes 60 MB for it and tokenizers 280 MB, and a second to load it.
    """

    def __init__(self, processor: "SentencePieceProcessor", max_tokens: int) -> None:
        """Split into at most `max_tokens` pieces."""
        self._processor = processor
        self._n_kept = max_tokens - 2

    def split(self, text: str) -> Pieces:
        """Return the pieces of a text."""
        # Of a letter that is followed by two combining marks one would be lost.
        composed = unicodedata.normalize("NFC", text)
        numbers = np.array(self._processor.encode(composed)[: self._n_kept], np.int64)
        ids = np.where(numbers == 0, _UNKNOWN, numbers + _SHIFT)
        return Pieces(np.concatenate(([_BEGIN], ids, [_END])), None)


def load_word_pieces(folder: Path, max_tokens: int, *, with_spans: bool) -> WordPieces:
    """Load the vocabulary of a model; the exceptions of the libraries are not documented.

    Args:
        folder: The folder of the model.
        max_tokens: The most pieces of a text.
        with_spans: Whether the places of pieces are needed; sentencepiece does not tell them.
    """
    if not with_spans and (folder / SENTENCEPIECE).is_file():
        from sentencepiece import SentencePieceProcessor

        # Not by its path, which the library cannot open if it is not ASCII on Windows.
        data = (folder / SENTENCEPIECE).read_bytes()
        return SentencePiecePieces(SentencePieceProcessor(model_proto=data), max_tokens)
    from tokenizers import Tokenizer

    return TokenizersPieces(Tokenizer.from_file(str(folder / TOKENIZER)), max_tokens)
