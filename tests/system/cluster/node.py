"""Real nodes of OpenSearch, which the shared folder of this machine knows how to start."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.checkout import REPOSITORY

START = REPOSITORY.parent / "shared" / "opensearch" / "start.sh"

# The nodes talk to each other at this distance from the port that answers HTTP.
_TRANSPORT_DISTANCE = 101
_TIMEOUT_S = 300

# All tests of nodes run in one process of xdist, so that one node starts.
on_opensearch = pytest.mark.xdist_group("opensearch")


def skip_without_nodes():
    """Skip the test where no node can be started, and say why."""
    missing = [name for name in ("java", "mvn", "curl", "flock") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"nodes of OpenSearch need {', '.join(missing)}")
    if not START.is_file():
        pytest.skip("the folder shared/opensearch beside the checkout is missing")


@contextmanager
def running_node(folder: Path) -> Iterator[int]:
    """Run a node whose data is in a folder; the port that answers HTTP."""
    port = _free_port()
    # The launcher is built once for all runs.
    build = os.environ.get("OSNODE_BUILD") or f"{tempfile.gettempdir()}/pullquote-opensearch-build"
    done = subprocess.run(
        ["bash", START, str(port), folder],
        env=os.environ | {"OSNODE_BUILD": build},
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    try:
        assert done.returncode == 0, done.stderr
        yield port
    finally:
        stop_node(folder, signal.SIGTERM)


def stop_node(folder: Path, how: signal.Signals) -> None:
    """End a node, if it runs."""
    for file in folder.glob("node*/pid"):
        try:
            os.kill(int(file.read_text()), how)
        except ProcessLookupError:
            continue


def _free_port() -> int:
    """Return a port that is free, and so is the one that nodes talk at."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + _TRANSPORT_DISTANCE))
            except (OSError, OverflowError):
                continue
            return port
