"""An index of given passages, without a corpus, and an encoder that needs no model."""

import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from index.analysis.languages.codes import ENGLISH
from index.analysis.languages.questions import IndexLanguages
from index.analysis.synonyms import Synonyms, general_synonyms
from index.lexical.bm25 import BM25Index
from index.lexical.fields import FIELDS, LexicalIndex, word_keys
from index.passages.lookup import PassageLookup
from index.passages.passage import Passage
from index.passages.passage_file import PassageLines, to_line
from index.search.searcher import Searcher
from index.storage.build_files import OpenedIndex
from index.storage.manifest import Manifest
from index.vectors.encode_passages import encode_passage, make_basis
from index.vectors.measures import measure, write_frequencies, write_off_topic
from index.vectors.models.encoder import EncodedText, Encoder, unit
from index.vectors.models.model_config import ModelConfig
from index.vectors.models.model_files import ModelId
from index.vectors.similarity import PassageVectors, VectorIndex
from index.vectors.vector_files import EncoderRecord, PassageText, VectorFiles, write_encoded

N_DIMENSIONS = 96


class WordEncoder:
    """Encodes a text as the mean of its words' vectors, which are made up.

    Words that `meanings` maps to the same word have the same vector. It can stand for an `Encoder`.
    """

    is_packaged = False
    config = ModelConfig("mean", "", "", 512, token_vectors_fit=True)
    model_id = ModelId("words", "c0ffee", "0" * 64)

    def __init__(self, meanings: Mapping[str, str] | None = None) -> None:
        self._meanings = meanings or {}
        self.read: list[str] = []

    def encode_passage(self, text: str) -> EncodedText:
        self.read.append(text)
        return self.encode_question(text)

    def encode_question(self, text: str) -> EncodedText:
        words = [(found.group().lower(), found.start()) for found in re.finditer(r"\w+", text)]
        pieces = [zlib.crc32(self._meanings.get(word, word).encode()) % 30_000 for word, _ in words]
        tokens = np.zeros((len(words), N_DIMENSIONS), dtype=np.float32)
        for row, piece in enumerate(pieces):
            tokens[row] = np.random.default_rng(piece).normal(size=N_DIMENSIONS)
        tokens = unit(tokens)
        starts = np.array([start for _, start in words], dtype=np.int64)
        return EncodedText(
            unit(tokens.sum(axis=0)), tokens, np.array(pieces, dtype=np.uint32), starts
        )


def as_encoder(encoder: WordEncoder | Encoder) -> Encoder:
    """Return the encoder as what it stands for."""
    return encoder  # type: ignore[return-value]


def passage_lines(passages: Sequence[Passage]) -> PassageLines:
    """Return passages as an index holds them."""
    lines = [to_line(passage) for passage in passages]
    starts = np.cumsum([0, *map(len, lines)]).astype(np.int64)
    checksums = np.array([zlib.crc32(line) for line in lines], dtype=np.uint32)
    data = np.frombuffer(b"".join(lines), dtype=np.uint8)
    return PassageLines(Path("memory"), data, starts, checksums)


def lexical_index(passages: Sequence[Passage]) -> LexicalIndex:
    """Return the words of passages as an index holds them."""
    fields = {
        field.name: BM25Index(
            [[word_keys(w, p.language)[field.key] for w in field.words(p)] for p in passages]
        )
        for field in FIELDS
    }
    languages = IndexLanguages.of_counts(Counter(passage.language for passage in passages))
    return LexicalIndex(fields, len(passages), languages)


def opened_index(
    passages: list[Passage],
    encoder: WordEncoder | Encoder | None = None,
    synonyms: Synonyms | None = None,
) -> OpenedIndex:
    """Return what opening an index of these passages, document by document, would give.

    Without an encoder it has no vectors.
    """
    words = sorted({word for passage in passages for word in passage.words})
    sources = [passage.source for passage in passages]
    documents = list(dict.fromkeys(sources))
    manifest = Manifest(
        build="",
        built_at="",
        listed_at_ns=0,
        corpus_fingerprint="",
        limits="",
        documents=len(documents),
        files={},
        sizes={},
        passages=len(passages),
        terms=len(words),
    )
    first_rows = np.array([*(sources.index(source) for source in documents), len(passages)])
    lines = passage_lines(passages)
    hashes = [passage.shown_hash for passage in passages]
    return OpenedIndex(
        Path("memory"),
        manifest,
        lines,
        PassageLookup(
            lines, first_rows[:-1], first_rows[1:], np.zeros(len(documents), dtype=np.int64)
        ),
        lexical_index(passages),
        words,
        None if encoder is None else passage_vectors(lines, encoder),
        np.array([hashes.index(one) for one in hashes], dtype=np.int64),
        general_synonyms() if synonyms is None else synonyms,
    )


def open_searcher(
    passages: list[Passage],
    encoder: WordEncoder | Encoder | None = None,
    synonyms: Synonyms | None = None,
) -> Searcher:
    """Return a searcher of these passages; without an encoder it ranks by words."""
    opened = opened_index(passages, encoder, synonyms)
    if encoder is None or opened.vectors is None:
        return Searcher(opened, None)
    return Searcher(opened, VectorIndex(opened.vectors, as_encoder(encoder)))


def passage_vectors(
    lines: PassageLines,
    encoder: WordEncoder | Encoder,
    *,
    has_lines: bool = True,
    has_tokens: bool = True,
    n_directions: int = N_DIMENSIONS,
) -> PassageVectors:
    """Return the vectors that an encoder makes of passages."""

    def text_of(row: int) -> PassageText:
        text, spans, language = lines.text_with_lines(row)
        return PassageText(text, spans, language == ENGLISH or not encoder.config.english_only)

    model = as_encoder(encoder)
    basis, n_tokens = (
        make_basis(model, len(lines), text_of, n_directions) if has_tokens else (None, 0)
    )
    record = EncoderRecord("words", "0" * 64, has_lines, has_tokens, n_tokens)
    encoded = [encode_passage(model, record, basis, text_of(row)) for row in range(len(lines))]
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_encoded(folder, record, basis, encoded)
        files = VectorFiles.open(folder)
        measure(model, files).write(folder)
        write_off_topic(folder, model)
        write_frequencies(folder, files)
        return PassageVectors.open(folder)
