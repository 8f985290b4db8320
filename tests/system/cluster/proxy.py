"""A small proxy before a node: it can refuse logins, fail, hang, pretend, and speak TLS."""

import base64
import http.client
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Proxy:
    """What the proxy does; a test may change it while it runs.

    Attributes:
        port: Where it listens.
        login: The user and password that it demands, or None.
        failures: The status codes of the next answers, which no node gives.
        hangs_s: How long it waits before each answer.
        version: The version that it shows instead of the node's, or None.
        changes: What it changes in the answers of searches.
        requests: Method and path of each request.
    """

    def __init__(self, node_port: int) -> None:
        self.node_port = node_port
        self.port = 0
        self.login: tuple[str, str] | None = None
        self.failures: list[int] = []
        self.hangs_s = 0.0
        self.version: dict[str, str] | None = None
        self.changes: dict[str, Any] = {}
        self.requests: list[str] = []


@contextmanager
def running_proxy(node_port: int, certificate: Path | None = None) -> Iterator[Proxy]:
    """Run a proxy before a node; with a certificate and its key, in one file, it speaks TLS."""
    proxy = Proxy(node_port)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            proxy.requests.append(f"{self.command} {self.path.partition('?')[0]}")
            time.sleep(proxy.hangs_s)
            status, data = _answer(proxy, self, body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _forward  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            del format, args

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:  # the client has given up
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    proxy.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(proxy: Proxy, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
    if proxy.login is not None:
        wanted = base64.b64encode(":".join(proxy.login).encode()).decode()
        if handler.headers.get("Authorization") != f"Basic {wanted}":
            return 401, b"Unauthorized"
    if proxy.failures:
        return proxy.failures.pop(0), json.dumps({"error": "made up", "status": 500}).encode()
    node = http.client.HTTPConnection("127.0.0.1", proxy.node_port, timeout=60)
    try:
        content = {"Content-Type": handler.headers.get("Content-Type") or "application/json"}
        node.request(handler.command, handler.path, body or None, content)
        response = node.getresponse()
        status, data = response.status, response.read()
    except OSError:
        return 503, b"{}"
    finally:
        node.close()
    path = handler.path.partition("?")[0]
    if path == "/" and proxy.version is not None:
        data = json.dumps({"version": proxy.version}).encode()
    if proxy.changes and path.endswith("_search"):
        data = json.dumps(json.loads(data) | proxy.changes).encode()
    return status, data
