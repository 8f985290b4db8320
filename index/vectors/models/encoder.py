"""Turn texts into vectors with an ONNX encoder, one text at a time."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from index.arrays import Vectors
from index.errors import EncoderUnavailableError
from index.vectors.models.model_config import ModelConfig
from index.vectors.models.model_files import (
    ModelId,
    file_stamps,
    model_folder,
    onnx_file,
    packaged_model,
)
from index.vectors.models.word_pieces import WordPieces, load_word_pieces

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

# The output with a text's vector, where more layers follow the pooling.
_POOLED_OUTPUT = "sentence_embedding"

# A question is compared with several indexes, and again with the question that follows it.
_MAX_REMEMBERED_QUESTIONS = 64

# The position of [CLS].
_FIRST = 0

# The pieces and starts of a text without token vectors.
_NO_PIECES = np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class EncodedText:
    """The vectors of one text. Special tokens and the model's prompt are no tokens of it.

    Attributes:
        vector: The unit vector of the text, float32, shape (n_dimensions,).
        tokens: The last hidden state of each token, float32, shape (n_tokens, n_dimensions); none
            if the model's token vectors do not serve late interaction.
        pieces: The number of each token's word piece, shape (n_tokens,).
        starts: The position in the text where each token begins, shape (n_tokens,).
    """

    vector: Vectors
    tokens: Vectors
    pieces: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]


class Encoder:
    """A transformer on the CPU. Threads may share it; each call uses one core.

    Texts are not batched: a batch is no faster on a CPU, and in an int8 model it shares the scale
    of its activations, so that the vector of a text would depend on its neighbours.
    """

    def __init__(self, folder: Path, name: str = "") -> None:
        """Load the model of a folder in sentence-transformers layout.

        Args:
            folder: The folder.
            name: The name of the model, by which its family is known; used in errors.

        Raises:
            EncoderUnavailableError: The model cannot be loaded.
        """
        self._name = name or str(folder)
        self.is_packaged = folder.absolute() == packaged_model().absolute()
        self.config = ModelConfig.read(folder, self._name)
        self._session, self._pieces = _load(folder, self._name, self.config)
        self.model_id = ModelId.of(folder, self._name)
        # With another one the same text has another vector.
        self.model_hash = sha256(f"{self.model_id.sha256} {self.config}".encode()).hexdigest()
        self._inputs = [one.name for one in self._session.get_inputs()]
        outputs = [one.name for one in self._session.get_outputs()]
        # The first is the last hidden state.
        self._outputs = [outputs[0], *([_POOLED_OUTPUT] if self._is_pooled else [])]
        if not set(self._outputs) <= set(outputs):
            raise EncoderUnavailableError(self._name, f"its graph has no output {_POOLED_OUTPUT}")
        self._questions: LRUCache[str, EncodedText] = LRUCache(_MAX_REMEMBERED_QUESTIONS)
        self._lock = Lock()
        self._check()

    def encode_passage(self, text: str) -> EncodedText:
        """Encode a text that is searched.

        Only the beginning of a text that is longer than the model's window is used.

        Raises:
            EncoderUnavailableError: The model fails.
        """
        return self._encode(self.config.passage_prompt, text)

    def encode_question(self, text: str) -> EncodedText:
        """Encode a question; see `encode_passage`."""
        with self._lock:
            encoded = self._questions.get(text)
        if encoded is None:
            encoded = self._encode(self.config.query_prompt, text)
            with self._lock:
                self._questions[text] = encoded
        return encoded

    def _encode(self, prompt: str, text: str) -> EncodedText:
        split = self._pieces.split(_encodable(prompt + text))
        ids = split.ids[np.newaxis]
        values = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        try:
            read = self._session.run(self._outputs, {name: values[name] for name in self._inputs})
        except Exception as error:  # onnxruntime does not document its exceptions
            raise EncoderUnavailableError(self._name, _reason(error)) from error
        hidden = read[0][0]
        if hidden.ndim != 2:
            raise EncoderUnavailableError(
                self._name, f"the output {self._outputs[0]} of its graph is not a last hidden state"
            )
        pooled = read[1][0] if self._is_pooled else self._pool(hidden)
        if split.spans is None:
            return EncodedText(unit(pooled), hidden[:0], *_NO_PIECES)
        # Of special tokens and the prompt the end is not behind the begin.
        spans = np.maximum(split.spans - len(prompt), 0)
        kept = np.flatnonzero(spans[:, 1] > spans[:, 0])
        return EncodedText(
            unit(pooled), hidden[kept], split.ids[kept].astype(np.uint32), spans[kept, 0]
        )

    def _check(self) -> None:
        """Raise EncoderUnavailableError if a short text has no room or no usable vector."""
        for prompt in (self.config.query_prompt, self.config.passage_prompt):
            with_text, alone = (self._pieces.split(text).ids for text in (prompt + "a", prompt))
            if len(with_text) <= len(alone):
                raise EncoderUnavailableError(
                    self._name, f"its {self.config.max_tokens} tokens have no room for a text"
                )
        read = self.encode_passage("a")
        if not (np.isfinite(read.vector).all() and np.isfinite(read.tokens).all()):
            raise EncoderUnavailableError(self._name, "its vectors are not finite")

    @property
    def _is_pooled(self) -> bool:
        return self.config.pooling == "output"

    def _pool(self, hidden: Vectors) -> Vectors:
        pooled: Vectors = hidden[_FIRST] if self.config.pooling == "cls" else hidden.mean(axis=0)
        return pooled


def open_encoder(name: str, models_dir: Path, model_hash: str | None = None) -> Encoder:
    """Return the encoder of a model, which all indexes of a process share.

    Args:
        name: Blank for the encoder of the package, a folder, or the name of a fetched model.
        models_dir: The folder of fetched models.
        model_hash: The `model_hash` of the encoder that made the vectors of an index; None for any.

    Raises:
        EncoderUnavailableError: The model is not there, cannot be loaded, or has another hash.
    """
    folder = model_folder(name, models_dir).absolute()
    encoder = _open_encoder(folder, name, file_stamps(folder))
    if model_hash not in (None, encoder.model_hash):
        raise EncoderUnavailableError(
            name or "the encoder of the package",
            "its files are not those that made the vectors; run 'pullquote rebuild'",
        )
    return encoder


@lru_cache(maxsize=2)
def _open_encoder(folder: Path, name: str, _stamps: tuple[tuple[str, int, int], ...]) -> Encoder:
    return Encoder(folder, name)


def unit(vectors: Vectors) -> Vectors:
    """Scale rows to length 1; a row of zeros stays zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled


def _load(folder: Path, name: str, config: ModelConfig) -> "tuple[InferenceSession, WordPieces]":
    try:
        import onnxruntime  # only encoding needs it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4  # errors are raised
        session = onnxruntime.InferenceSession(
            str(onnx_file(folder)), options, providers=["CPUExecutionProvider"]
        )
        return session, load_word_pieces(
            folder, config.max_tokens, with_spans=config.token_vectors_fit
        )
    except ImportError as error:
        raise EncoderUnavailableError(
            name, "onnxruntime does not run on this machine; see RETRIEVAL in .deploy/README.md"
        ) from error
    except EncoderUnavailableError:
        raise
    except Exception as error:  # the libraries do not document theirs
        raise EncoderUnavailableError(name, _reason(error)) from error


def _reason(error: Exception) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:200]


def _encodable(text: str) -> str:
    """Replace lone surrogates, which tokenizers refuse."""
    return text.encode("utf-8", "replace").decode()
