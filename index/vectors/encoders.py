"""Turn texts into vectors; the cosine of two vectors measures how near the texts are in meaning."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution, version
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from index.arrays import Vectors
from index.errors import EncoderUnavailableError
from index.vectors.word_pieces import WordPieces

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# fastembed reads a local folder like a model that it knows. This model takes the mean over the word
# pieces, as most sentence-transformers models do.
_FOLDER_MODEL = "sentence-transformers/all-MiniLM-L6-v2"

# Another release, or another order of summing, may give the same text another vector.
STATIC_ENCODER = f"sums over sentences of pieces of wordllama {version('wordllama')}"


class Encoder(Protocol):
    """Encodes texts as vectors."""

    def encode(self, texts: Iterable[str]) -> Vectors:
        """Return unit vectors, float32, shape (n_texts, n_dimensions), in the order given."""


class PassageEncoder(Protocol):
    """Encodes many texts together with their parts."""

    def encode_with_parts(
        self, texts: list[str], parts: list[list[str]]
    ) -> tuple[Vectors, Vectors]:
        """Return the vectors of the texts, and those of all their parts, text by text."""


class StaticEncoder:
    """Encodes a text as the mean of wordllama's vectors of its word pieces.

    The vectors come from the wordllama package, but its code is not imported: the import takes a
    fifth of a second and loads code that downloads models, while the use of the two files takes a
    few lines. The files are read when the first text is encoded. Threads may share the encoder.
    """

    # Texts that are tokenized at a time, on all cores.
    _BATCH_SIZE = 1024

    def __init__(self) -> None:
        self._loading = Lock()
        self._loaded: tuple[Tokenizer, npt.NDArray[np.float16]] | None = None

    def encode(self, texts: Iterable[str]) -> Vectors:
        """Return unit vectors of the lower-cased texts, because people ask in lower case."""
        tokenizer, pieces = self._model()
        lowered = list(map(_folded, texts))
        vectors = np.zeros((len(lowered), pieces.shape[1]), dtype=np.float32)
        for start in range(0, len(lowered), self._BATCH_SIZE):
            batch = lowered[start : start + self._BATCH_SIZE]
            encoded = tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            for row, one in enumerate(encoded, start=start):
                # The sum has the same direction as the mean.
                vectors[row] = pieces[one.ids].sum(axis=0, dtype=np.float32)
        return _unit(vectors)

    def bulk_encoder(self) -> "BulkEncoder":
        """Return an encoder of the same vectors that is faster from some hundred texts on."""
        tokenizer, pieces = self._model()
        special_tokens = [sign.content for sign in tokenizer.get_added_tokens_decoder().values()]

        def tokenize(text: str) -> list[int]:
            ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
            return ids

        return BulkEncoder(WordPieces(tokenize, special_tokens), pieces.astype(np.float32))

    def is_common_word(self, word: str) -> bool:
        """Return whether a word is so common that it is one piece of the model's vocabulary."""
        tokenizer, _ = self._model()
        return len(tokenizer.encode(word, add_special_tokens=False).tokens) == 1

    def _model(self) -> "tuple[Tokenizer, npt.NDArray[np.float16]]":
        with self._loading:
            if self._loaded is None:
                self._loaded = _load_static_model()
            return self._loaded


