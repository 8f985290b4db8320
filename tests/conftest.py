"""Shared fixtures: a five-paragraph corpus, the installed command, a clean environment."""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import Searcher, build_index
from tests.standin import DiscordStandIn
from tests.support.command import SETTINGS
from tests.support.data.harbour import HARBOUR
from tests.support.data.wordnet import write_wordnet
from tests.support.postgres import database_url as database_url
from tests.support.postgres import migrated_url as migrated_url
from tests.support.postgres import on_database as on_database
from tests.support.postgres import postgres_server as postgres_server
from tests.support.postgres import postgres_tables as postgres_tables
from tests.support.postgres import postgres_url as postgres_url
from tests.support.postgres import sqlite_template as sqlite_template

# A process that a test starts reads the program's bytecode; without it each compiles 300 modules.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Tests write and force to the disk thousands of small files; memory that looks like a disk takes
# them at once. All tests together leave less than a quarter of the room that is asked for.
MEMORY_DISK, MEMORY_DISK_ROOM = Path("/dev/shm"), 4 * 2**30
if os.access(MEMORY_DISK, os.W_OK) and shutil.disk_usage(MEMORY_DISK).free > MEMORY_DISK_ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY_DISK))

# Folders of tests that start the command or a server; `-m "not process"` runs the rest.
PROCESS_FOLDERS = ("system", "standin", "trials")


def pytest_xdist_auto_num_workers(config):
    """Run more workers than cores: tests wait for processes and sockets much of their time."""
    del config
    return (os.cpu_count() or 1) * 3 // 2


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Look for no garbage among 7,000 tests: they stay, and each worker collects all of them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_collection_modifyitems(items):
    """Mark the tests that are slow because they run the real thing."""
    for item in items:
        if item.path.relative_to(Path(__file__).parent).parts[0] in PROCESS_FOLDERS:
            item.add_marker(pytest.mark.process)


def pytest_make_parametrize_id(config, val, argname):
    """Name the bytes of a file by their argument: they hold times, and workers must agree."""
    del config
    return argname if isinstance(val, bytes) and len(val) > 100 else None


@pytest.fixture(scope="session", autouse=True)
def _memory_is_given_back(request, tmp_path_factory):
    """Remove all that the tests wrote, unless one failed: it may lie in memory."""
    yield
    if not request.session.testsfailed:
        shutil.rmtree(tmp_path_factory.getbasetemp(), ignore_errors=True)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch, tmp_path):
    """Keep the tester's own settings and `.env` out of every test."""
    for variable in SETTINGS:
        monkeypatch.delenv(variable, raising=False)
    # The encoder takes half a second to load and a tenth for each paragraph; tests of it say so.
    monkeypatch.setenv("RETRIEVAL", "lexical")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def nltk_data(tmp_path_factory):
    """A folder for NLTK with a small WordNet; one for the process, because NLTK reads it once."""
    folder = tmp_path_factory.mktemp("nltk_data")
    write_wordnet(folder)
    return folder


@pytest.fixture(scope="session")
def harbour_template(tmp_path_factory) -> Path:
    """A folder with the harbour corpus and its index, to be copied; no test writes to it."""
    folder: Path = tmp_path_factory.mktemp("harbour")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    build_index(folder / "corpus", folder / "index")
    return folder


@pytest.fixture
def harbour_corpus(harbour_template: Path, tmp_path: Path) -> Path:
    """A corpus folder with one text of five paragraphs."""
    return Path(shutil.copytree(harbour_template / "corpus", tmp_path / "corpus"))


@pytest.fixture
def harbour_index(harbour_corpus: Path, harbour_template: Path, tmp_path: Path) -> Path:
    """The folder of an index of the harbour corpus; a build finds it up to date."""
    del harbour_corpus  # it lies beside the index
    return Path(shutil.copytree(harbour_template / "index", tmp_path / ".pullquote" / "index"))


@pytest.fixture
def harbour(harbour_index) -> Searcher:
    """An open searcher over the harbour corpus."""
    return Searcher.open(harbour_index)


@pytest.fixture
def discord() -> Iterator[DiscordStandIn]:
    """A stand-in that fails the test when a rule is broken."""
    with DiscordStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def place(discord: DiscordStandIn) -> Any:
    """A text channel and a person in it."""
    guild = discord.add_guild("Readers")
    return discord.add_channel(guild, "general"), discord.add_user("alice", guild)
