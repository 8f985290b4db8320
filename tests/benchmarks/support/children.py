"""What `builds.py` and `questions.py` measure, each piece in a process of its own.

    python -m tests.benchmarks.support.children PIECE ARGUMENT ...

A piece prints its figures as JSON. Peers are imported where they are used: any may be missing.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import numpy as np

T = TypeVar("T")

# By the first word of what a build shows of its progress: the phase that begins, and the next one.
_PHASES = {
    "Reading": ("reading", "inverting"),
    "Sorting": ("inverting", "inverting"),
    "Vectors": ("vectors", "settling"),
}

# Seeds 1 to 3 draw the queries of `queries.py`.
_SEED = 4
_MOST_QUERY_WORDS = 8
_WARM_UP = 200

# One writer for each of two cores, with room for a million passages in one or two segments.
_TANTIVY_THREADS, _TANTIVY_BYTES = 2, 1_500_000_000


def build_ours(
    corpus: str, index_dir: str, tier: str = "lexical", thorough: str = "thorough"
) -> dict[str, Any]:
    """Bring our index up to date, as `pullquote rebuild` does, or as a start does."""
    from index import EncoderChoice, build_index

    marks = [("listing", time.perf_counter())]

    def progress(things: list[T], what: str) -> Iterator[T]:
        begun, after = _PHASES[what.split()[0]]
        marks.append((begun, time.perf_counter()))
        yield from things
        marks.append((after, time.perf_counter()))

    report = build_index(
        Path(corpus),
        Path(index_dir),
        encoder=EncoderChoice("", Path(index_dir)) if tier == "encoder" else None,
        within_s=None,
        thorough=thorough == "thorough",
        progress=progress,
    )
    ends = [moment for _, moment in marks[1:]] + [time.perf_counter()]
    phases: dict[str, float] = {}
    for (name, begun), end in zip(marks, ends, strict=True):
        phases[name] = phases.get(name, 0.0) + end - begun
    return {
        "seconds": ends[-1] - marks[0][1],
        "phases": phases,
        "passages": report.passages,
        "documents": report.documents,
        "disk_mb": _size_mb(Path(index_dir)),
    }


def build_bm25s(corpus: str, folder: str) -> dict[str, Any]:
    """Read, cut at blank lines, stem and index with bm25s's own tokenizer; texts are not kept."""
    import bm25s
    import Stemmer

    started = time.perf_counter()
    texts = list(_paragraphs(Path(corpus)))
    tokens = bm25s.tokenize(texts, stemmer=Stemmer.Stemmer("english"), show_progress=False)
    words_s = time.perf_counter() - started
    retriever = bm25s.BM25(backend="numba")
    retriever.index(tokens, show_progress=False)
    retriever.save(folder)
    seconds = time.perf_counter() - started
    phases = {"reading": words_s, "inverting": seconds - words_s}
    return _peer_figures(seconds, phases, len(texts), Path(folder))


def build_tantivy(corpus: str, folder: str) -> dict[str, Any]:
    """Read, cut at blank lines, and let tantivy stem and index; texts are not kept."""
    import tantivy

    started = time.perf_counter()
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", tokenizer_name="en_stem", index_option="freq")
    Path(folder).mkdir(parents=True)
    index = tantivy.Index(schema.build(), path=folder)
    writer = index.writer(heap_size=_TANTIVY_BYTES, num_threads=_TANTIVY_THREADS)
    n_passages = 0
    for text in _paragraphs(Path(corpus)):
        document = tantivy.Document()
        document.add_text("text", text)
        writer.add_document(document)
        n_passages += 1
    writer.commit()
    writer.wait_merging_threads()
    return _peer_figures(time.perf_counter() - started, {}, n_passages, Path(folder))


def draw_queries(index_dir: str, count: str, path: str) -> dict[str, Any]:
    """Write queries: 2 to 8 distinct words of a passage that any may be, each word alike."""
    from index import Searcher, Tier

    passages = list(Searcher.open(Path(index_dir), Tier.LEXICAL).passages)
    rng = np.random.default_rng(_SEED)
    queries: list[str] = []
    while len(queries) < int(count) + _WARM_UP:
        words = sorted(set(passages[int(rng.integers(len(passages)))].words))
        if len(words) > 1:
            queries.append(_some_of(words, rng))
    Path(path).write_text(json.dumps(queries), encoding="utf-8")
    return {"drawn": len(queries)}


def _some_of(words: list[str], rng: np.random.Generator) -> str:
    size = min(int(rng.integers(2, _MOST_QUERY_WORDS + 1)), len(words))
    return " ".join(rng.choice(words, size, replace=False))


def open_ours(index_dir: str, tier: str) -> dict[str, float]:
    """Open our index, and answer a first question."""
    started = time.perf_counter()
    from index import Searcher, Tier, WeightedText

    imported = time.perf_counter()
    searcher = Searcher.open(Path(index_dir), Tier(tier))
    opened = time.perf_counter()
    searcher.search([WeightedText("who rebuilt the lighthouse")], 3)
    return {
        "import_ms": 1000 * (imported - started),
        "open_ms": 1000 * (opened - imported),
        "first_ms": 1000 * (time.perf_counter() - opened),
    }


