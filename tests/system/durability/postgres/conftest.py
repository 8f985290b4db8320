"""Servers of PostgreSQL that a test may break."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.postgres import programs
from tests.system.durability.postgres.cluster import Cluster


@pytest.fixture
def new_folder() -> Iterator[Callable[[], Path]]:
    """A function that makes a folder for a cluster."""
    folders: list[Path] = []

    def make() -> Path:
        # Not in pytest's own folder: that is closed to the user that the server runs as.
        folders.append(Path(tempfile.mkdtemp(prefix="pullquote-postgres-")))
        return folders[-1]

    yield make
    for folder in folders:
        shutil.rmtree(folder)


@pytest.fixture
def primary(new_folder: Callable[[], Path]) -> Iterator[Cluster]:
    """A server with the empty database `quotes`."""
    if programs() is None:
        pytest.skip("PostgreSQL's server is not installed (Debian: apt install postgresql)")
    cluster = Cluster.make(new_folder())
    try:
        cluster.run("CREATE DATABASE quotes")
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def standby(primary: Cluster, new_folder: Callable[[], Path]) -> Iterator[Cluster]:
    """A server that follows the primary."""
    cluster = primary.copy(new_folder())
    try:
        yield cluster
    finally:
        cluster.stop()
