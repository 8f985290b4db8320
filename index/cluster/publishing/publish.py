"""Publish a build in a cluster: a new index beside the one in use, then one move of the alias.

    PREFIX              the alias that is searched
    PREFIX-<id>         the index of one build
    PREFIX-lock         the lock of the process that publishes

A publication that dies leaves an index without the alias, which the next one removes. The former
index is removed a minute after it was replaced, because questions may still be read from it.
"""

import json
import logging
import threading
import uuid
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from index.cluster.client.connection import ClusterConnection
from index.cluster.documents.passage_documents import passage_documents
from index.cluster.documents.passage_places import PLACE_FILES, write_places
from index.cluster.documents.schema import index_body, index_name
from index.cluster.documents.stored_files import LINES_NAME, StoredFile, chunks_of
from index.cluster.documents.table import TABLE_NAME
from index.cluster.publishing.alias import (
    aliased_indexes,
    mark_as_replaced,
    move_alias,
    published_build,
    unused_indexes,
)
from index.cluster.publishing.bulk import write_documents
from index.cluster.publishing.publish_lock import publish_lock
from index.errors import ClusterWriteError, IndexUnusableError, PassageIndexError
from index.files import checksum
from index.progress import Progress, silently
from index.storage.build_files import verify_build
from index.storage.build_folder import build_lock
from index.storage.manifest import MANIFEST_NAME, Manifest

logger = logging.getLogger(__name__)

# Questions that began before an index was replaced have been answered by then.
REMOVE_AFTER_S = 60.0

_PASSAGES_A_STEP = 1_000


def publish(index_dir: Path, connection: ClusterConnection, progress: Progress = silently) -> bool:
    """Publish the index of a folder in a cluster, if it is not the one that is published there.

    Returns:
        Whether it was published; False if it was there.

    Raises:
        IndexMissingError: There is no index in the folder.
        IndexUnusableError: It is damaged, or something else has the name of the alias.
        ClusterBusyError: Another process publishes at the same address.
        PassageIndexError: The cluster does not answer, refuses, or is too old.
    """
    connection.check_version()
    with build_lock(index_dir), publish_lock(connection) as lock:
        manifest = verify_build(index_dir, thorough=True)
        for unused in unused_indexes(connection, REMOVE_AFTER_S):
            _remove(connection, unused)
        if published_build(connection) == manifest.build:
            return False
        name = index_name(connection.address.prefix, uuid.uuid4().hex[:12])
        try:
            _load(connection, name, index_dir, manifest, progress)
            lock.check()
            former = aliased_indexes(connection)
        except BaseException as error:
            with suppress(PassageIndexError):
                _remove(connection, name)
            if isinstance(error, OSError | ValueError):
                reason = f"a file of it cannot be read: {error}"
                raise IndexUnusableError(index_dir, reason) from error
            raise
        # If this fails, nobody knows whether the alias has moved; the next publication tidies up.
        move_alias(connection, name, former)
        for replaced in former:
            mark_as_replaced(connection, replaced)
            _remove_later(connection, replaced)
    return True


def _load(
    connection: ClusterConnection,
    name: str,
    index_dir: Path,
    manifest: Manifest,
    progress: Progress,
) -> None:
    """Make an index and write all documents; afterwards they can be searched."""
    body = index_body(manifest.passages, manifest.build)
    connection.call(
        lambda client, options: client.indices.create(index=name, body=body, params=options),
        slow=True,
    )
    passages = passage_documents(index_dir / manifest.build)
    steps = [
        min(_PASSAGES_A_STEP, manifest.passages - first)
        for first in range(0, manifest.passages, _PASSAGES_A_STEP)
    ]
    for count in progress(steps, "Publishing passages"):
        write_documents(connection, name, (next(passages) for _ in range(count)))
    with TemporaryDirectory() as scratch:
        files = _files(index_dir, manifest, Path(scratch))
        for file_name in progress(list(files), "Publishing files"):
            write_documents(connection, name, chunks_of(file_name, files[file_name]))
        stored = [StoredFile("", path.stat().st_size).n_chunks for path in files.values()]
    connection.call(
        lambda client, options: client.indices.refresh(index=name, params=options), slow=True
    )
    _check_count(connection, name, manifest.passages + sum(stored))


def _files(index_dir: Path, manifest: Manifest, scratch: Path) -> dict[str, Path]:
    """Return the files to store, by name; some are made first in an empty folder."""
    folder = index_dir / manifest.build
    write_places(scratch, folder)
    made = {name: scratch / name for name in PLACE_FILES}
    files = {name: folder / name for name in manifest.files if name != LINES_NAME} | made
    table = {
        "manifest": (index_dir / MANIFEST_NAME).read_text(encoding="utf-8"),
        "files": {
            name: asdict(StoredFile(checksum(path), path.stat().st_size))
            for name, path in files.items()
        },
    }
    (scratch / TABLE_NAME).write_text(json.dumps(table), encoding="utf-8")
    return {TABLE_NAME: scratch / TABLE_NAME} | files


def _check_count(connection: ClusterConnection, name: str, expected: int) -> None:
    answer: dict[str, Any] = connection.call(
        lambda client, options: client.count(index=name, params=options), slow=True
    )
    if answer["count"] != expected:
        reason = f"{answer['count']} of {expected} documents were stored"
        raise ClusterWriteError(str(connection.address), reason)


def _remove_later(connection: ClusterConnection, name: str) -> None:
    """Remove a replaced index in a minute, if this process still runs; else the next one does."""

    def remove() -> None:
        try:
            _remove(connection, name)
        except PassageIndexError as error:
            logger.warning("The former index is not removed yet: %s", error)

    timer = threading.Timer(REMOVE_AFTER_S, remove)
    timer.daemon = True
    timer.start()


def _remove(connection: ClusterConnection, name: str) -> None:
    connection.call(
        lambda client, options: client.indices.delete(index=name, params=options, ignore=404),
        slow=True,
    )
