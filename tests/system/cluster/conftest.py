"""A node for all tests, and a name in it for each."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.cluster.client.address import ClusterAddress
from index.cluster.client.connection import ClusterConnection
from tests.system.cluster.node import running_node, skip_without_nodes


@pytest.fixture(scope="session")
def node_port() -> Iterator[int]:
    """The port of a node that all tests share."""
    skip_without_nodes()
    # Not in memory as other files of tests: the engine refuses to write where it sees little room.
    folder = Path(tempfile.mkdtemp(prefix="pullquote-opensearch-"))
    try:
        with running_node(folder) as port:
            yield port
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def address(node_port: int) -> ClusterAddress:
    """An address that nothing is published at."""
    return ClusterAddress((("127.0.0.1", node_port),), f"test-{uuid.uuid4().hex[:8]}")


@pytest.fixture
def connection(address: ClusterAddress) -> Iterator[ClusterConnection]:
    """A connection to that address; what is published there is removed afterwards."""
    connection = ClusterConnection(address)
    yield connection
    names = f"{address.prefix}-*"
    connection.call(
        lambda client, options: client.indices.delete(index=names, params=options), slow=True
    )
    connection.close()