class BulkEncoder:
    """Encodes like a `StaticEncoder`, with a cache of 100 MB. Threads may share it."""

    # Longer texts are rare; for them the buffer grows.
    _BUFFER_PIECES = 512

    def __init__(self, words: WordPieces, pieces: Vectors) -> None:
        self._words = words
        self._pieces = pieces

    def encode_with_parts(
        self, texts: list[str], parts: list[list[str]]
    ) -> tuple[Vectors, Vectors]:
        """Return the vectors of texts, and those of all their parts, text by text.

        If the pieces of a text are those of its parts, its sum is the sum of theirs. So its vector
        may differ in the last bits from the one that `encode` returns.
        """
        n_parts = list(map(len, parts))
        of_parts = self._sums([_folded(part) for part in chain.from_iterable(parts)])
        of_texts = np.zeros((len(texts), of_parts.shape[1]), dtype=np.float32)
        separate: dict[int, str] = {}
        end = 0
        for row, (text, count) in enumerate(zip(map(_folded, texts), n_parts, strict=True)):
            start, end = end, end + count
            joined = _folded(" ".join(parts[row]))
            if joined == text and self._words.are_pieces_of_words(text):
                np.add.reduce(of_parts[start:end], axis=0, out=of_texts[row])
            else:
                separate[row] = text
        of_texts[list(separate)] = self._sums(list(separate.values()))
        return _unit(of_texts), _unit(of_parts)

    def _sums(self, texts: list[str]) -> Vectors:
        """Return the sums of the vectors of folded texts' pieces."""
        sums = np.zeros((len(texts), self._pieces.shape[1]), dtype=np.float32)
        buffer = np.empty((self._BUFFER_PIECES, self._pieces.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            pieces = self._words.of(text)
            if len(pieces) > len(buffer):
                buffer = np.empty((2 * len(pieces), buffer.shape[1]), dtype=np.float32)
            # In a mode that checks the positions numpy would make another copy.
            held = self._pieces.take(pieces, 0, out=buffer[: len(pieces)], mode="clip")
            np.add.reduce(held, axis=0, out=sums[row])
        return sums


class NeuralEncoder:
    """A fastembed model: a transformer on the CPU, by name or from a local folder."""

    # Small batches need little memory; on two cores larger ones are not faster.
    _BATCH_SIZE = 16

    def __init__(self, model: str, models_dir: Path, *, fetch: bool) -> None:
        """Load the model.

        Args:
            model: A name that fastembed knows, or a local folder with the model's ONNX files.
            models_dir: The folder of downloaded models.
            fetch: Whether to download the model if it is not in that folder.

        Raises:
            EncoderUnavailableError: fastembed is not installed, or the model cannot be loaded.
        """
        try:
            from fastembed import TextEmbedding
            from loguru import logger as fastembed_logger
        except ImportError as error:
            raise EncoderUnavailableError(
                model, "install it with: pip install 'pullquote[neural]'"
            ) from error
        fastembed_logger.disable("fastembed")  # the errors below report what goes wrong
        self._name = model
        folder = Path(model).expanduser()
        try:
            if folder.is_dir():
                self._model = TextEmbedding(_FOLDER_MODEL, specific_model_path=str(folder))
            else:
                self._model = TextEmbedding(
                    model, cache_dir=str(models_dir), local_files_only=not fetch
                )
        except Exception as error:  # fastembed does not document its exceptions
            reason = " ".join(str(error).split()) or type(error).__name__
            raise EncoderUnavailableError(model, reason[:200]) from error

    def encode(self, texts: Iterable[str]) -> Vectors:
        """Return unit vectors; only the beginning of a text beyond the model's window is used.

        Raises:
            EncoderUnavailableError: The model fails.
        """
        encodable = (_encodable(text) for text in texts)
        try:
            vectors = list(self._model.embed(encodable, batch_size=self._BATCH_SIZE))
        except Exception as error:  # onnxruntime does not document its exceptions
            reason = " ".join(str(error).split()) or type(error).__name__
            raise EncoderUnavailableError(self._name, reason[:200]) from error
        if not vectors:
            return np.empty((0, 0), dtype=np.float32)
        return _unit(np.asarray(vectors, dtype=np.float32))

    def encode_with_parts(
        self, texts: list[str], parts: list[list[str]]
    ) -> tuple[Vectors, Vectors]:
        """Return the vectors of texts, and those of all their parts, text by text."""
        return self.encode(texts), self.encode(chain.from_iterable(parts))


@dataclass(frozen=True, slots=True)
class NeuralChoice:
    """The arguments of `NeuralEncoder`."""

    model: str
    models_dir: Path
    fetch: bool = False

    def encoder(self) -> NeuralEncoder:
        """Load the model, or raise EncoderUnavailableError."""
        return NeuralEncoder(self.model, self.models_dir, fetch=self.fetch)


def _load_static_model() -> "tuple[Tokenizer, npt.NDArray[np.float16]]":
    """Return wordllama's tokenizer and the memory-mapped vectors of its pieces.

    The library of the format, safetensors, would copy them: 16 MB in every process.
    """
    from tokenizers import Tokenizer  # only encoding needs it

    folder = Path(distribution("wordllama").locate_file("wordllama"))  # type: ignore[arg-type]
    path = folder / "tokenizers" / "l2_supercat_tokenizer_config.json"
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    weights = folder / "weights" / "l2_supercat_256.safetensors"
    with weights.open("rb") as stream:
        head = stream.read(int.from_bytes(stream.read(8), "little"))
        tensor = json.loads(head)["embedding.weight"]
        start = stream.tell() + tensor["data_offsets"][0]
    pieces = np.memmap(weights, np.dtype("<f2"), "r", start, tuple(tensor["shape"]))
    return tokenizer, np.asarray(pieces)


def _encodable(text: str) -> str:
    """Replace lone surrogates, which tokenizers refuse."""
    return text.encode("utf-8", "replace").decode()


def _folded(text: str) -> str:
    return _encodable(text).lower()


def _unit(vectors: Vectors) -> Vectors:
    """Scale rows to length 1; a row of zeros, of a text without a known piece, stays zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled


@cache
def static_encoder() -> StaticEncoder:
    """Return the encoder of static vectors, which is loaded once for each process."""
    return StaticEncoder()
