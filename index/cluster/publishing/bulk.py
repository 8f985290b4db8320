"""Write many documents, and look at the answer for each of them."""

import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

from index.cluster.client.connection import ClusterConnection
from index.errors import ClusterFullError, ClusterWriteError

Document = tuple[str, dict[str, Any]]

# A request of some megabytes is what the engine takes best.
_REQUEST_BYTES = 4 * 2**20

# A node that has too much to do refuses single documents.
_BUSY = 429
_PAUSES_S = (0.5, 2.0, 8.0)


def write_documents(
    connection: ClusterConnection, index: str, documents: Iterable[Document]
) -> None:
    """Write documents to an index.

    Raises:
        ClusterFullError: The cluster is read-only.
        ClusterWriteError: A document is refused.
        PassageIndexError: The cluster does not answer.
    """
    for lines in _requests(documents):
        pauses = list(_PAUSES_S)
        while lines := _refused(connection, index, lines):
            if not pauses:
                reason = "the cluster has too much to do"
                raise ClusterWriteError(str(connection.address), reason)
            time.sleep(pauses.pop(0))


def _requests(documents: Iterable[Document]) -> Iterator[list[str]]:
    lines: list[str] = []
    size = 0
    for identifier, content in documents:
        lines.append(f'{{"index":{{"_id":{json.dumps(identifier)}}}}}\n{json.dumps(content)}\n')
        size += len(lines[-1])
        if size >= _REQUEST_BYTES:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


def _refused(connection: ClusterConnection, index: str, lines: list[str]) -> list[str]:
    """Write documents and return those to write again; a status of 200 may hold failures."""
    body = "".join(lines)
    answer: dict[str, Any] = connection.call(
        lambda client, options: client.bulk(
            body=body,
            index=index,
            params=options | {"filter_path": "errors,items.*.status,items.*.error"},
        ),
        slow=True,
    )
    if not answer["errors"]:
        return []
    again: list[str] = []
    for line, item in zip(lines, answer["items"], strict=True):
        done = item["index"]
        error = done.get("error")
        if error is None:
            continue
        if error["type"] == "cluster_block_exception":
            raise ClusterFullError(str(connection.address))
        if done["status"] != _BUSY:
            raise ClusterWriteError(str(connection.address), f"{error['type']}: {error['reason']}")
        again.append(line)
    return again
