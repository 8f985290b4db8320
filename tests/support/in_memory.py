"""An index of given passages, without files or corpus."""

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from index.analysis.synonyms import Synonyms, general_synonyms
from index.lexical.bm25 import BM25Index
from index.lexical.fields import FIELDS, LexicalIndex, word_keys
from index.passages.lookup import PassageLookup
from index.passages.passage import Passage
from index.passages.passage_file import PassageLines, to_line
from index.storage.build_files import OpenedIndex
from index.storage.manifest import Manifest
from index.vectors.encoders import Encoder, static_encoder
from index.vectors.similarity import PassageVectors, WordVectors
from index.vectors.tiers import STATIC


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
        field.name: BM25Index([[word_keys(w)[field.key] for w in field.words(p)] for p in passages])
        for field in FIELDS
    }
    return LexicalIndex(fields, len(passages))


def opened_index(
    passages: list[Passage],
    encoders: Mapping[str, Encoder] | None = None,
    synonyms: Synonyms | None = None,
) -> OpenedIndex:
    """Return what opening an index of these passages, document by document, would give."""
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
    kinds = encoders or {STATIC: static_encoder()}
    first_rows = np.array([*(sources.index(source) for source in documents), len(passages)])
    lines = passage_lines(passages)
    headings = {passage.line_above: None for passage in passages if passage.line_above}
    hashes = [passage.shown_hash for passage in passages]
    return OpenedIndex(
        Path("memory"),
        manifest,
        lines,
        PassageLookup(lines, first_rows, np.zeros(len(documents), dtype=np.int64)),
        lexical_index(passages),
        WordVectors(words, static_encoder().encode(words)),
        {kind: _vectors(passages, encoder, headings) for kind, encoder in kinds.items()},
        list(headings),
        np.array([hashes.index(one) for one in hashes], dtype=np.int64),
        general_synonyms() if synonyms is None else synonyms,
    )


def _vectors(
    passages: list[Passage], encoder: Encoder, headings: Mapping[str, None]
) -> PassageVectors:
    counts = [len(passage.sentences) for passage in passages]
    numbers = {heading: number for number, heading in enumerate(headings)}
    return PassageVectors(
        encoder.encode([f"{passage.line_above}\n{passage.text}".strip() for passage in passages]),
        encoder.encode([text for passage in passages for text in passage.sentence_texts()]),
        encoder.encode(headings),
        np.cumsum([0, *counts]).astype(np.int64),
        np.array([numbers.get(passage.line_above, -1) for passage in passages]),
    )
