"""Copy the index that is published in a cluster into a folder of files."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from index.cluster.client.connection import ClusterConnection
from index.cluster.documents.schema import LINE
from index.cluster.documents.stored_files import LINES_NAME, fetch_file
from index.cluster.documents.table import Table, fetch_table
from index.cluster.publishing.alias import published_index
from index.cluster.reading.row_reader import RowReader
from index.errors import IndexUnusableError
from index.files import write_file
from index.progress import Progress, silently
from index.storage.build_folder import BuildFolder, build_lock
from index.storage.manifest import Manifest

_ROWS_A_STEP = 500


def copy_to_files(
    connection: ClusterConnection, index_dir: Path, progress: Progress = silently
) -> Manifest:
    """Write the published index into a folder, and publish it there.

    Every file has the checksum that it had when the index was built; else nothing is published.

    Returns:
        The manifest of the folder.

    Raises:
        IndexMissingError: No index is published in the cluster.
        IndexUnusableError: What the cluster holds is not what was published.
        IndexWriteError: The folder cannot be written.
        RebuildRunningError: Another process builds in the folder.
        PassageIndexError: The cluster does not answer.
    """
    connection.check_version()
    index = published_index(connection)
    table = fetch_table(connection, index)
    with build_lock(index_dir), BuildFolder.create(index_dir) as folder:
        names = [name for name in table.manifest.files if name != LINES_NAME]
        for name in progress(names, "Copying files"):
            path = folder.path / name
            path.parent.mkdir(exist_ok=True)
            fetch_file(connection, index, name, table.files[name], path)
        reader = RowReader(connection, index)
        write_file(folder.path / LINES_NAME, _lines(reader, table, progress))
        return folder.publish(replace(table.manifest, build=folder.name))


def _lines(reader: RowReader, table: Table, progress: Progress) -> Iterator[bytes]:
    """Yield the lines of all passages, some at a time, and verify them in the end."""
    digest, n_passages = hashlib.sha256(), table.manifest.passages
    steps = list(range(0, n_passages, _ROWS_A_STEP))
    for first in progress(steps, "Copying passages"):
        rows = range(first, min(first + _ROWS_A_STEP, n_passages))
        found = reader.fetch(rows, LINE)
        lines = b"".join(found[row] for row in rows)
        digest.update(lines)
        yield lines
    if digest.hexdigest() != table.manifest.files[LINES_NAME]:
        place = str(reader.connection.address)
        raise IndexUnusableError(place, "the size or checksum of the passages is wrong")
