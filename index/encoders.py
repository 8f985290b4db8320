"""Turn texts into vectors whose angle tells how near they are in meaning."""

from collections.abc import Iterable
from functools import cache
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.errors import EncoderUnavailableError

# fastembed reads a local folder in the way of a model it knows. This one takes the mean over the
# word pieces, as most sentence-transformers models do.
_FOLDER_MODEL = "sentence-transformers/all-MiniLM-L6-v2"

# Another release may give the same text another vector.
STATIC_ENCODER = f"pieces of wordllama {version('wordllama')}"

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Something that makes vectors."""

    def encode(self, texts: Iterable[str]) -> Vectors:
        """Return unit vectors, float32, shape (n_texts, n_dimensions), in the order given."""


class StaticEncoder:
    """wordllama's model: the mean of word-piece vectors that come in its package.

    Its own code is not imported, because that alone takes a fifth of a second and brings what
    fetches models; what it does with the two files are the few lines below.
    """

    _TOKENIZER = Path("tokenizers", "l2_supercat_tokenizer_config.json")
    _WEIGHTS = Path("weights", "l2_supercat_256.safetensors")

    # Texts that are cut into pieces at a time, on all cores.
    _BATCH_SIZE = 1024

    # From so many texts on, widening the whole table once (20 ms) takes less than each text's part.
    _MANY = 256

    def __init__(self) -> None:
        # Loaded here, not at import: it costs a tenth of a second and the lexical tier may never
        # need it.
        from safetensors import safe_open
        from tokenizers import Tokenizer

        folder = Path(distribution("wordllama").locate_file("wordllama"))  # type: ignore[arg-type]
        self._tokenizer = Tokenizer.from_file(str(folder / self._TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        with safe_open(folder / self._WEIGHTS, framework="np") as tensors:
            self._pieces = tensors.get_tensor("embedding.weight")

    def encode(self, texts: Iterable[str]) -> Vectors:
        """Return unit vectors; people ask in lower case, so case is folded."""
        lowered = [_encodable(text).lower() for text in texts]
        vectors = np.zeros((len(lowered), self._pieces.shape[1]), dtype=np.float32)
        table = self._pieces if len(lowered) < self._MANY else self._pieces.astype(np.float32)
        for start in range(0, len(lowered), self._BATCH_SIZE):
            batch = lowered[start : start + self._BATCH_SIZE]
            encoded = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            for row, one in enumerate(encoded, start=start):
                # A sum has the direction of the mean.
                vectors[row] = table[one.ids].sum(axis=0, dtype=np.float32)
        return _unit(vectors)

    def is_common_word(self, word: str) -> bool:
        """Say whether a word is so common that the model's vocabulary has it in one piece."""
        return len(self._tokenizer.encode(word, add_special_tokens=False).tokens) == 1


class NeuralEncoder:
    """A fastembed model: a transformer on the CPU, by its name or from a local folder."""

    # Small batches keep memory flat; the model is not faster with larger ones on two cores.
    _BATCH_SIZE = 16

    def __init__(self, model: str, models_dir: Path, *, fetch: bool) -> None:
        """Load the model.

        Args:
            model: A name that fastembed knows, or a local folder with the model's ONNX files.
            models_dir: Where a fetched model is kept.
            fetch: Whether it may be fetched from the network if it is not there.

        Raises:
            EncoderUnavailableError: The extra is not installed, or the model cannot be loaded.
        """
        try:
            from fastembed import TextEmbedding
            from loguru import logger as fastembed_logger
        except ImportError as error:
            raise EncoderUnavailableError(
                model, "install it with: pip install 'pullquote[neural]'"
            ) from error
        fastembed_logger.disable("fastembed")  # what goes wrong is said by the error below
        self._name = model
        folder = Path(model).expanduser()
        try:
            if folder.is_dir():
                self._model = TextEmbedding(_FOLDER_MODEL, specific_model_path=str(folder))
            else:
                self._model = TextEmbedding(
                    model, cache_dir=str(models_dir), local_files_only=not fetch
                )
        except Exception as error:  # fastembed raises what its many layers raise
            reason = " ".join(str(error).split()) or type(error).__name__
            raise EncoderUnavailableError(model, reason[:200]) from error

    def encode(self, texts: Iterable[str]) -> Vectors:
        """Return unit vectors; a text beyond the model's window counts with its beginning.

        Raises:
            EncoderUnavailableError: The model fails.
        """
        encodable = (_encodable(text) for text in texts)
        try:
            vectors = list(self._model.embed(encodable, batch_size=self._BATCH_SIZE))
        except Exception as error:  # onnxruntime raises what its many layers raise
            reason = " ".join(str(error).split()) or type(error).__name__
            raise EncoderUnavailableError(self._name, reason[:200]) from error
        if not vectors:
            return np.empty((0, 0), dtype=np.float32)
        return _unit(np.asarray(vectors, dtype=np.float32))


def _encodable(text: str) -> str:
    """Return the text without halves of surrogate pairs, which tokenizers refuse."""
    return text.encode("utf-8", "replace").decode()


def _unit(vectors: Vectors) -> Vectors:
    """Scale rows to length 1; a row of zeros (a text without a known piece) stays zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled


@cache
def static_encoder() -> StaticEncoder:
    """Return the encoder of static vectors, loaded once for the process."""
    return StaticEncoder()
