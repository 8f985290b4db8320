"""Find the passages that answer a query, best first, each with its answering sentence."""

import copy
import math
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from index.analysis.names import asked_name, names_in
from index.arrays import Rows, Scores
from index.search.browsing import TextBrowser
from index.search.confidence import Evidence, gather_evidence, log_odds_of
from index.search.headings import Headings
from index.search.hits import Hit, ReadPart, WeightedText
from index.search.ranking.answer_sentence import best_sentence
from index.search.ranking.candidates import candidates
from index.search.ranking.query_coverage import QueryCoverage
from index.search.ranking.query_expansion import QueryExpander
from index.search.ranking.score_fusion import score_parts
from index.search.ranking.taught_questions import (
    Boost,
    Boosts,
    BoundQuestions,
    TaughtQuestion,
    bind,
)
from index.search.ranking.units import Unit
from index.storage.build_files import OpenedIndex, check_bytes, open_build
from index.vectors.encoders import Encoder, NeuralEncoder, static_encoder
from index.vectors.similarity import QuerySimilarity, VectorIndex
from index.vectors.tiers import BLENDS, NEURAL, STATIC, Tier, best_kind

# A part of the query below this weight breaks ties; it is not worth looking for other words.
_MIN_EXPANDED_WEIGHT = 0.1

# So many taught questions, of all servers and of lists that have changed since, take 70 MB.
_MAX_TAUGHT = 20_000


