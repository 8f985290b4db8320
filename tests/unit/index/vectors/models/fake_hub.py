"""A hub on loopback that `huggingface_hub` talks to, with the faults of the real one."""

import hashlib
import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from threading import enumerate as threads

import huggingface_hub
import pytest

from index.vectors.models.hub_client import THREAD_NAME

NAME = "harbour/tiny-encoder"
REVISION = "c0ffee" * 6 + "cafe"


class FakeHub:
    """One repository; large files come from another host, as they do from the real hub.

    Attributes:
        files: The content of each file by its path.
        large: The end of the names of large files, which have a SHA-256.
        requests: Each request: its method, its path, and its headers in lower case.
        unexpected: The paths of requests that fetching a model does not need.
        status: The status of the answers about the repository, if it is an error.
        refused: The status of the answers to downloads, if it is an error.
        error_code: What the hub says of an error in `X-Error-Code`.
        page: The page that a Wi-Fi network puts in the place of each answer.
        cuts: How many of the next transfers of large files end in their middle.
        swapped: The content that comes in the place of that of a file.
        before_transfer: Called before a large file is sent.
        ended: Set when the hub is closed.
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.large = (".onnx", "data")
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.unexpected: list[str] = []
        self.status = 200
        self.refused = 200
        self.error_code = ""
        self.page = b""
        self.cuts = 0
        self.swapped: dict[str, bytes] = {}
        self.before_transfer: Callable[[], None] = lambda: None
        self.ended = Event()
        self._silent_at = ""
        hub = self

        class Handler(_Handler):
            def answer(self) -> None:
                hub._answer(self)

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        self.endpoint = f"http://127.0.0.1:{self._port}"

    def be_silent(self, *, path_holds: str) -> None:
        """Never answer requests for certain paths."""
        self._silent_at = path_holds

    def close(self) -> None:
        """Refuse connections from now on."""
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()

    @contextmanager
    def serve(self, home: Path) -> Iterator["FakeHub"]:
        """Serve, and let the library take this for the hub; its own files lie in `home`."""
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        constants = importlib.import_module("huggingface_hub.constants")
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("HF_ENDPOINT", self.endpoint)
                patch.setenv("HF_HOME", str(home))
                patch.setenv("NO_PROXY", "*")
                importlib.reload(constants)  # reads the variables
                yield self
            assert self.unexpected == []
        finally:
            self.close()
            self._wait_for_clients()
            huggingface_hub.close_session()
            importlib.reload(constants)

    @staticmethod
    def _wait_for_clients() -> None:
        """Wait for downloads that were given up: the library tries some of them again."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("time.sleep", lambda _seconds: None)
            for thread in threads():
                if thread.name == THREAD_NAME:
                    thread.join(10)
                    assert not thread.is_alive()

    def info(self) -> dict[str, object]:
        """Return what the hub says about the repository."""
        siblings = []
        for path, content in self.files.items():
            one: dict[str, object] = {"rfilename": path, "size": len(content)}
            one["blobId"] = _git_id(content)
            if path.endswith(self.large):
                digest = hashlib.sha256(content).hexdigest()
                one["lfs"] = {"size": len(content), "sha256": digest, "pointerSize": 130}
            siblings.append(one)
        return {"id": NAME, "sha": REVISION, "siblings": siblings}

    def _answer(self, request: "_Handler") -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append((request.command, request.path, headers))
        if self._silent_at and self._silent_at in request.path:
            self.ended.wait(20)
            return
        if self.page:
            request.send(200, self.page, {"Content-Type": "text/html"})
        elif request.path.startswith(f"/api/models/{NAME}"):
            request.send(self.status, json.dumps(self.info()).encode(), self._error_headers())
        elif found := re.fullmatch(rf"/{NAME}/resolve/{REVISION}/(.+)", request.path):
            self._resolve(request, found[1])
        elif request.path.startswith("/cdn/"):
            self._send_large(request, request.path.removeprefix("/cdn/"))
        else:
            self.unexpected.append(request.path)
            request.send(404, b"", {})

    def _resolve(self, request: "_Handler", path: str) -> None:
        content = self.files[path]
        common = {"X-Repo-Commit": REVISION}
        if self.refused != 200:
            request.send(self.refused, b"", self._error_headers())
        elif path.endswith(self.large):
            digest = hashlib.sha256(content).hexdigest()
            request.send(
                302,
                b"",
                common
                | {
                    "Location": f"http://localhost:{self._port}/cdn/{path}",
                    "X-Linked-Size": str(len(content)),
                    "X-Linked-Etag": f'"{digest}"',
                    "X-Xet-Hash": digest,
                    "X-Xet-Refresh-Route": f"{self.endpoint}/api/xet-token",
                },
            )
        else:
            sent = self.swapped.get(path, content)
            request.send(200, sent, common | {"ETag": f'"{_git_id(content)}"'})

    def _send_large(self, request: "_Handler", path: str) -> None:
        self.before_transfer()
        content = self.swapped.get(path, self.files[path])
        wanted = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", "bytes=0-"))
        start = int(wanted[1]) if wanted else 0
        end = len(content)
        if self.cuts:
            self.cuts -= 1
            end = start + (end - start) // 2
        announced = {"Content-Length": str(len(self.files[path]) - start)}
        if len(content) > len(self.files[path]):
            announced = {"Content-Length": ""}  # a server need not say how much it sends
        request.send(206 if start else 200, content[start:end], announced)

    def _error_headers(self) -> dict[str, str]:
        return {"X-Error-Code": self.error_code} if self.error_code else {}


class _Server(ThreadingHTTPServer):
    """Prints nothing about clients that leave."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """Hands all requests to the hub; each connection is for one."""

    def answer(self) -> None:
        raise NotImplementedError

    def do_GET(self) -> None:
        self.answer()

    def do_HEAD(self) -> None:
        self.answer()

    def send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        """Answer with a content; a header in `headers` replaces the usual one."""
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(content))} | headers).items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """Print nothing."""


def _git_id(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
