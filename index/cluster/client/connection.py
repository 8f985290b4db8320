"""Send requests to a cluster from any thread, with time limits and repetitions."""

import asyncio
import atexit
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

from index.cluster.client.address import ClusterAddress
from index.cluster.client.time_limit import QUESTION_LIMIT_S, seconds_left
from index.errors import (
    ClusterTooOldError,
    ClusterUnavailableError,
    ExtraMissingError,
    IndexUnusableError,
)

if TYPE_CHECKING:
    from opensearchpy import AsyncOpenSearch

T = TypeVar("T")

# The time of one request of a question, and the pauses before the second and third try.
REQUEST_S = 2.0
_PAUSES_S = (0.05, 0.2)

# What is not for a question, such as loading an index: of one request, and of all tries.
SLOW_REQUEST_S = 120.0
_SLOW_LIMIT_S = 300.0

OLDEST_VERSION = (2, 19)


class ClusterConnection:
    """The connection to the nodes of a cluster. Threads may share it.

    The client of the library runs in the event loop of a thread that all connections share, so
    that a thread which searches can stop waiting at its time limit.
    """

    def __init__(self, address: ClusterAddress, *, request_s: float = REQUEST_S) -> None:
        """Prepare to connect; nothing is sent.

        Args:
            address: The address of the cluster.
            request_s: How long one request of a question may take.

        Raises:
            ExtraMissingError: The client library is not installed.
        """
        self.address = address
        self._request_s = request_s
        try:
            import opensearchpy  # noqa: F401  # only an installation with a cluster has it
        except ImportError as error:
            raise ExtraMissingError("INDEX_URL", "cluster") from error
        self._client = self._run(self._open(), _SLOW_LIMIT_S)
        self._is_closed = False
        _opened().add(self)

    async def _open(self) -> "AsyncOpenSearch":
        from opensearchpy import AsyncOpenSearch

        address = self.address
        login = (address.user, address.password) if address.user else None
        files = {
            "ca_certs": address.ca_file,
            "client_cert": address.client_certificate,
            "client_key": address.client_key,
        }
        options: dict[str, Any] = {name: str(path) for name, path in files.items() if path}
        if address.uses_tls:
            options |= {"use_ssl": True, "verify_certs": True}
        return AsyncOpenSearch(
            [{"host": host, "port": port} for host, port in address.hosts],
            http_auth=login,
            max_retries=0,  # the tries are counted here, as the library does not repeat all errors
            http_compress=False,
            **options,
        )

    def check_version(self) -> str:
        """Ask the cluster for its version, and return it.

        Raises:
            ClusterTooOldError: It is too old, or no OpenSearch.
            PassageIndexError: It does not answer.
        """
        version = self.call(lambda client, options: client.info(params=options))["version"]
        number = tuple(int(part) for part in version["number"].split(".")[:2] if part.isdigit())
        if version.get("distribution") != "opensearch" or number < OLDEST_VERSION:
            name = f"{version.get('distribution', 'Elasticsearch')} {version['number']}"
            raise ClusterTooOldError(str(self.address), name)
        return str(version["number"])

    def call(
        self,
        request: "Callable[[AsyncOpenSearch, dict[str, Any]], Awaitable[T]]",
        *,
        slow: bool = False,
    ) -> T:
        """Send a request, up to three times, and return the answer.

        Args:
            request: Sends it by a client, with these further parameters.
            slow: Whether it may take minutes, because no question waits for it.

        Raises:
            NotFoundError: What is asked for does not exist; an error of the client library.
            ConflictError: Another process was faster; an error of the client library.
            PassageIndexError: The cluster does not answer in time, or refuses.
        """
        limit_s = _SLOW_LIMIT_S if slow else seconds_left(QUESTION_LIMIT_S)
        request_s = SLOW_REQUEST_S if slow else self._request_s
        return self._run(self._try(request, request_s, limit_s), limit_s)

    def search(self, name: str, body: Mapping[str, Any], *, slow: bool = False) -> dict[str, Any]:
        """Search an index and return the answer of all its shards.

        Raises:
            IndexUnusableError: The index was removed.
            PassageIndexError: The cluster does not answer in time, or refuses.
        """
        from opensearchpy import NotFoundError

        from index.cluster.client.failures import PartialAnswerError

        async def ask(client: "AsyncOpenSearch", options: dict[str, Any]) -> dict[str, Any]:
            options = options | {"allow_partial_search_results": "false"}
            answer: dict[str, Any] = await client.search(index=name, body=body, params=options)
            shards = answer["_shards"]
            if answer["timed_out"] or shards["successful"] < shards["total"]:
                raise PartialAnswerError
            return answer

        try:
            return self.call(ask, slow=slow)
        except NotFoundError:
            reason = "it was replaced and removed; the next question opens the new one"
            raise IndexUnusableError(str(self.address), reason) from None

    def close(self) -> None:
        """Close the connections; nothing may be sent afterwards."""
        self._is_closed = True
        _opened().discard(self)
        self._run(self._client.close(), _SLOW_LIMIT_S)

    async def _try(
        self,
        request: "Callable[[AsyncOpenSearch, dict[str, Any]], Awaitable[T]]",
        request_s: float,
        limit_s: float,
    ) -> T:
        from opensearchpy import ConflictError, NotFoundError

        from index.cluster.client.failures import as_index_error, is_momentary

        ends_at = asyncio.get_running_loop().time() + limit_s
        pauses = list(_PAUSES_S)
        while True:
            if self._is_closed:  # the library would open a new connection, which nobody closes
                raise ClusterUnavailableError(str(self.address), "the connection is closed")
            left_s = ends_at - asyncio.get_running_loop().time()
            try:
                # The library's own limit leaves the connection closed, so it comes first.
                wait_s = max(0.001, min(request_s, left_s))
                sent = request(self._client, {"request_timeout": wait_s})
                return await asyncio.wait_for(sent, wait_s + 0.1)
            except (NotFoundError, ConflictError):
                raise
            except Exception as error:  # what the library raises is translated
                left_s = ends_at - asyncio.get_running_loop().time()
                if not pauses or not is_momentary(error) or left_s <= pauses[0]:
                    raise as_index_error(error, self.address) from None
            await asyncio.sleep(pauses.pop(0))

    def _run(self, work: Awaitable[T], limit_s: float) -> T:
        """Do some work in the loop's thread, and wait for it a little longer than it may take."""

        async def run() -> T:
            return await work

        done: Future[T] = asyncio.run_coroutine_threadsafe(run(), _loop())
        try:
            return done.result(limit_s + 1.0)
        except TimeoutError:
            done.cancel()
            raise ClusterUnavailableError(
                str(self.address), "no node has answered in time"
            ) from None


@cache
def _opened() -> "WeakSet[ClusterConnection]":
    """Return the connections that are open, which are closed when the process ends."""
    opened: WeakSet[ClusterConnection] = WeakSet()
    atexit.register(_close_all, opened)
    return opened


def _close_all(opened: "WeakSet[ClusterConnection]") -> None:
    for connection in list(opened):
        connection.close()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop of all connections, which runs in a daemon thread."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="cluster", daemon=True).start()
    return loop
