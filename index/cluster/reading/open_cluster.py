"""Open the index that is published in a cluster: fetch its tables into a folder."""

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.arrays import map_array
from index.cluster.client.connection import ClusterConnection
from index.cluster.documents.passage_places import PassagePlaces
from index.cluster.documents.schema import ROW
from index.cluster.documents.stored_files import StoredFile, fetch_file, is_opened
from index.cluster.documents.table import Table, fetch_table
from index.cluster.publishing.alias import published_index
from index.cluster.reading.passages import ClusterPassages
from index.cluster.reading.row_reader import RowReader
from index.cluster.reading.words import ClusterWords
from index.errors import IndexUnusableError, IndexWriteError, SynonymsError
from index.files import checksum
from index.passages.editions import Editions
from index.passages.lookup import PassageLookup
from index.passages.passage_file import CHECKSUMS_NAME, open_first_copies
from index.storage.build_files import OpenedIndex
from index.storage.synonym_files import open_synonyms, open_words

_NEW = "new-"


@dataclass(frozen=True)
class OpenedClusterIndex(OpenedIndex):
    """An open index of a cluster.

    Attributes:
        reader: Reads from the cluster.
        files: The files that were fetched, by their paths below `tables`.
        tables: Their folder.
    """

    reader: RowReader | None = None
    files: dict[str, StoredFile] | None = None
    tables: Path = Path()

    def check(self, pause: Callable[[], None] | None = None) -> None:
        """Check the fetched files, and that the cluster holds all passages.

        Raises:
            IndexUnusableError: A byte has changed, or passages are missing.
            PassageIndexError: The cluster does not answer.
        """
        for name, stored in (self.files or {}).items():
            path = self.tables / name
            if not path.exists() or checksum(path, pause) != stored.sha256:
                raise IndexUnusableError(self.index_dir, f"{name} is not as it was fetched")
        if self.reader is not None:
            held = self.reader.counts({"all": {"exists": {"field": ROW}}})["all"]
            if held != self.manifest.passages:
                place = str(self.reader.connection.address)
                raise IndexUnusableError(place, "passages of it are missing")


def open_cluster(
    connection: ClusterConnection, tables_dir: Path, index: str | None = None
) -> OpenedIndex:
    """Open a published index.

    Args:
        connection: The connection to the cluster.
        tables_dir: The folder of fetched tables; those of other indexes in it are removed.
        index: The name of the index; None for the one that the alias names.

    Raises:
        IndexMissingError: None is published.
        IndexUnusableError: It is damaged, or of another version or analysis.
        IndexWriteError: The folder cannot be written.
        PassageIndexError: The cluster does not answer, refuses, or is too old.
    """
    connection.check_version()
    index = index or published_index(connection)
    table = fetch_table(connection, index)
    files = {name: stored for name, stored in table.files.items() if is_opened(name)}
    try:
        folder = _fetched(connection, index, files, tables_dir)
    except OSError as error:
        raise IndexWriteError(tables_dir, error.strerror or str(error)) from error
    try:
        opened = _open(connection, index, table, files, folder)
    except (OSError, ValueError, SynonymsError) as error:
        place = str(connection.address)
        raise IndexUnusableError(place, f"a file of it cannot be read: {error}") from error
    for other in tables_dir.iterdir():
        # Another process may be fetching into a new one.
        if other != folder and not other.name.startswith(_NEW):
            shutil.rmtree(other, ignore_errors=True)
    return opened


def _fetched(
    connection: ClusterConnection, index: str, files: dict[str, StoredFile], tables_dir: Path
) -> Path:
    """Return the folder of the files of an index; they are fetched unless they are there."""
    folder = tables_dir / index
    if not folder.exists():
        written = tables_dir / f"{_NEW}{uuid.uuid4().hex[:12]}"
        written.mkdir(parents=True)
        try:
            for name, stored in files.items():
                (written / name).parent.mkdir(exist_ok=True)
                fetch_file(connection, index, name, stored, written / name)
            written.rename(folder)
        except OSError:
            if not folder.exists():  # else another process was faster
                raise
        finally:
            shutil.rmtree(written, ignore_errors=True)
    return folder


def _open(
    connection: ClusterConnection,
    index: str,
    table: Table,
    files: dict[str, StoredFile],
    folder: Path,
) -> OpenedIndex:
    reader = RowReader(connection, index)
    places = PassagePlaces.open(folder)
    passages = ClusterPassages(reader, places, map_array(folder / CHECKSUMS_NAME, np.uint32))
    words = ClusterWords(folder, reader, places, table.manifest.passages)
    editions = Editions.open(folder)
    opened = OpenedClusterIndex(
        folder.parent,
        table.manifest,
        passages,
        PassageLookup.open(folder, passages, editions),
        words,
        open_words(folder),
        None,
        open_first_copies(folder),
        *open_synonyms(folder, words.languages),
        editions=editions,
        reader=reader,
        files=files,
        tables=folder,
    )
    n_passages = table.manifest.passages
    if not len(passages) == len(opened.first_copies) == n_passages:
        raise ValueError("its files do not fit together")
    return opened
