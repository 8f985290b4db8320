"""The settings and fields of an index, and the names that a cluster knows it by."""

import re
from typing import Any

from index.lexical.fields import FIELDS

# Raise it when the fields or what they hold change. An index of another format is published again.
FORMAT = 1

_PASSAGES_OF_A_SHARD = 200_000

# What stands behind the prefix in the name of an index.
_BUILD = re.compile(r"[0-9a-f]{12}")

# A scope may be a list of this many documents.
_MAX_TERMS = 1_000_000

# The name of the fields' similarity, analyzer and filter.
_IMPACT = "impact"

# Small numbers have no meaning for a ranking, and their sums over a passage fit into 31 bits.
IMPACT_BITS = 20

ROW, DOCUMENT, WORDS, LINE = "row", "document", "words", "line"
FILE, CHUNK, DATA = "file", "chunk", "data"

# What is returned of a hit stands in columns; reading its stored fields takes ten times as long.
NO_STORED_FIELDS = {"stored_fields": "_none_"}

_BINARY = {"type": "binary", "doc_values": True}


def index_name(prefix: str, build: str) -> str:
    """Return the name of a new index."""
    return f"{prefix}-{build}"


def is_index_name(prefix: str, name: str) -> bool:
    """Return whether a name is that of an index that was published with a prefix."""
    build = name.removeprefix(f"{prefix}-")
    return build != name and _BUILD.fullmatch(build) is not None


def lock_index_name(prefix: str) -> str:
    """Return the name of the index that holds the lock of rebuilds."""
    return f"{prefix}-lock"


def index_body(n_passages: int, build: str) -> dict[str, Any]:
    """Return settings and mapping of a new index.

    The engine stores the length of a passage in one byte and counts deleted passages, so its own
    BM25 would rank otherwise than the files of a build. Here the score of a term is its boost in
    the query times its frequency in the passage, and these frequencies are impacts.
    """
    impacts = {
        "type": "text",
        "analyzer": _IMPACT,
        "similarity": _IMPACT,
        "norms": False,
        "index_options": "freqs",
    }
    return {
        "settings": {
            "index": {
                "number_of_shards": max(1, -(-n_passages // _PASSAGES_OF_A_SHARD)),
                "auto_expand_replicas": "0-1",  # one replica, as soon as there is a second node
                "refresh_interval": "-1",
                "max_terms_count": _MAX_TERMS,
                "similarity": {
                    _IMPACT: {
                        "type": "scripted",
                        "weight_script": {"source": "return query.boost;"},
                        "script": {"source": "return weight * doc.freq;"},
                    }
                },
                "analysis": {
                    "analyzer": {_IMPACT: {"tokenizer": "whitespace", "filter": [_IMPACT]}},
                    "filter": {_IMPACT: {"type": "delimited_term_freq"}},
                },
            }
        },
        "mappings": {
            "dynamic": "strict",
            "_source": {"enabled": False},
            "_meta": {"pullquote_format": FORMAT, "build": build},
            "properties": {
                ROW: {"type": "integer"},
                DOCUMENT: {"type": "integer"},
                **{field.name: impacts for field in FIELDS},
                WORDS: _BINARY,
                LINE: _BINARY,
                FILE: {"type": "keyword"},
                CHUNK: {"type": "integer"},
                DATA: _BINARY,
            },
        },
    }
