"""The table of an index in a cluster: its manifest, and the files that it holds."""

import json
from dataclasses import dataclass
from typing import Any

from index.cluster.client.connection import ClusterConnection
from index.cluster.documents.stored_files import StoredFile, fetch_bytes
from index.errors import IndexUnusableError
from index.storage.manifest import Manifest, parse_manifest

# The name that it is stored by, like a file.
TABLE_NAME = "table.json"


@dataclass(frozen=True, slots=True)
class Table:
    """What an index holds.

    Attributes:
        manifest: The manifest of the build.
        files: Its files but for the lines of passages, and the tables of places.
    """

    manifest: Manifest
    files: dict[str, StoredFile]


def fetch_table(connection: ClusterConnection, index: str) -> Table:
    """Fetch the table of an index.

    Raises:
        IndexNewerError: A newer version of the program made it.
        IndexUnusableError: It is damaged, or of an older version or another analysis.
        PassageIndexError: The cluster does not answer.
    """
    place = str(connection.address)
    data = fetch_bytes(connection, index, TABLE_NAME)
    try:
        fields: dict[str, Any] = json.loads(data)
        manifest, listed = fields["manifest"], fields["files"]
        files = {name: StoredFile(**described) for name, described in listed.items()}
    except (ValueError, KeyError, TypeError) as error:
        raise IndexUnusableError(place, "its table is corrupt") from error
    return Table(parse_manifest(place, manifest.encode()), files)
