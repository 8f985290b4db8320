"""Cached lists for `/sources` and `/read`: an index's texts, and first paragraphs of sections."""

import threading
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from cachetools import LRUCache

from bot.discord_app.messages.phrase_completion import PhraseIndex, complete
from index import AnySearcher, Passage, SourceInfo

# Only this many paragraphs of a text, those of a long book, are searched for its sections.
_MAX_LOOKED_THROUGH = 2000

# Texts whose sections are kept, for each index.
_MAX_KEPT = 50


class SourceLists:
    """Lists of the texts, made once for each index; threads may share it. All methods block."""

    def __init__(self) -> None:
        self._lists: WeakKeyDictionary[AnySearcher, _Sources] = WeakKeyDictionary()

    def infos(self, searcher: AnySearcher) -> list[SourceInfo]:
        """Return the texts in their order."""
        return self._of(searcher).infos

    def find(self, searcher: AnySearcher, named: str) -> SourceInfo | None:
        """Return the text that is named by its source, or by source or title in any case."""
        infos = self.infos(searcher)
        folded = " ".join(named.casefold().split())
        exact = (info for info in infos if info.source == named)
        alike = (info for info in infos if folded in (info.source.casefold(), _title(info)))
        return next(exact, None) or next(alike, None)

    def matching(self, searcher: AnySearcher, typed: str, top_k: int) -> list[SourceInfo]:
        """Return the texts whose title or source completes the typed text, best first."""
        held = self._of(searcher)
        return [held.by_name[name] for name in complete(typed, (held.names,), top_k)]

    def paragraphs(
        self, searcher: AnySearcher, info: SourceInfo, typed: str, top_k: int
    ) -> list[Passage]:
        """Return paragraphs that may be meant.

        Those with the paragraphs from a typed number on; otherwise the first ones of the sections
        whose names match the typed text.
        """
        if typed.strip().isdecimal():
            first = int(typed.strip()[:9])
            numbers = range(first, min(first + top_k, info.paragraphs + 1))
            found = (searcher.passage_at(info.source, number) for number in numbers)
            return list(dict.fromkeys(passage for passage in found if passage is not None))
        sections = self._of(searcher).sections(searcher, info)
        return [sections[name] for name in complete(typed, (PhraseIndex(sections),), top_k)]

    def _of(self, searcher: AnySearcher) -> "_Sources":
        held = self._lists.get(searcher)
        if held is None:
            held = self._lists[searcher] = _Sources(searcher.sources())
        return held


class _Sources:
    """The texts of one index."""

    def __init__(self, infos: list[SourceInfo]) -> None:
        self.infos = infos
        self.by_name = {f"{info.title} {info.source}": info for info in infos}
        self.names = PhraseIndex(self.by_name)
        self._sections = LRUCache[str, dict[str, Passage]](_MAX_KEPT)
        self._lock = threading.Lock()  # of the cache, which even a look-up changes

    def sections(self, searcher: AnySearcher, info: SourceInfo) -> dict[str, Passage]:
        """Return the first paragraph of each section, by the section's name."""
        with self._lock:
            held = self._sections.get(info.source)
        if held is None:
            held = {}
            for passage in _paragraphs(searcher, info):
                held.setdefault(passage.section or passage.title, passage)
            with self._lock:
                self._sections[info.source] = held
        return held


def _paragraphs(searcher: AnySearcher, info: SourceInfo) -> Iterator[Passage]:
    for number in range(1, min(info.paragraphs, _MAX_LOOKED_THROUGH) + 1):
        passage = searcher.passage_at(info.source, number)
        if passage is not None:
            yield passage


def _title(info: SourceInfo) -> str:
    return " ".join(info.title.casefold().split())
