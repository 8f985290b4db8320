"""Search several indexes as one: a server's own texts first, then the shared ones."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import chain, zip_longest

from index.passages.editions import Editions
from index.search.browsing import TextBrowser
from index.search.confidence import on_scale_of
from index.search.hits import MAX_COPIES, ExpandedPart, Hit, WeightedText
from index.search.ranking.taught_questions import TaughtQuestion
from index.search.searcher import Searcher
from index.vectors.tiers import Tier


class CombinedSearcher(TextBrowser):
    """Searches several indexes; if two have a text of the same source, the first one's is used.

    Keep and reuse the object while its searchers are the newest ones, because callers cache data
    about its texts for each object. Threads may share it.

    Attributes:
        editions: The texts that are the same page in several versions or languages.
    """

    def __init__(self, searchers: Sequence[Searcher]) -> None:
        """Combine searchers.

        If one of them waits for its vectors, all of them search by words until it has some. If one
        will have none, such as texts in a language that the encoder does not read, log odds are on
        the scale of the first searcher's tier.

        Raises:
            ValueError: There is no searcher.
        """
        if not searchers:
            raise ValueError("a combined searcher needs at least one searcher")
        if any(searcher.waits_for_vectors for searcher in searchers):
            searchers = [searcher.by_words() for searcher in searchers]
        super().__init__([searcher.all_headings for searcher in searchers])
        self._searchers = tuple(searchers)
        self.editions = Editions.of_several(searcher.editions for searcher in reversed(searchers))

    @property
    def tier(self) -> Tier:
        """The tier of the first searcher."""
        return self._searchers[0].tier

    def check(self) -> None:
        """Check every byte of each index; raises like `Searcher.check`."""
        for searcher in self._searchers:
            searcher.check()

    def with_taught(self, taught: Sequence[TaughtQuestion]) -> "CombinedSearcher":
        """Return a searcher with each question taught to the index whose text is used."""
        views = [
            searcher.with_taught([one for one in taught if self._has(searcher, one.passage.source)])
            for searcher in self._searchers
        ]
        combined = CombinedSearcher(views)
        combined.passages, combined.editions = self.passages, self.editions  # the same texts
        return combined

    def within(self, sources: Collection[str]) -> "CombinedSearcher":
        """Return a searcher of some of the texts; see `Searcher.within`."""
        return self._of([searcher.within(sources) for searcher in self._searchers])

    def of_current_versions(self) -> "CombinedSearcher":
        """Return a searcher without superseded texts; see `Searcher.of_current_versions`."""
        if not any(searcher.editions.superseded for searcher in self._searchers):
            return self
        return self._of([searcher.of_current_versions() for searcher in self._searchers])

    def of_versions(self, versions: Collection[str]) -> "CombinedSearcher":
        """Return a searcher of the texts of some versions; see `Searcher.of_versions`."""
        return self._of([searcher.of_versions(versions) for searcher in self._searchers])

    def holds_phrase(self, phrase: str) -> bool:
        """Return whether a passage of any index holds some words word for word."""
        return any(searcher.holds_phrase(phrase) for searcher in self._searchers)

    def language_of(self, question: str) -> str:
        """Return the language that the first index with a translated page reads a question in."""
        translated = (one for one in self._searchers if one.editions.has_translations)
        return next(translated, self._searchers[0]).language_of(question)

    def expand(self, query: list[WeightedText]) -> list[ExpandedPart]:
        """Return the parts of a query, as the first index expands them."""
        return self._searchers[0].expand(query)

    def search(self, query: list[WeightedText], top_k: int) -> list[Hit]:
        """Return the best passages of all indexes; those of one index stay in its order.

        Of passages that read the same only the first is returned.

        Scores of different indexes are not comparable. So the lists are merged by log odds: the
        next hit is the best remaining one of the index for which its log odds are largest, ties
        by the order of the indexes. Earlier questions count in the evidence of a hit by their
        weight, as in its score.
        """
        parts = [part.text for part in self.expand(query) if part.units]
        question = parts[0] if parts else ""
        lists = [
            [
                (self._log_odds(searcher, question, [hit]), hit)
                for hit in self._own_hits(searcher, query, top_k)
            ]
            for searcher in self._searchers
        ]
        hits: dict[int, Hit] = {}
        while len(hits) < top_k and (waiting := [one for one in lists if one]):
            best = max(waiting, key=lambda one: one[0][0])
            hit = best.pop(0)[1]
            shown = hit.passage.shown_hash
            if shown in hits:
                copies = (*hits[shown].copies, hit.passage.ref, *hit.copies)[:MAX_COPIES]
                hits[shown] = replace(hits[shown], copies=copies)
            else:
                hits[shown] = replace(hit, rank=len(hits) + 1)
        return list(hits.values())

    def confidence(self, question: str, hits: list[Hit]) -> float:
        """Return the largest of the indexes' log odds that the question belongs to their texts."""
        return max(
            self._log_odds(
                searcher,
                question,
                [hit for hit in hits if self._has(searcher, hit.passage.source)],
            )
            for searcher in self._searchers
        )

    def may_refuse(self, question: str) -> bool:
        """Return whether the log odds may say that nothing was found, in every index."""
        return all(searcher.may_refuse(question) for searcher in self._searchers)

    def names_something_unknown(self, question: str) -> bool:
        """Return whether a question names something that no index mentions.

        The indexes that read the question in English tell its names.
        """
        able = [one for one in self._searchers if one.finds_names(question)]
        if not able:
            return False
        unknown = set.intersection(*(one.unknown_names(question) for one in able))
        others = [one for one in self._searchers if one not in able]
        return any(not any(one.knows(name) for one in others) for name in unknown)

    def nearest_headings(self, question: str, k: int = 2) -> list[str]:
        """Return the headings nearest to a question, alternating between the indexes."""
        each = [one.nearest_headings(question, k) for one in self._searchers]
        in_turn = (heading for few in zip_longest(*each) for heading in few if heading)
        return list(dict.fromkeys(in_turn))[: max(k, 0)]

    def did_you_mean(self, question: str) -> list[str]:
        """Return the suggestions of all indexes for words that no index knows."""
        suggestions = [one.suggestions(question) for one in self._searchers]
        unknown = [
            word
            for word in dict.fromkeys(chain.from_iterable(suggestions))
            if not any(one.knows(part) for one in self._searchers for part in word.split())
        ]
        return list(
            dict.fromkeys(w for u in unknown for one in suggestions for w in one.get(u, ()))
        )

    def _of(self, views: Sequence[Searcher]) -> "CombinedSearcher":
        """Return the views as one searcher, without those that have no text."""
        return CombinedSearcher([view for view in views if len(view.passages)] or views[:1])

    def _has(self, searcher: Searcher, source: str) -> bool:
        """Return whether the text of this source is used from this searcher."""
        return self._lookup_of(source) is searcher.all_headings.lookup

    def _own_hits(self, searcher: Searcher, query: list[WeightedText], top_k: int) -> list[Hit]:
        """Return the best hits of an index, without hits in texts that an earlier index has."""
        wanted = top_k
        while True:
            found = searcher.search(query, wanted)
            hits = [hit for hit in found if self._has(searcher, hit.passage.source)]
            if len(hits) >= top_k or len(found) < wanted:
                return hits[: max(top_k, 0)]
            wanted *= 2

    def _log_odds(self, searcher: Searcher, question: str, hits: list[Hit]) -> float:
        return on_scale_of(self.tier, searcher.confidence(question, hits), searcher.tier)
