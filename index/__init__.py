"""Passages of a folder of texts, indexed and searched."""

from index.builder import BuildReport, build_index
from index.choices import NeuralChoice, Progress
from index.combined import CombinedSearcher
from index.confidence import is_nothing, is_sure
from index.documents import DEFAULT_MAX_FILE_MB, CorpusFile, SkippedFile
from index.errors import (
    CorpusReadError,
    EmptyCorpusError,
    EncoderUnavailableError,
    IndexMissingError,
    IndexNewerError,
    IndexUnusableError,
    IndexWriteError,
    PassageIndexError,
    RebuildRunningError,
    SynonymsError,
    WordNetUnusableError,
)
from index.expansion import Alternative
from index.hits import Hit, ReadPart, WeightedText
from index.live import LiveSearcher
from index.names import full_names
from index.passages import Passage, Sentence, fingerprint
from index.places import SourceInfo
from index.searcher import Searcher
from index.searching import PassageList, Searching
from index.taught import TaughtQuestion
from index.tiers import Tier

__all__ = [
    "DEFAULT_MAX_FILE_MB",
    "Alternative",
    "BuildReport",
    "CombinedSearcher",
    "CorpusFile",
    "CorpusReadError",
    "EmptyCorpusError",
    "EncoderUnavailableError",
    "Hit",
    "IndexMissingError",
    "IndexNewerError",
    "IndexUnusableError",
    "IndexWriteError",
    "LiveSearcher",
    "NeuralChoice",
    "Passage",
    "PassageIndexError",
    "PassageList",
    "Progress",
    "ReadPart",
    "RebuildRunningError",
    "Searcher",
    "Searching",
    "Sentence",
    "SkippedFile",
    "SourceInfo",
    "SynonymsError",
    "TaughtQuestion",
    "Tier",
    "WeightedText",
    "WordNetUnusableError",
    "build_index",
    "fingerprint",
    "full_names",
    "is_nothing",
    "is_sure",
]
