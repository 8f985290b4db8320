"""Find the passages that answer a query, best first, each with its answering sentence."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.answer_type import expected_answer
from index.bm25 import K1, Rows, Scores
from index.confidence import Evidence, weigh
from index.encoders import Encoder, NeuralEncoder, static_encoder
from index.expansion import Expander, Unit
from index.fusion import standardise
from index.hits import Hit, ReadPart, WeightedText
from index.information import QueryInformation
from index.meaning import MeaningIndex, Nearness
from index.names import asked_name, names_in
from index.passages import Passage, Sentence
from index.places import Places, SourceInfo
from index.store import OpenedIndex, open_build
from index.tiers import BLENDS, NEURAL, STATIC, Tier

# A corpus of up to so many passages is ranked whole. In a larger one the words name this many, by
# their stems, and as many by titles and headings; so do the vectors, up to the size below.
_MAX_CANDIDATES = 1000

# Comparing a question with the vectors of so many passages, some 60,000 sentences, takes 15 ms on
# one core. In a larger corpus the vectors rank what the words found.
_MAX_COMPARED = 20_000

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
        self._lexical = opened.lexical
        self._places = Places(opened.passages, opened.first_rows, opened.changed_at_s)
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
        if top_k <= 0 or not units or not len(self.passages):
            return []
        introducing = self._lexical.introducing(asked_name(query[0].text))
        near = {kind: meaning.nearness(_main(parts)) for kind, meaning in self._meanings.items()}
        rows = self._candidates(units, introducing, near)
        words, matching = self._word_scores(units, rows)
        if len(introducing):
            words += np.where(np.isin(rows, introducing), words.max(initial=0.0), 0.0)
        if not near:
            rows, words = rows[matching], words[matching]
        information = QueryInformation(units, self._lexical)
        sides = self._sides(words, near, information, rows)
        scores = np.sum(list(sides.values()), axis=0)
        order = np.argsort(-scores, kind="stable")[:top_k]
        return [
            self._hit(
                int(rows[place]),
                rank,
                {side: float(values[place]) for side, values in sides.items()},
                information,
                near,
                query[0].text,
            )
            for rank, place in enumerate(order, start=1)
        ]

    def sources(self) -> list[SourceInfo]:
        """Return the documents in the order of their sources; reads two passages of each."""
        return self._places.sources()

    def passage_at(self, source: str, paragraph: int) -> Passage | None:
        """Return a paragraph, the first part of a long one; None where there is no such place."""
        return self._places.passage_at(source, paragraph)

    def passage_beside(
        self, source: str, paragraph: int, *, fingerprint: int, step: int = 0
    ) -> Passage | None:
        """Return a passage, or the one `step` passages after it in its document.

        Args:
            source: Its document.
            paragraph: Its paragraph.
            fingerprint: That of its text; another text there is not the passage meant.
            step: 0, or 1 for the next passage and -1 for the one before.
        """
        return self._places.passage_beside(source, paragraph, fingerprint=fingerprint, step=step)

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

    def _candidates(
        self, units: list[tuple[Unit, float]], introducing: Rows, near: dict[str, Nearness]
    ) -> Rows:
        """Return the rows to rank, ascending: all of a small corpus, else the best of each side.

        By words those are the best by the sum of what may stand for each unit, which is an
        upper bound of what counts in the end: the best of it.
        """
        n_passages = len(self.passages)
        if n_passages <= _MAX_CANDIDATES:
            return np.arange(n_passages, dtype=np.int32)
        words = [
            (word, weight * factor)
            for unit, weight in units
            for phrase, factor in (
                (unit.words, 1.0),
                *((o.words, o.factor) for o in unit.alternatives),
            )
            for word in phrase
        ]
        best = [introducing, self._lexical.best_rows(words, _MAX_CANDIDATES)]
        if n_passages <= _MAX_COMPARED:
            best += [nearness.best_rows(_MAX_CANDIDATES) for nearness in near.values()]
        return np.unique(np.concatenate(best)).astype(np.int32)

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

    def _sides(
        self,
        words: Scores,
        near: dict[str, Nearness],
        information: QueryInformation,
        rows: Rows,
    ) -> dict[str, Scores]:
        """Return what each side adds to the rows' scores."""
        if not near or not len(rows):
            return {"words": words}
        reachable = information.total * 3 * (K1 + 1)
        sides = {"words": standardise(words, _LEXICAL_SPREAD * reachable)}
        for kind, blend in BLENDS[self.tier].items():
            of_passages = standardise(near[kind].passages(rows), _COSINE_SPREAD)
            of_sentences = standardise(near[kind].best_sentences(rows), _COSINE_SPREAD)
            both = (1 - blend.sentence_share) * of_passages + blend.sentence_share * of_sentences
            sides[kind] = blend.weight * both
        return sides

    def _hit(
        self,
        row: int,
        rank: int,
        parts: dict[str, float],
        information: QueryInformation,
        near: dict[str, Nearness],
        question: str,
    ) -> Hit:
        passage = self.passages[row]
        cosine = float(near[_finest(near)].sentences(row).max()) if near else None
        share = information.held(passage.words + passage.context_words) / information.total
        sentence = self._best_sentence(row, information, near, question)
        return Hit(passage, rank, sum(parts.values()), parts, share, cosine, sentence)

    def _best_sentence(
        self,
        row: int,
        information: QueryInformation,
        near: dict[str, Nearness],
        question: str,
    ) -> Sentence | None:
        """Return the sentence that fits the query and the kind of answer; the first of equals."""
        passage = self.passages[row]
        shared = np.array([information.held(s.words) for s in passage.sentences])
        scores = shared / shared.max() if shared.max() > 0 else shared
        if near:
            kind = _finest(near)
            scores = near[kind].sentences(row) + _WORDS_IN_SENTENCE[kind] * scores
        elif not shared.any():
            return None
        if expected := expected_answer(question):
            holds = [bool(expected.search(text)) for text in passage.sentence_texts()]
            scores = scores + _ANSWER_TYPE_BONUS * np.array(holds)
        return passage.sentences[int(np.argmax(scores))]


def _finest(near: dict[str, Nearness]) -> str:
    """Return the kind of vectors that tells most, of those that were compared."""
    return NEURAL if NEURAL in near else STATIC


def _main(parts: list[ReadPart]) -> list[tuple[str, float]]:
    """Return the parts that say what a query is about; all where none does by itself."""
    main = [(part.text, part.weight) for part in parts if part.weight >= _MIN_EXPANDED_WEIGHT]
    return main or [(part.text, part.weight) for part in parts]
