"""Model repositories on the Hugging Face hub: the only module that uses the network.

It uses `huggingface_hub`, which reads HF_ENDPOINT, HF_HUB_OFFLINE, HF_HUB_DOWNLOAD_TIMEOUT and the
variables of proxies itself when it is imported. The import waits until something is fetched.
"""

import errno
import hashlib
import logging
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeVar

from index.errors import EncoderUnavailableError
from index.files import sync_file

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoSibling

T = TypeVar("T")

THREAD_NAME = "model hub"

_POLL_S = 0.1
_PIECE_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository.

    Attributes:
        path: Its path in the repository, with "/".
        size: Its size in bytes.
        checksum: The SHA-256 of a large file; of others, the id that git gives its content.
    """

    path: str
    size: int
    checksum: str

    def verified_sha256(self, folder: Path) -> str | None:
        """Force a downloaded file to the disk and return its SHA-256; None for other content."""
        path = folder / self.path
        sha256 = sync_file(path)
        is_sha256 = len(self.checksum) == len(sha256)
        found = sha256 if is_sha256 else _git_id(path.read_bytes())
        return sha256 if found == self.checksum else None


@dataclass(frozen=True, slots=True)
class HubRepository:
    """A repository at one commit."""

    name: str
    revision: str
    files: dict[str, HubFile]
    token: str | None

    @classmethod
    def look_up(cls, name: str, *, token: str | None, timeout_s: float) -> "HubRepository":
        """Ask the hub for the newest commit and its files.

        Args:
            name: The name on the hub, `owner/name`.
            token: The access token to send; None for none, also if one lies in the user's home.
            timeout_s: The seconds after which there is no network.

        Raises:
            EncoderUnavailableError: The hub is out of reach or does not have the repository.
        """
        from huggingface_hub import HfApi

        _set_up_library()
        api = HfApi(token=token or False)
        # The timeout of the request does not cover the look-up of the host's address.
        answer = _in_thread(lambda: api.model_info(name, files_metadata=True, timeout=timeout_s))
        try:
            info = answer.result(timeout_s)
            files = list(filter(None, map(_hub_file, info.siblings or [])))
        except Exception as error:  # each of them has a reason, known or not
            raise EncoderUnavailableError(name, _reason(error, api.endpoint)) from error
        if not isinstance(info.sha, str) or not info.sha:
            raise EncoderUnavailableError(name, _not_the_hub(api.endpoint))
        return cls(name, info.sha, {one.path: one for one in files}, token)

    def download(self, paths: list[str], folder: Path, *, stall_s: float) -> "Download":
        """Begin to download files into a folder, which keeps their layout.

        Args:
            paths: The paths of the files.
            folder: An empty folder.
            stall_s: The seconds after which a download is given up if no byte has come.
        """
        return Download(self, [self.files[path] for path in paths], folder, stall_s=stall_s)


class Download:
    """A download in a thread of its own, which cannot hold up the caller."""

    def __init__(
        self, repository: HubRepository, files: list[HubFile], folder: Path, *, stall_s: float
    ) -> None:
        from huggingface_hub import HfApi

        self._repository = repository
        self._files = files
        self._folder = folder
        self._stall_s = stall_s
        self._most_bytes = sum(one.size for one in files)
        self._received = 0
        self._received_at = time.monotonic()
        self._stopped = Event()
        self._api = HfApi(token=repository.token or False)
        self._work = _in_thread(self._run)

    def wait_for(self, n_bytes: int) -> None:
        """Wait until so many bytes have come.

        Raises:
            EncoderUnavailableError: The download failed, or nothing has come for too long.
        """
        while self._received < n_bytes and not self._work.done():
            wait([self._work], timeout=_POLL_S)
            if time.monotonic() - self._received_at > self._stall_s:
                raise self._error(f"nothing has come for {self._stall_s:.0f} s")
        if self._work.done() and (error := self._work.exception()):
            raise self._error(_reason(error, self._api.endpoint)) from error

    def finish(self) -> None:
        """Wait until all files are there."""
        self.wait_for(sys.maxsize)  # more than ever comes

    def stop(self) -> None:
        """Let the thread end at the next bytes that come."""
        self._stopped.set()

    def _run(self) -> None:
        for file in self._files:
            self._receive(0)
            self._api.hf_hub_download(
                self._repository.name,
                file.path,
                revision=self._repository.revision,
                local_dir=self._folder,
                tqdm_class=_bar_class(self._receive),
            )

    def _receive(self, n_bytes: float | None) -> None:
        """Count bytes; raise OSError in the thread if there is no use for more."""
        self._received += int(n_bytes or 0)
        self._received_at = time.monotonic()
        if self._stopped.is_set():
            raise OSError("the download was stopped")
        if self._received > self._most_bytes:
            raise OSError("more bytes than announced")

    def _error(self, reason: str) -> EncoderUnavailableError:
        return EncoderUnavailableError(self._repository.name, reason)


def _bar_class(report: Callable[[float | None], None]) -> type:
    """Return a class that takes the place of tqdm's and only reports the bytes that come."""

    class Bar:
        def __init__(self, **_options: object) -> None: ...

        def __enter__(self) -> "Bar":
            return self

        def __exit__(self, *_error: object) -> None: ...

        def update(self, n: float | None = 1) -> None:
            report(n)

    return Bar


