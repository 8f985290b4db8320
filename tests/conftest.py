"""Shared fixtures: a five-paragraph corpus, the installed command, a clean environment."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import Searcher, build_index
from tests.postgres import database_url as database_url
from tests.postgres import migrated_url as migrated_url
from tests.postgres import on_database as on_database
from tests.postgres import postgres_server as postgres_server
from tests.postgres import postgres_tables as postgres_tables
from tests.postgres import postgres_url as postgres_url
from tests.postgres import sqlite_template as sqlite_template
from tests.standin import DiscordStandIn
from tests.wordnet_data import write_wordnet

REPOSITORY = Path(__file__).parent.parent
SHARED = REPOSITORY.parent / "shared"
SHARED_ARTICLE = SHARED / "eval" / "article"

COMMAND = Path(sys.executable).parent / "pullquote"

# Plain words on one subject; the title stands on top and is no paragraph.
HARBOUR = """\
The harbour of Lowmere

The harbour was dug in 1802 by Captain Ada Finch. It took four years.

Herring boats leave before dawn and return with the evening tide.

The lighthouse burned twice. Each time the keepers of Lowmere rebuilt it from grey stone.

A storm in 1887 sank nine boats. Nobody drowned, because the bell rang early.

Visitors come in June to hear the choir sing on the pier.
"""

SETTINGS = (
    "DISCORD_TOKEN",
    "DISCORD_API_BASE",
    "CORPUS_DIR",
    "DATA_DIR",
    "DATABASE_URL",
    "RETENTION_DAYS",
    "SHARD_COUNT",
    "SHARD_IDS",
    "MAX_FILE_MB",
    "RETRIEVAL",
    "NEURAL_MODEL",
    "HEALTH_PORT",
    "HEALTH_HOST",
    "LOG_LEVEL",
    "LOG_FORMAT",
)

needs_article = pytest.mark.skipif(
    not SHARED_ARTICLE.is_dir(), reason="the article is not beside this checkout"
)


# Tests that start the command or the stand-in; `-m "not process"` runs the rest.
PROCESS_MODULES = (
    "test_cli",
    "test_repl",
    "test_discord",
    "test_discord_faults",
    "test_discord_operation",
    "test_gateway_faults",
    "test_rest_faults",
    "test_discord_load",
    "test_load_trials",
    "test_discord_shards",
    "test_discord_texts",
    "test_discord_setup",
    "test_discord_help",
    "test_discord_diagnose",
    "test_discord_registration",
    "test_command_errors",
    "test_discord_privacy",
    "test_discord_languages",
    "test_standin",
    "test_standin_contexts",
    "test_standin_components",
    "test_standin_places",
    "test_standin_shards",
    "test_reading",
    "test_watching",
    "test_migrations",
    "test_discord_teaching",
    "test_discord_postgres",
    "test_discord_growing",
    "test_full_disk",
    "test_trials_bytes",
    "test_trials_kills",
    "test_exclusivity",
    "test_isolation",
    "test_secrets",
    "test_discord_backup",
)


def pytest_collection_modifyitems(items):
    """Mark the tests that are slow because they run the real thing."""
    for item in items:
        if item.module.__name__.rpartition(".")[2] in PROCESS_MODULES:
            item.add_marker(pytest.mark.process)


def pytest_make_parametrize_id(config, val, argname):
    """Name the bytes of a file by their argument: they hold times, and workers must agree."""
    del config
    return argname if isinstance(val, bytes) and len(val) > 100 else None


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch, tmp_path):
    """Keep the tester's own settings and `.env` out of every test."""
    for variable in SETTINGS:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def nltk_data(tmp_path_factory):
    """A folder for NLTK with a small WordNet; one for the process, because NLTK reads it once."""
    folder = tmp_path_factory.mktemp("nltk_data")
    write_wordnet(folder)
    return folder


@pytest.fixture
def harbour_corpus(tmp_path: Path) -> Path:
    """A corpus folder with one text of five paragraphs."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    return folder


@pytest.fixture
def harbour_index(harbour_corpus: Path, tmp_path: Path) -> Path:
    """The folder of an index built from the harbour corpus."""
    folder = tmp_path / ".pullquote" / "index"
    build_index(harbour_corpus, folder)
    return folder


@pytest.fixture
def harbour(harbour_index) -> Searcher:
    """An open searcher over the harbour corpus."""
    return Searcher.open(harbour_index)


def run_pullquote(
    *arguments: str,
    stdin: str | bytes = "",
    env: dict[str, str] | None = None,
    timeout_s: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run the installed command in the current folder and return what it did."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [COMMAND, *arguments],
        input=data,
        capture_output=True,
        env={**os.environ, **(env or {})},
        timeout=timeout_s,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


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
