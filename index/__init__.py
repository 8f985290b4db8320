"""Passages of a folder of texts, indexed and searched."""

from index.analysis.languages.codes import read_code
from index.analysis.languages.questions import IndexLanguages
from index.analysis.languages.stems import stem
from index.analysis.names import full_names
from index.analysis.terms import extract_terms, extract_tokens, extract_words
from index.cluster.client.address import ClusterAddress
from index.cluster.client.time_limit import time_limit
from index.cluster.face import (
    ClusterInspection,
    copy_index_from_cluster,
    inspect_cluster,
    open_cluster_index,
    publish_in_cluster,
)
from index.construction.add_vectors import add_vectors
from index.construction.build_index import MAX_WAIT_S, build_index
from index.construction.build_report import BuildReport
from index.construction.inspect_index import IndexInspection, inspect_index
from index.documents import (
    DEFAULT_MAX_FILE_MB,
    SYNONYMS_NAME,
    CorpusFile,
    Limits,
    SkippedFile,
    check_readable,
    list_corpus,
    readable_suffixes,
)
from index.documents.model import Mark
from index.documents.versions import read_version
from index.errors import (
    ClusterBusyError,
    ClusterError,
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
from index.files import link_or_copy, sync_file, sync_folder
from index.lexical.bm25 import BM25Index
from index.passages.join_passages import join_passages, stand_together
from index.passages.lookup import SourceInfo
from index.passages.passage import Passage, PassageRef, Sentence, fingerprint, innermost_heading
from index.progress import Progress
from index.search.combined import CombinedSearcher
from index.search.confidence import is_sure, is_unanswerable
from index.search.hits import ExpandedPart, Hit, WeightedText
from index.search.live import LiveSearcher
from index.search.named_versions import NamedVersions, named_versions
from index.search.protocol import AnySearcher, PassageList
from index.search.ranking.taught_questions import TaughtQuestion
from index.search.ranking.units import Alternative
from index.search.searcher import Searcher
from index.search.translations import in_one_language
from index.storage.manifest import manifest_stamp, vectors_are_pending
from index.vectors.tiers import Tier
from index.vectors.write_vectors import (
    DEFAULT_MAX_TOKEN_MB,
    MAX_FOREIGN_SHARE,
    MULTILINGUAL,
    MULTILINGUAL_MB,
    EncoderChoice,
    foreign_share,
)

__all__ = [
    "DEFAULT_MAX_FILE_MB",
    "DEFAULT_MAX_TOKEN_MB",
    "MAX_FOREIGN_SHARE",
    "MAX_WAIT_S",
    "MULTILINGUAL",
    "MULTILINGUAL_MB",
    "SYNONYMS_NAME",
    "Alternative",
    "AnySearcher",
    "BM25Index",
    "BuildReport",
    "ClusterAddress",
    "ClusterBusyError",
    "ClusterError",
    "ClusterInspection",
    "CombinedSearcher",
    "CorpusFile",
    "CorpusReadError",
    "EmptyCorpusError",
    "EncoderChoice",
    "EncoderUnavailableError",
    "ExpandedPart",
    "Hit",
    "IndexInspection",
    "IndexLanguages",
    "IndexMissingError",
    "IndexNewerError",
    "IndexUnusableError",
    "IndexWriteError",
    "Limits",
    "LiveSearcher",
    "Mark",
    "NamedVersions",
    "Passage",
    "PassageIndexError",
    "PassageList",
    "PassageRef",
    "Progress",
    "RebuildRunningError",
    "Searcher",
    "Sentence",
    "SkippedFile",
    "SourceInfo",
    "SynonymsError",
    "TaughtQuestion",
    "Tier",
    "WeightedText",
    "WordNetUnusableError",
    "add_vectors",
    "build_index",
    "check_readable",
    "copy_index_from_cluster",
    "extract_terms",
    "extract_tokens",
    "extract_words",
    "fingerprint",
    "foreign_share",
    "full_names",
    "in_one_language",
    "innermost_heading",
    "inspect_cluster",
    "inspect_index",
    "is_sure",
    "is_unanswerable",
    "join_passages",
    "link_or_copy",
    "list_corpus",
    "manifest_stamp",
    "named_versions",
    "open_cluster_index",
    "publish_in_cluster",
    "read_code",
    "read_version",
    "readable_suffixes",
    "stand_together",
    "stem",
    "sync_file",
    "sync_folder",
    "time_limit",
    "vectors_are_pending",
]