def serve_ours(index_dir: str, tier: str, queries: str) -> dict[str, float]:
    """Answer the queries, each for the first time; the first 200 warm up and do not count."""
    from bot.answering.answer import answer_question
    from index import Searcher, Tier
    from tests.benchmarks.support.memory import memory_mb

    searcher = Searcher.open(Path(index_dir), Tier(tier))
    asked: list[str] = json.loads(Path(queries).read_text(encoding="utf-8"))
    times = [answer_question(query, [], searcher).milliseconds for query in asked]
    median, p99 = np.percentile(times[_WARM_UP:], [50, 99])
    anonymous, resident = memory_mb()
    return {
        "median_ms": float(median),
        "p99_ms": float(p99),
        "anonymous_mb": anonymous,
        "file_mb": resident - anonymous,
    }


def ask_in_scopes(index_dir: str, tier: str, count: str) -> dict[str, float]:
    """Ask in so many scopes, each of an equal part of the texts, some words of a passage of theirs.

    The texts of a scope follow each other, as those of a folder do. Each question is asked of the
    whole index twice, then in its scope twice; the first time limits the index to the scope.
    """
    from bot.answering.answer import answer_question
    from index import Searcher, Tier
    from tests.benchmarks.support.memory import memory_mb

    searcher = Searcher.open(Path(index_dir), Tier(tier))
    words = {passage.source: sorted(set(passage.words)) for passage in searcher.passages}
    sources = [text.source for text in searcher.sources()]
    size = max(1, len(sources) // int(count))
    scopes = [sources[n : n + size] for n in range(0, len(sources), size)][: int(count)]
    rng = np.random.default_rng(_SEED)
    asked = [_some_of(words[scope[0]], rng) for scope in scopes]

    def ask(open_searcher: Callable[[int], Searcher]) -> list[float]:
        times = []
        for number, query in enumerate(asked):
            started = time.perf_counter()
            answer_question(query, [], open_searcher(number))
            times.append(1000 * (time.perf_counter() - started))
        return times

    _, whole = (ask(lambda _: searcher) for _ in range(2))
    before, _ = memory_mb()
    first, again = (ask(lambda number: searcher.within(scopes[number])) for _ in range(2))
    anonymous, _ = memory_mb()
    return {
        "scopes": len(scopes),
        "whole_ms": float(np.median(whole)),
        "first_ms": float(np.median(first)),
        "again_ms": float(np.median(again)),
        "again_p99_ms": float(np.percentile(again, 99)),
        "memory_mb": anonymous - before,
    }


def ask_question_set(index_dir: str, tier: str, questions: str) -> dict[str, list[float]]:
    """Ask a question set, conversations in their order; return the milliseconds of each question.

    "semantic" is the part of it that went into vectors: to encode the question and to compare it.
    """
    from bot.answering.answer import answer_question, extend_history
    from bot.answering.conversation import Turn
    from bot.evaluation.question_sets import load_question_set
    from index import Searcher, Tier

    searcher = Searcher.open(Path(index_dir), Tier(tier))
    whole, semantic = [], []
    with _timed_semantic() as spent:
        for turns in load_question_set(Path(questions), searcher):
            history: list[Turn] = []
            for question in turns:
                before = spent[0]
                answer = answer_question(question.text, history, searcher)
                history = extend_history(history, answer)
                whole.append(answer.milliseconds)
                semantic.append(1000 * (spent[0] - before))
    return {"whole": whole, "semantic": semantic}


@contextmanager
def _timed_semantic() -> Iterator[list[float]]:
    """Add up the seconds that vectors take; a part that another one calls counts once."""
    from index.vectors.similarity import QuerySimilarity, VectorIndex

    spent, depth = [0.0], [0]

    def timed(original: Callable[..., T]) -> Callable[..., T]:
        def call(*arguments: Any) -> T:
            started = time.perf_counter()
            depth[0] += 1
            try:
                return original(*arguments)
            finally:
                depth[0] -= 1
                spent[0] += 0.0 if depth[0] else time.perf_counter() - started

        return call

    parts = (
        (VectorIndex, "similarity"),
        *((QuerySimilarity, name) for name in ("passages", "best_lines", "tokens", "cosines")),
        *((QuerySimilarity, name) for name in ("best_rows", "nearest", "likeness")),
    )
    with ExitStack() as stack:
        for owner, name in parts:
            stack.enter_context(patch.object(owner, name, timed(getattr(owner, name))))
        yield spent


def _paragraphs(corpus: Path) -> Iterator[str]:
    for path in sorted(corpus.rglob("*.txt")):
        yield from path.read_text(encoding="utf-8").split("\n\n")


def _peer_figures(
    seconds: float, phases: dict[str, float], passages: int, folder: Path
) -> dict[str, Any]:
    figures = {"seconds": seconds, "phases": phases, "passages": passages}
    return figures | {"disk_mb": _size_mb(folder)}


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


PIECES: dict[str, Callable[..., dict[str, Any]]] = {
    "ours": build_ours,
    "bm25s": build_bm25s,
    "tantivy": build_tantivy,
    "draw": draw_queries,
    "open": open_ours,
    "serve": serve_ours,
    "scopes": ask_in_scopes,
    "questions": ask_question_set,
}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(PIECES[sys.argv[1]](*sys.argv[2:])))
