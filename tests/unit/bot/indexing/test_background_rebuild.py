"""The running bot rebuilds its index when the texts change."""

import asyncio
import logging
import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from bot.config.settings import Settings
from bot.indexing import background_rebuild
from bot.indexing import build as building
from bot.indexing.background_rebuild import BackgroundRebuild
from bot.indexing.build import BuildStoppedError
from bot.indexing.build import build as build_as_set
from index import CorpusReadError, RebuildRunningError, Searcher, Tier

# A loaded machine starts a thread late.
_LONG_S = 30

# Beside SQLite nothing is stored.
_FILES: Any = None


def _run_until(settings, is_done):
    """Run the watch in a loop of its own until something holds, and cancel it."""

    async def run():
        watching = asyncio.create_task(BackgroundRebuild(settings, _FILES).run())
        deadline = time.monotonic() + _LONG_S
        while not is_done():
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)  # the loop goes on, whatever a build does
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(run())


@pytest.fixture(autouse=True)
def _lines_are_seen(caplog):
    """Commands that earlier tests ran in this process have set the level of the bot's loggers."""
    caplog.set_level(logging.INFO, logger=background_rebuild.logger.name)


@pytest.fixture
def _one_change(monkeypatch):
    async def changes(*_, **__):
        yield set()
        await asyncio.sleep(_LONG_S)

    monkeypatch.setattr(background_rebuild, "awatch", changes)


@pytest.mark.usefixtures("_one_change")
def test_end_stops_a_running_build_and_the_loop_goes_on_meanwhile(monkeypatch, tmp_path):
    """A build works in a thread until it is told to stop."""
    started, stopped = threading.Event(), threading.Event()

    def build(_settings, progress, *, thorough):
        assert not thorough
        started.set()
        try:
            while True:
                list(progress([0], "splitting"))
        except BuildStoppedError:
            stopped.set()
            raise

    monkeypatch.setattr(background_rebuild, "build", build)
    _run_until(Settings(corpus_dir=tmp_path), started.is_set)
    assert stopped.wait(_LONG_S)


@pytest.mark.usefixtures("_one_change")
def test_change_during_another_build_of_the_folder_is_taken_after_it(
    monkeypatch, harbour_corpus, harbour_index, caplog
):
    """The bot's own encoding, or a rebuild by hand, holds the folder for a while."""
    tries = []

    def build(*arguments, **options):
        tries.append(arguments)
        if len(tries) == 1:
            raise RebuildRunningError(harbour_index)
        return build_as_set(*arguments, **options)

    monkeypatch.setattr(background_rebuild, "build", build)
    monkeypatch.setattr(background_rebuild, "_AGAIN_AFTER_S", 0.01)
    (harbour_corpus / "mill.txt").write_text("The mill\n\nIt grinds rye.\n")
    settings = Settings(corpus_dir=harbour_corpus, data_dir=harbour_index.parent)
    _run_until(settings, lambda: "1 added, 0 changed, 0 removed" in caplog.text)
    assert len(tries) == 2
    assert Searcher.open(harbour_index).manifest.documents == 2


@pytest.mark.usefixtures("_one_change")
def test_failed_build_is_one_line(monkeypatch, tmp_path, caplog):
    """The watch goes on; a traceback would tell an owner nothing."""

    def build(*_, **__):
        raise CorpusReadError(tmp_path, "it is locked")

    monkeypatch.setattr(background_rebuild, "build", build)
    _run_until(Settings(corpus_dir=tmp_path), lambda: caplog.records)
    (record,) = caplog.records
    assert "it is locked" in record.getMessage()
    assert record.exc_info is None


def test_folder_that_comes_back_is_watched_again(monkeypatch, tmp_path, caplog):
    """A folder that was moved away is a warning, and is looked for again."""
    settings = Settings(corpus_dir=tmp_path / "corpus", data_dir=tmp_path / "data")
    monkeypatch.setattr(background_rebuild, "_FOLDER_AGAIN_AFTER_S", 0.2)
    seen = threading.Event()

    def build(*_, **__):
        seen.set()
        raise BuildStoppedError

    monkeypatch.setattr(background_rebuild, "build", build)

    def comes_back():
        if "no such folder to watch" in caplog.text:
            settings.corpus_dir.mkdir(exist_ok=True)
            (settings.corpus_dir / f"{time.monotonic()}.txt").touch()
        return seen.is_set()

    _run_until(settings, comes_back)


def test_rebuilt_index_is_published_in_the_cluster(monkeypatch, harbour_corpus, tmp_path):
    """Only if the settings name one."""
    found = []
    monkeypatch.setattr(building, "publish_in_cluster", lambda *given: found.append(given))
    settings = Settings(corpus_dir=harbour_corpus, data_dir=tmp_path, retrieval=Tier.LEXICAL)
    BackgroundRebuild(settings, _FILES)._build()
    assert found == []
    shared = replace(settings, index_url="opensearch://host:9200/quotes")
    assert BackgroundRebuild(shared, _FILES)._build().passages == 5
    ((index_dir, address, _),) = found
    assert (index_dir, str(address)) == (settings.index_dir, shared.index_url)
