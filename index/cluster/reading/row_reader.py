"""Fetch what a cluster holds of passages, by their rows."""

from collections.abc import Iterable, Mapping
from typing import Any

from index.cluster.client.connection import ClusterConnection
from index.cluster.documents.binary import to_bytes
from index.cluster.documents.schema import NO_STORED_FIELDS, ROW
from index.errors import IndexUnusableError

# More rows in one request would make a large answer.
_ROWS_AT_ONCE = 1_000

Query = Mapping[str, Any]


class RowReader:
    """Reads from one index. Threads may share it."""

    def __init__(self, connection: ClusterConnection, index: str) -> None:
        self.connection = connection
        self.index = index

    def fetch(self, rows: Iterable[int], field: str) -> dict[int, bytes]:
        """Return a field of some passages, by row.

        Raises:
            IndexUnusableError: A passage is missing, or the index was removed.
            PassageIndexError: The cluster does not answer.
        """
        wanted = sorted(set(rows))
        found: dict[int, bytes] = {}
        for first in range(0, len(wanted), _ROWS_AT_ONCE):
            few = wanted[first : first + _ROWS_AT_ONCE]
            query = {"bool": {"filter": [{"terms": {ROW: few}}]}}
            found |= self.best(query, field, len(few), ranked=False)
        if len(found) < len(wanted):
            raise IndexUnusableError(str(self.connection.address), "passages of it are missing")
        return found

    def best(self, query: Query, field: str, k: int, *, ranked: bool = True) -> dict[int, bytes]:
        """Return a field of the k passages that fit a query best, ties by row; raises like `fetch`.

        Args:
            query: The query.
            field: The field.
            k: The number of passages.
            ranked: Whether passages have scores; else the first ones are returned.
        """
        by_row = {ROW: "asc"}
        body = {
            "query": query,
            "size": k,
            "sort": ["_score", by_row] if ranked else [by_row],
            "docvalue_fields": [ROW, field],
            "track_total_hits": False,
            **NO_STORED_FIELDS,
        }
        hits = self._search(body)["hits"]["hits"]
        return {hit["fields"][ROW][0]: to_bytes(hit["fields"][field][0]) for hit in hits}

    def rows(self, query: Query, k: int) -> list[int]:
        """Return the first k rows that fit a query, ascending; raises like `fetch`."""
        body = {
            "query": query,
            "size": k,
            "sort": [{ROW: "asc"}],
            "docvalue_fields": [ROW],
            "track_total_hits": False,
            **NO_STORED_FIELDS,
        }
        return [hit["fields"][ROW][0] for hit in self._search(body)["hits"]["hits"]]

    def counts(self, queries: Mapping[str, Query]) -> dict[str, int]:
        """Return how many passages fit each of some queries, by the same names."""
        if not queries:
            return {}
        body = {"size": 0, "aggs": {"by": {"filters": {"filters": dict(queries)}}}}
        buckets = self._search(body)["aggregations"]["by"]["buckets"]
        return {name: bucket["doc_count"] for name, bucket in buckets.items()}

    def _search(self, body: dict[str, Any]) -> dict[str, Any]:
        return self.connection.search(self.index, body)