class Searcher(TextBrowser):
    """Searches the passages of one build in one tier. Threads may share it."""

    def __init__(
        self, opened: OpenedIndex, tier: Tier, encoders: dict[str, Callable[[], Encoder]]
    ) -> None:
        """Prepare to search.

        Args:
            opened: An index.
            tier: What to rank by.
            encoders: Gives the encoder of each kind of vectors that the tier needs.
        """
        self.manifest = opened.manifest
        self._index_dir = opened.index_dir
        self.tier = tier
        self._lexical = opened.lexical
        self._expander = QueryExpander(
            self._lexical,
            opened.synonyms,
            opened.words,
            static_encoder,
            related=opened.related if tier is Tier.LEXICAL else None,
        )
        self._vector_indexes = {
            kind: VectorIndex(opened.vectors[kind], encoders[kind]()) for kind in BLENDS[tier]
        }
        self.passages = opened.passages
        self.all_headings = Headings(
            opened.passages, opened.lookup, self._vector_indexes.get(STATIC)
        )
        super().__init__([self.all_headings])
        self.n_taught = 0
        self._taught = BoundQuestions([], opened.passages, self._lexical, self._vector_indexes)
        self._views = _no_views()
        self._lock = Lock()

    @classmethod
    def open(
        cls, index_dir: Path, tier: Tier = Tier.DEFAULT, models_dir: Path | None = None
    ) -> "Searcher":
        """Open the published index.

        Args:
            index_dir: Where it is.
            tier: What to rank by; the neural one needs an index that was built for it.
            models_dir: Where fetched models are kept.

        Raises:
            IndexMissingError: There is none.
            IndexUnusableError: It cannot be trusted.
            EncoderUnavailableError: The neural model of the index cannot be loaded.
        """
        opened = open_build(index_dir)
        if tier is Tier.NEURAL and NEURAL not in opened.vectors:
            tier = Tier.DEFAULT

        def neural_encoder() -> Encoder:
            folder = models_dir or index_dir
            return NeuralEncoder(opened.manifest.neural_model or "", folder, fetch=False)

        return cls(opened, tier, {STATIC: static_encoder, NEURAL: neural_encoder})

    def check(self, pause: Callable[[], None] | None = None) -> None:
        """Check every byte of the index that is open; `pause` is called after each MiB.

        Raises:
            IndexUnusableError: One is not what was written, or the build is no longer there.
        """
        check_bytes(self._index_dir, self.manifest, pause)

    def with_taught(self, taught: Sequence[TaughtQuestion]) -> "Searcher":
        """Return a searcher of the same index to whose passages questions are taught.

        A passage is scored as if it also held the words of the taught question that serves it
        best and had that question as a further sentence; what is shown stays the text. What was
        taught to a place that holds another text now is left out. Instead of, not in addition to,
        what was taught to this one. Asked again for the same questions it costs nothing.
        """
        key = tuple(taught)
        with self._lock:
            view = self._views.get(key)
        if view is None:
            view = copy.copy(self)
            bound = bind(key, self.all_headings.lookup)
            view.n_taught = len(key)
            view._taught = BoundQuestions(bound, self.passages, self._lexical, self._vector_indexes)
            view._views = _no_views()  # not this one's, which would keep itself alive through it
            with self._lock:
                self._views[key] = view
        return view

    def read(self, query: list[WeightedText]) -> list[ReadPart]:
        """Return how a query is understood, part by part."""
        return [
            ReadPart(part.text, part.weight, tuple(self._units(part)))
            for part in query
            if part.weight > 0
        ]

    def search(self, query: list[WeightedText], top_k: int) -> list[Hit]:
        """Return the best passages for the query.

        Args:
            query: The question, and with lower weights what was asked before it.
            top_k: The most hits to return; 0 or less returns none.

        Returns:
            At most `top_k` hits by falling score, ties in the order of the text; empty for a
            query of stop words. By words alone only passages that share one are hits.
        """
        parts = self.read(query)
        units = [(unit, part.weight) for part in parts for unit in part.units]
        if top_k <= 0 or not units or not len(self.passages):
            return []
        introducing = self._lexical.introducing(asked_name(query[0].text))
        similarities = {
            kind: vector_index.similarity(_main_parts(parts))
            for kind, vector_index in self._vector_indexes.items()
        }
        coverage = QueryCoverage(units, self._lexical)
        found = candidates(units, introducing, similarities, self._lexical)
        boosts = Boosts.among(found, self._taught.boosts(units, coverage, similarities))
        words, matching = self._word_scores(units, boosts.rows)
        if len(introducing):
            words += np.where(np.isin(boosts.rows, introducing), words.max(initial=0.0), 0.0)
        if not similarities:
            held = matching | boosts.is_boosted()
            boosts, words = boosts.only(held), words[held]
        of_kinds = score_parts(self.tier, words, similarities, coverage, boosts)
        scores = np.sum(list(of_kinds.values()), axis=0)
        order = np.argsort(-scores, kind="stable")[:top_k]
        return [
            self._hit(
                int(boosts.rows[position]),
                rank,
                {kind: float(values[position]) for kind, values in of_kinds.items()},
                coverage,
                similarities,
                boosts.by_row,
                query[0].text,
            )
            for rank, position in enumerate(order, start=1)
        ]

    def nearest_headings(self, question: str, k: int = 2) -> list[str]:
        """Return the titles and sections nearest to a question; empty where none is near."""
        units = [(unit, 1.0) for unit in self._expander.units(question)]
        if not units:
            return []
        return self.all_headings.nearest(question, QueryCoverage(units, self._lexical), k)

    def did_you_mean(self, question: str) -> list[str]:
        """Return the words of the texts that a question's unknown words may mean, in its order."""
        return list(dict.fromkeys(chain.from_iterable(self.suggestions(question).values())))

    def suggestions(self, question: str) -> dict[str, list[str]]:
        """Return what `did_you_mean` does, by the question's words."""
        return {
            word: suggestions
            for word, suggestions in self._expander.suggestions(question).items()
            if not any(map(self.knows, word.split()))
        }

    def evidence(self, question: str, hits: list[Hit]) -> Evidence | None:
        """Return what speaks for a question's hits; None without hits or words to go by.

        Args:
            question: On its own, without what was asked before.
            hits: What a search for it found; may be empty.
        """
        return gather_evidence(self._expander.units(question), hits, self.knows)

    def confidence(self, question: str, hits: list[Hit]) -> float:
        """Return the log odds that a question belongs to the texts, from its `evidence`."""
        evidence = self.evidence(question, hits)
        return log_odds_of(evidence, self.tier) if evidence else -math.inf

    def names_something_unknown(self, question: str) -> bool:
        """Return whether a question names something that neither the texts nor what was taught has.

        On SQuAD 2.0 that holds for 3.8 % of the questions that their article does not answer
        and for 0.7 % of those that it does (946 questions, 22 November 2026).
        """
        return bool(self.unknown_names(question))

    def unknown_names(self, question: str) -> set[str]:
        """Return the words by which a question names what the index does not know."""
        names = names_in(question)
        units = self._expander.units(question) if names else []
        return {
            word
            for unit in units
            if self._expander.is_unknown(unit) and not any(map(self._taught.knows, unit.words))
            for word in names & set(unit.words)
        }

    def knows(self, word: str) -> bool:
        """Return whether the texts or what was taught hold a normalised word or a form of it."""
        return self._lexical.knows(word) or self._taught.knows(word)

    def _units(self, part: WeightedText) -> list[Unit]:
        units = self._expander.units(part.text)
        if part.weight < _MIN_EXPANDED_WEIGHT:
            return [Unit(unit.words) for unit in units]
        return units

    def _word_scores(
        self, units: list[tuple[Unit, float]], rows: Rows
    ) -> tuple[Scores, npt.NDArray[np.bool_]]:
        """Return each row's score by words, and whether it holds any of them.

        A unit counts as much as the best of what may stand for it; a sum would reward a passage
        for saying the same thing in many words.
        """
        asked = None if len(rows) == len(self.passages) else rows
        scores = np.zeros(len(rows))
        matching = np.zeros(len(rows), dtype=np.bool_)
        for unit, weight in units:
            best, held = self._lexical.word_scores(unit.words, asked)
            for other in unit.alternatives:
                added, held_by_other = self._lexical.word_scores(other.words, asked)
                best = np.maximum(best, other.factor * added)
                held = held | held_by_other
            scores += weight * best
            matching |= held
        return scores, matching

    def _hit(
        self,
        row: int,
        rank: int,
        parts: dict[str, float],
        coverage: QueryCoverage,
        similarities: dict[str, QuerySimilarity],
        boosted: Mapping[int, Boost],
        question: str,
    ) -> Hit:
        passage = self.passages[row]
        held = coverage.covered(passage.all_words)
        cosine, cosines = None, None
        if similarities:
            kind = best_kind(similarities)
            cosines = kind, similarities[kind].sentences(row)
            cosine = float(cosines[1].max())
        if taught := boosted.get(row):
            held = min(held + taught.gain, coverage.total)
            cosine = None if cosine is None else max(cosine, taught.cosines[kind])
        sentence = best_sentence(passage, coverage, question, cosines)
        share = held / coverage.total
        return Hit(passage, rank, sum(parts.values()), parts, share, cosine, sentence)


def _no_views() -> "LRUCache[tuple[TaughtQuestion, ...], Searcher]":
    return LRUCache(_MAX_TAUGHT, getsizeof=lambda view: min(view.n_taught + 1, _MAX_TAUGHT))


def _main_parts(parts: list[ReadPart]) -> list[tuple[str, float]]:
    """Return the parts that say what a query is about; all where none does by itself."""
    main = [(part.text, part.weight) for part in parts if part.weight >= _MIN_EXPANDED_WEIGHT]
    return main or [(part.text, part.weight) for part in parts]
