"""Find the passages that answer a query, best first, each with its answering sentence."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.answer_type import expected_answer
from index.bm25 import K1, Scores
from index.confidence import Evidence, weigh
from index.encoders import Encoder, NeuralEncoder, static_encoder
from index.expansion import Expander, Unit
from index.fusion import standardise
from index.hits import Hit, ReadPart, WeightedText
from index.lexical import LexicalIndex, word_keys
from index.meaning import MeaningIndex, Nearness
from index.names import asked_name, names_in
from index.passages import Passage, Sentence
from index.store import OpenedIndex, open_build
from index.tiers import BLENDS, NEURAL, STATIC, Tier

# Each side names this many passages; those of either are ranked. In a smaller corpus, all are.
_MAX_CANDIDATES = 1000

# A part of the query below this weight breaks ties; it is not worth looking for other words.
_MIN_EXPANDED_WEIGHT = 0.1

# Standard deviations over the passages of one article (medians over SQuAD 2.0's questions): of
# cosines, and of word scores as a share of the score of a passage that holds the whole query.
_COSINE_SPREAD = 0.1
_LEXICAL_SPREAD = 0.1

# A sentence's share of the query's words counts this much beside its cosine, and the expected
# kind of answer in it that much.
_WORDS_IN_SENTENCE = {STATIC: 0.5, NEURAL: 0.3}
_ANSWER_TYPE_BONUS = 0.2


class Searcher:
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
        self.passages = opened.passages
        self.tier = tier
        self._lexical = LexicalIndex(opened.passages)
        self._expander = Expander(
            self._lexical,
            opened.synonyms,
            opened.words,
            static_encoder,
            related=opened.related if tier is Tier.LEXICAL else None,
        )
        self._meanings = {
            kind: MeaningIndex(opened.vectors[kind], encoders[kind]()) for kind in BLENDS[tier]
        }

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
        if top_k <= 0 or not units or not self.passages:
            return []
        words, matching = self._word_scores(units)
        if name := asked_name(query[0].text):
            words += self._introductions(name, words)
        near = {kind: meaning.nearness(_main(parts)) for kind, meaning in self._meanings.items()}
        candidates = self._candidates(words, matching, near)
        sides = self._sides(words, near, units, candidates)
        scores = np.sum(list(sides.values()), axis=0)
        order = np.argsort(-scores, kind="stable")[:top_k]
        return [
            self._hit(
                int(candidates[place]),
                rank,
                {side: float(values[place]) for side, values in sides.items()},
                units,
                near,
                query[0].text,
            )
            for rank, place in enumerate(order, start=1)
        ]

    def passage_beside(
        self, source: str, paragraph: int, *, fingerprint: int, step: int = 0
    ) -> Passage | None:
        """Return a passage, or the one `step` passages after it in its document.

        Args:
            source: Its document.
            paragraph: Its paragraph.
            fingerprint: `hash` of its text; another text there is not the passage meant.
            step: 0, or 1 for the next passage and -1 for the one before.
        """
        for row, passage in enumerate(self.passages):
            if (passage.source, passage.paragraph) != (source, paragraph):
                continue
            if hash(passage.text) == fingerprint and 0 <= row + step < len(self.passages):
                beside = self.passages[row + step]
                return beside if beside.source == source else None
        return None

    def evidence(self, question: str, hits: list[Hit]) -> Evidence | None:
        """Return what speaks for a question's hits; None without hits or words to go by.

        Args:
            question: On its own, without what was asked before.
            hits: What a search for it found; may be empty.
        """
        units = self._expander.units(question)
        if not hits or not units:
            return None
        known = sum(any(map(self._lexical.knows, unit.words)) for unit in units)
        return Evidence(
            max(hit.share for hit in hits),
            max(hit.cosine or 0.0 for hit in hits),
            known / len(units),
        )

    def confidence(self, question: str, hits: list[Hit]) -> float:
        """Return the log odds that a question belongs to the texts, from its `evidence`."""
        evidence = self.evidence(question, hits)
        return weigh(evidence, self.tier) if evidence else -math.inf

    def names_something_unknown(self, question: str) -> bool:
        """Say whether a question names something that the corpus never mentions.

        On SQuAD 2.0 that holds for 3.8 % of the questions that their article does not answer
        and for 0.7 % of those that it does (946 questions, 22 November 2026).
        """
        names = names_in(question)
        units = self._expander.units(question) if names else []
        return any(self._expander.is_unknown(unit) for unit in units if names & set(unit.words))

    def _units(self, part: WeightedText) -> list[Unit]:
        units = self._expander.units(part.text)
        if part.weight < _MIN_EXPANDED_WEIGHT:
            return [Unit(unit.words) for unit in units]
        return units

    def _word_scores(self, units: list[tuple[Unit, float]]) -> tuple[Scores, npt.NDArray[np.bool_]]:
        """Return each passage's score by words, and whether it holds any of them.

        A unit counts as much as the best of what may stand for it; a sum would reward a passage
        for saying the same thing in many words.
        """
        scores = np.zeros(len(self.passages))
        matching = np.zeros(len(self.passages), dtype=np.bool_)
        for unit, weight in units:
            best, held = self._lexical.word_scores(unit.words)
            for other in unit.alternatives:
                added, held_by_other = self._lexical.word_scores(other.words)
                best = np.maximum(best, other.factor * added)
                held = held | held_by_other
            scores += weight * best
            matching |= held
        return scores, matching

    def _introductions(self, name: set[str], words: Scores) -> Scores:
        """Return what the passages gain that introduce the person a question asks for."""
        introducing = [not name.isdisjoint(passage.introduced) for passage in self.passages]
        return np.where(introducing, words.max(), 0.0)

    def _candidates(
        self, words: Scores, matching: npt.NDArray[np.bool_], near: dict[str, Nearness]
    ) -> npt.NDArray[np.intp]:
        """Return the rows to rank, ascending: all of a small corpus, else the best of each side."""
        if not near:
            return np.flatnonzero(matching)
        if len(words) <= _MAX_CANDIDATES:
            return np.arange(len(words))
        sides = [words, *(nearness.best_sentences for nearness in near.values())]
        best = [np.argpartition(-side, _MAX_CANDIDATES)[:_MAX_CANDIDATES] for side in sides]
        return np.unique(np.concatenate(best))

    def _sides(
        self,
        words: Scores,
        near: dict[str, Nearness],
        units: list[tuple[Unit, float]],
        candidates: npt.NDArray[np.intp],
    ) -> dict[str, Scores]:
        """Return what each side adds to the candidates' scores."""
        if not near:
            return {"words": words[candidates]}
        reachable = self._total_information(units) * 3 * (K1 + 1)
        sides = {"words": standardise(words[candidates], _LEXICAL_SPREAD * reachable)}
        for kind, blend in BLENDS[self.tier].items():
            of_passages = standardise(near[kind].passages[candidates], _COSINE_SPREAD)
            of_sentences = standardise(near[kind].best_sentences[candidates], _COSINE_SPREAD)
            both = (1 - blend.sentence_share) * of_passages + blend.sentence_share * of_sentences
            sides[kind] = blend.weight * both
        return sides

    def _hit(
        self,
        row: int,
        rank: int,
        parts: dict[str, float],
        units: list[tuple[Unit, float]],
        near: dict[str, Nearness],
        question: str,
    ) -> Hit:
        passage = self.passages[row]
        cosine = float(near[_finest(near)].best_sentences[row]) if near else None
        held = self._held(passage.words + passage.context_words, units)
        share = sum(held) / self._total_information(units)
        sentence = self._best_sentence(row, units, near, question)
        return Hit(passage, rank, sum(parts.values()), parts, share, cosine, sentence)

    def _best_sentence(
        self,
        row: int,
        units: list[tuple[Unit, float]],
        near: dict[str, Nearness],
        question: str,
    ) -> Sentence | None:
        """Return the sentence that fits the query and the kind of answer; the first of equals."""
        passage = self.passages[row]
        shared = np.array([sum(self._held(s.words, units)) for s in passage.sentences])
        scores = shared / shared.max() if shared.max() > 0 else shared
        if near:
            kind = _finest(near)
            cosines = self._meanings[kind].sentence_cosines(near[kind], row)
            scores = cosines + _WORDS_IN_SENTENCE[kind] * scores
        elif not shared.any():
            return None
        if expected := expected_answer(question):
            holds = [bool(expected.search(text)) for text in passage.sentence_texts()]
            scores = scores + _ANSWER_TYPE_BONUS * np.array(holds)
        return passage.sentences[int(np.argmax(scores))]

    def _held(
        self, words: list[str] | tuple[str, ...], units: list[tuple[Unit, float]]
    ) -> list[float]:
        """Return for each unit how much of its information these words hold."""
        keys = {key for word in words for key in word_keys(word)}

        def held(phrase: tuple[str, ...]) -> float:
            return min(_held_by_keys(word, keys) for word in phrase)

        return [
            weight
            * self._information(unit)
            * max(held(unit.words), *(o.factor * held(o.words) for o in unit.alternatives), 0.0)
            for unit, weight in units
        ]

    def _total_information(self, units: list[tuple[Unit, float]]) -> float:
        return sum(weight * self._information(unit) for unit, weight in units)

    def _information(self, unit: Unit) -> float:
        return max(self._lexical.information(word) for word in unit.words)


def _finest(near: dict[str, Nearness]) -> str:
    """Return the kind of vectors that tells most, of those that were compared."""
    return NEURAL if NEURAL in near else STATIC


def _held_by_keys(word: str, keys: set[str]) -> float:
    """Return how much keys hold a word: fully by its stem or itself, by half by its beginning."""
    stemmed, beginning, itself = word_keys(word)
    if stemmed in keys or itself in keys:
        return 1.0
    return 0.5 if beginning in keys else 0.0


def _main(parts: list[ReadPart]) -> list[tuple[str, float]]:
    """Return the parts that say what a query is about; all where none does by itself."""
    main = [(part.text, part.weight) for part in parts if part.weight >= _MIN_EXPANDED_WEIGHT]
    return main or [(part.text, part.weight) for part in parts]
