"""Passages of a folder of texts, indexed and searched."""

from index.builder import BuildReport, Progress, build_index
from index.documents import CorpusFile, SkippedFile
from index.errors import (
    CorpusReadError,
    EmptyCorpusError,
    IndexMissingError,
    IndexUnusableError,
    IndexWriteError,
    PassageIndexError,
    RebuildRunningError,
)
from index.live import LiveSearcher
from index.passages import Passage, Sentence
from index.searcher import Hit, Searcher, WeightedText

__all__ = [
    "BuildReport",
    "CorpusFile",
    "CorpusReadError",
    "EmptyCorpusError",
    "Hit",
    "IndexMissingError",
    "IndexUnusableError",
    "IndexWriteError",
    "LiveSearcher",
    "Passage",
    "PassageIndexError",
    "Progress",
    "RebuildRunningError",
    "Searcher",
    "Sentence",
    "SkippedFile",
    "WeightedText",
    "build_index",
]
