"""The searchers that are compared: each built from the same tokens, each asked the same queries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import numpy.typing as npt
import tantivy
from rank_bm25 import BM25Okapi

from index.lexical.bm25 import K1, B, build_postings
from index.lexical.postings import Postings
from tests.benchmarks.support.collection import Chunk, Collection

TOP_K = 10

# One writer for each of two cores, with room for a million passages in one or two segments.
_TANTIVY_THREADS, _TANTIVY_BYTES = 2, 1_500_000_000
_CHUNK_PASSAGES = 50_000

# The ids of a query's words -> what was found; only rows and scores of ours are looked at.
Search = Callable[[list[int]], Any]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A collection's words as ids, on disk: what every engine is built from."""

    ids: npt.NDArray[np.int32]
    lengths: npt.NDArray[np.int32]

    @classmethod
    def write(cls, collection: Collection, folder: Path) -> None:
        """Draw the collection."""
        chunks = list(collection.chunks())
        np.save(folder / "ids.npy", np.concatenate([ids for ids, _ in chunks]))
        np.save(folder / "lengths.npy", np.concatenate([lengths for _, lengths in chunks]))

    @classmethod
    def open(cls, folder: Path) -> "Tokens":
        """Map what was written."""
        return cls(*(np.load(folder / f"{name}.npy", mmap_mode="r") for name in cls.__slots__))

    def chunks(self) -> Iterator[Chunk]:
        """Yield the passages, some thousands at a time."""
        ends = np.concatenate(([0], np.cumsum(self.lengths, dtype=np.int64)))
        for start in range(0, len(self.lengths), _CHUNK_PASSAGES):
            stop = min(start + _CHUNK_PASSAGES, len(self.lengths))
            yield np.array(self.ids[ends[start] : ends[stop]]), np.array(self.lengths[start:stop])

    def lists(self) -> list[list[int]]:
        """Return the passages as the Python lists that some engines take."""
        return [
            part.tolist()
            for ids, lengths in self.chunks()
            for part in np.split(ids, np.cumsum(lengths)[:-1])
        ]


def build_ours(tokens: Tokens, n_terms: int, folder: Path) -> None:
    """Stream the tokens into postings."""
    build_postings(tokens.chunks, n_terms, folder=folder)


def open_ours(folder: Path) -> Search:
    """Map the postings."""
    postings = Postings.open(folder)
    return lambda query: postings.top_k([(term_id, 1.0) for term_id in query], TOP_K)


def build_bm25s(tokens: Tokens, n_terms: int, folder: Path) -> None:
    """Index lists of ids, by Lucene's formula, which is bm25s's default."""
    retriever = bm25s.BM25(k1=K1, b=B, method="lucene", backend="numba")
    retriever.index((tokens.lists(), {n: n for n in range(n_terms)}), show_progress=False)
    retriever.save(folder)


def open_bm25s(folder: Path) -> Search:
    """Load the index into memory, where it is fastest, with the numba backend."""
    retriever = bm25s.BM25.load(folder)
    retriever.backend = "numba"
    retriever.activate_numba_scorer()
    return lambda query: retriever.retrieve([query], k=TOP_K, show_progress=False, n_threads=1)


@cache
def _words() -> list[str]:
    return Collection(0).words()


def build_tantivy(tokens: Tokens, _: int, folder: Path) -> None:
    """Add each passage as its words with spaces between them; frequencies, no positions."""
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    index = tantivy.Index(schema.build(), path=str(folder))
    writer = index.writer(heap_size=_TANTIVY_BYTES, num_threads=_TANTIVY_THREADS)
    for ids, lengths in tokens.chunks():
        for part in np.split(ids, np.cumsum(lengths)[:-1]):
            document = tantivy.Document()
            document.add_text("text", " ".join([_words()[term_id] for term_id in part.tolist()]))
            writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def open_tantivy(folder: Path) -> Search:
    """Open the index; a query is a disjunction of its terms."""
    index = tantivy.Index.open(str(folder))
    searcher, schema, query_type = index.searcher(), index.schema, tantivy.Query

    def search(query: list[int]) -> Any:
        terms = [
            (tantivy.Occur.Should, query_type.term_query(schema, "text", _words()[n], "freq"))
            for n in query
        ]
        return searcher.search(query_type.boolean_query(terms), TOP_K, count=False).hits

    return search


def build_rank_bm25(tokens: Tokens, *_: object) -> BM25Okapi:
    """Index lists of ids; it has no form on disk."""
    return BM25Okapi(tokens.lists(), k1=K1, b=B)


BUILDERS: dict[str, Callable[[Tokens, int, Path], Any]] = {
    "ours": build_ours,
    "bm25s": build_bm25s,
    "tantivy": build_tantivy,
    "rank_bm25": build_rank_bm25,
}
OPENERS = {"ours": open_ours, "bm25s": open_bm25s, "tantivy": open_tantivy}
