"""Titles and sections of an index, for completion and for questions without an answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

from index.analysis.terms import extract_words
from index.lexical.fields import word_keys
from index.passages.lookup import PassageLookup
from index.passages.passage_file import PassageLines
from index.search.ranking.query_coverage import QueryCoverage

# To read this many passages takes half a second, once. Beyond them, only the titles of as many
# documents are read.
_MAX_READ = 20_000

# A heading is near a question if it covers at least this share of the question.
_MIN_SHARE = 0.1


@dataclass(frozen=True)
class Headings:
    """The titles and sections of an index, read on first access.

    Attributes:
        passages: The passages of the index.
        lookup: The lookup of its documents.
    """

    passages: PassageLines
    lookup: PassageLookup

    @cached_property
    def texts(self) -> list[str]:
        """The distinct titles and sections in the order of the texts, titles before sections."""
        return list(self._languages)

    def nearest(self, coverage: QueryCoverage, k: int) -> list[str]:
        """Return at most k headings near to a question, nearest first; may be empty."""
        shares = {
            position: coverage.covered(self._words[position]) / coverage.total
            for position in sorted(self._sharing(coverage))
        }
        near = [position for position, share in shares.items() if share >= _MIN_SHARE]
        near.sort(key=lambda position: -shares[position])
        return [self.texts[position] for position in near[: max(k, 0)]]

    @cached_property
    def _languages(self) -> dict[str, str]:
        """The language that each of `texts` is read in."""
        read = list(islice(chain.from_iterable(self.lookup.ranges()), _MAX_READ))
        last = read[-1] if read else -1
        beyond = (rows.start for rows in self.lookup.ranges() if rows.start > last)
        all_of_them = chain(
            chain.from_iterable(map(self._both, read)),
            (self._title(row) for row in islice(beyond, _MAX_READ)),
        )
        languages: dict[str, str] = {}
        for text, language in all_of_them:
            if text:
                languages.setdefault(text, language)
        return languages

    def _title(self, row: int) -> tuple[str, str]:
        passage = self.passages.place(row)
        return passage.title, passage.language

    def _both(self, row: int) -> Iterator[tuple[str, str]]:
        passage = self.passages.place(row)
        yield passage.title, passage.language
        yield passage.section or "", passage.language

    def _sharing(self, coverage: QueryCoverage) -> set[int]:
        return {position for key in coverage.all_keys() for position in self._by_key.get(key, ())}

    @cached_property
    def _words(self) -> list[list[str]]:
        return [extract_words(text, language) for text, language in self._languages.items()]

    @cached_property
    def _by_key(self) -> dict[str, list[int]]:
        by_key: dict[str, list[int]] = {}
        languages = self._languages.values()
        for position, (words, language) in enumerate(zip(self._words, languages, strict=True)):
            for key in {key for word in words for key in word_keys(word, language)}:
                by_key.setdefault(key, []).append(position)
        return by_key
