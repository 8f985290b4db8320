"""A lock in the cluster, so that only one process at a time publishes at an address."""

import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from index.cluster.client.connection import ClusterConnection
from index.cluster.documents.schema import lock_index_name
from index.errors import ClusterBusyError, PassageIndexError

_ID = "rebuild"

# A process renews its lock this often. One that has not done so for the second time has died, or
# has lost the cluster. The clocks of the machines must not differ by more.
_RENEW_EVERY_S = 10.0
STALE_AFTER_S = 60.0


class PublishLock:
    """A lock that this process holds, and renews in a thread."""

    def __init__(self, connection: ClusterConnection) -> None:
        """Take the lock.

        Raises:
            ClusterBusyError: Another process holds it.
            PassageIndexError: The cluster does not answer, or refuses.
        """
        self._connection = connection
        self._index = lock_index_name(connection.address.prefix)
        self._owner = f"{socket.gethostname()}, process {os.getpid()}"
        self._since = datetime.now(UTC).isoformat(timespec="seconds")
        self._token = uuid.uuid4().hex
        self._stopped = threading.Event()
        self._is_lost = False
        self._version = self._take()
        self._thread = threading.Thread(target=self._keep, name="publish-lock", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Raise ClusterBusyError if another process has taken the lock over."""
        if self._is_lost:
            raise self._busy()

    def release(self) -> None:
        """Give the lock back; what fails is left to the next process, which finds it stale."""
        from opensearchpy import ConflictError, NotFoundError

        self._stopped.set()
        self._thread.join()
        with suppress(ConflictError, NotFoundError, PassageIndexError):
            self._connection.call(
                lambda client, options: client.delete(
                    index=self._index, id=_ID, params=options | self._version
                )
            )

    def _take(self) -> dict[str, int]:
        """Create the lock's document or take over a stale one; return its version."""
        from opensearchpy import ConflictError

        self._make_index()
        try:
            return self._write({"op_type": "create"})
        except ConflictError:
            held = self._held()
        if held is not None and self._is_ours(held):  # the answer to the first try was lost
            return _version_of(held)
        if held is not None and time.time() - held["_source"]["renewed"] < STALE_AFTER_S:
            raise self._busy(held["_source"])
        try:
            return self._write(_version_of(held) if held else {"op_type": "create"})
        except ConflictError:
            raise self._busy() from None

    def _make_index(self) -> None:
        body = {
            "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}},
            "mappings": {
                "dynamic": "strict",
                "properties": {
                    "owner": {"type": "keyword"},
                    "since": {"type": "keyword"},
                    "renewed": {"type": "double"},
                    "token": {"type": "keyword"},
                },
            },
        }
        exists = self._connection.call(
            lambda client, options: client.indices.exists(index=self._index, params=options)
        )
        if not exists:
            self._connection.call(
                lambda client, options: client.indices.create(
                    index=self._index, body=body, params=options, ignore=400
                ),
                slow=True,
            )

    def _write(self, condition: dict[str, Any], *, slow: bool = True) -> dict[str, int]:
        """Write the lock's document if a condition holds, and return its version."""
        body = {
            "owner": self._owner,
            "since": self._since,
            "renewed": time.time(),
            "token": self._token,
        }
        done = self._connection.call(
            lambda client, options: client.index(
                index=self._index, id=_ID, body=body, params=options | condition
            ),
            slow=slow,
        )
        return _version_of(done)

    def _held(self) -> dict[str, Any] | None:
        from opensearchpy import NotFoundError

        try:
            held: dict[str, Any] = self._connection.call(
                lambda client, options: client.get(index=self._index, id=_ID, params=options)
            )
        except NotFoundError:
            return None
        return held

    def _busy(self, held: dict[str, Any] | None = None) -> ClusterBusyError:
        if held is None:
            document = self._held()
            held = document["_source"] if document else {}
        return ClusterBusyError(
            str(self._connection.address),
            held.get("owner", "an unknown process"),
            held.get("since", "just now"),
        )

    def renew(self) -> bool:
        """Renew the lock, and return whether it is not lost."""
        from opensearchpy import ConflictError, NotFoundError

        try:
            self._version = self._write(self._version, slow=False)
        except (ConflictError, NotFoundError):
            self._is_lost = not self._find_own()
        except PassageIndexError:
            pass  # the next time may succeed before it is stale
        return not self._is_lost

    def _keep(self) -> None:
        """Renew the lock until it is released or lost."""
        while not self._stopped.wait(_RENEW_EVERY_S) and self.renew():
            pass

    def _find_own(self) -> bool:
        """Return whether the lock is still ours: the answer to a write may have been lost."""
        try:
            held = self._held()
        except PassageIndexError:
            return True
        if held is None or not self._is_ours(held):
            return False
        self._version = _version_of(held)
        return True

    def _is_ours(self, held: dict[str, Any]) -> bool:
        return bool(held["_source"].get("token") == self._token)


def _version_of(document: dict[str, Any]) -> dict[str, int]:
    return {"if_seq_no": document["_seq_no"], "if_primary_term": document["_primary_term"]}


@contextmanager
def publish_lock(connection: ClusterConnection) -> Iterator[PublishLock]:
    """Hold the lock; raises like `PublishLock`."""
    lock = PublishLock(connection)
    try:
        yield lock
    finally:
        lock.release()