def _set_up_library() -> None:
    """Let `huggingface_hub` send nothing about the user, print nothing, and report often.

    Its constants come from variables of the environment at its import, which may have happened.
    With telemetry it asks for a list of coding agents and names the one that it finds. Xet fetches
    large files by a protocol of its own and keeps a cache in the user's home. When the
    connection is cut off, an unfinished piece of a file is lost; a piece has 10 MB by default.
    """
    from huggingface_hub import constants
    from huggingface_hub.utils import logging as hub_logging

    constants.HF_HUB_DISABLE_TELEMETRY = True
    constants.HF_HUB_DISABLE_XET = True
    constants.DOWNLOAD_CHUNK_SIZE = _PIECE_BYTES
    hub_logging.set_verbosity(logging.ERROR)


def _in_thread(work: Callable[[], T]) -> "Future[T]":
    """Run something in a daemon thread, which does not keep the process from ending."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # raised where the result is waited for
            future.set_exception(error)

    Thread(target=run, name=THREAD_NAME, daemon=True).start()
    return future


def _hub_file(sibling: "RepoSibling") -> HubFile | None:
    """Return what the hub says about a file; None if it does not say what it takes to check it.

    Raises:
        TypeError: The library passes on values of other types than the hub's.
    """
    checksum = sibling.lfs.sha256 if sibling.lfs else sibling.blob_id
    if sibling.size is None or not checksum:
        return None
    file = HubFile(sibling.rfilename, sibling.size, checksum)
    if [type(value) for value in (file.path, file.size, file.checksum)] != [str, int, str]:
        raise TypeError("a file has fields of wrong types")
    return file


def _git_id(content: bytes) -> str:
    """Return the id of a file's content in a git repository."""
    head = f"blob {len(content)}\0".encode()
    return hashlib.sha1(head + content, usedforsecurity=False).hexdigest()


def _reason(error: BaseException, endpoint: str) -> str:
    """Return in one line why the hub or the download failed."""
    import httpx
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled

    if isinstance(error, LocalEntryNotFoundError) and error.__cause__:
        error = error.__cause__
    detail = " ".join(str(error).split())[:150] or type(error).__name__
    match error:
        case OfflineModeIsEnabled():
            return "HF_HUB_OFFLINE forbids to fetch it"
        case HfHubHTTPError():
            return _refusal(error.response.status_code, endpoint)
        case TimeoutError() | httpx.TimeoutException():
            return f"{endpoint} does not answer; check the network"
        case httpx.ConnectError() | httpx.ProxyError() | httpx.UnsupportedProtocol():
            return f"{endpoint} cannot be reached; check the network: {detail}"
        case httpx.TransportError():
            return f"the connection to {endpoint} was cut off; try again: {detail}"
        case OSError(errno=errno.ENOSPC):
            return "there is no space left on the disk"
        case ValueError() | KeyError() | TypeError():
            return _not_the_hub(endpoint)
    return detail


def _refusal(status: int, endpoint: str) -> str:
    if status in (401, 403):
        return (
            f"{endpoint} does not have it or wants to know who asks; "
            "check the name, or accept the model's terms there and set HF_TOKEN"
        )
    if status == 404:
        return f"{endpoint} does not have it; check the name"
    return f"{endpoint} answers with the error {status}; try again later"


def _not_the_hub(endpoint: str) -> str:
    return f"{endpoint} answers unlike the hub; check the network and HF_ENDPOINT"
