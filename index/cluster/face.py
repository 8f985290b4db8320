"""What others may do with a cluster; the client library is imported only when one is used."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.cluster.client.address import ClusterAddress
from index.cluster.client.connection import ClusterConnection
from index.progress import Progress, silently
from index.search.live import LiveSearcher
from index.storage.manifest import Manifest


@lru_cache(maxsize=4)
def _connection(address: ClusterAddress) -> ClusterConnection:
    """Return the connection to an address; all callers share it."""
    return ClusterConnection(address)


def publish_in_cluster(
    index_dir: Path, address: ClusterAddress, progress: Progress = silently
) -> bool:
    """Publish the index of a folder in a cluster; see `publish`."""
    from index.cluster.publishing.publish import publish

    return publish(index_dir, _connection(address), progress)


def copy_index_from_cluster(
    address: ClusterAddress, index_dir: Path, progress: Progress = silently
) -> Manifest:
    """Copy the published index of a cluster into a folder; see `copy_to_files`."""
    from index.cluster.publishing.copy_back import copy_to_files

    return copy_to_files(_connection(address), index_dir, progress)


def open_cluster_index(address: ClusterAddress, tables_dir: Path) -> LiveSearcher:
    """Open the published index of a cluster, and keep the newest one open.

    Args:
        address: The address.
        tables_dir: The folder of fetched tables.

    Raises:
        PassageIndexError: It cannot be opened.
    """
    from index.cluster.reading.live import LiveClusterSearcher

    return LiveClusterSearcher(_connection(address), tables_dir)


@dataclass(frozen=True, slots=True)
class ClusterInspection:
    """What is found in a cluster.

    Attributes:
        version: The version of the cluster.
        manifest: The manifest of the published index.
    """

    version: str
    manifest: Manifest


def inspect_cluster(address: ClusterAddress) -> ClusterInspection:
    """Look whether an index of a cluster can be searched.

    Raises:
        PassageIndexError: It cannot.
    """
    from index.cluster.documents.table import fetch_table
    from index.cluster.publishing.alias import published_index

    connection = _connection(address)
    version = connection.check_version()
    index = published_index(connection)
    return ClusterInspection(version, fetch_table(connection, index).manifest)
