"""A watch goes on while the encoder reads the texts."""

import threading

import pytest
from watchfiles import Change

from bot.config.settings import Settings
from bot.indexing import open_index, watch
from index import BuildReport, EncoderUnavailableError

# A loaded machine starts a thread late.
_LONG_S = 30


def _report():
    return BuildReport(
        documents=1,
        passages=5,
        terms=9,
        languages={"en": 5},
        seconds=0.1,
        added=[],
        changed=["harbour.md"],
        removed=[],
        skipped=[],
        unchanged=False,
        replaced=None,
        encoder_problem=None,
        vectors_are_pending=True,
    )


@pytest.fixture
def _two_changes(monkeypatch):
    monkeypatch.setattr(open_index, "rebuild", lambda *_, **__: _report())
    monkeypatch.setattr(watch, "watch", lambda *_, **__: iter([set(), set()]))


@pytest.mark.usefixtures("_two_changes")
def test_changes_are_indexed_while_the_encoder_reads(monkeypatch):
    """One encoding runs over several builds, and the end of the watch stops it."""
    started, stopped = threading.Semaphore(0), threading.Event()

    def encode(_settings, progress):
        started.release()
        try:
            while True:
                list(progress([0], "encoding"))
        finally:
            stopped.set()

    monkeypatch.setattr(open_index, "encode", encode)
    reports = watch.watch_and_rebuild(Settings())
    next(reports)
    next(reports)
    assert started.acquire(timeout=_LONG_S)
    next(reports)
    assert not stopped.is_set()
    assert not started.acquire(blocking=False)
    reports.close()
    assert stopped.is_set()


@pytest.mark.usefixtures("_two_changes")
def test_an_encoder_that_fails_is_told_and_tried_after_the_next_change(monkeypatch, capsys):
    """A line says why; the watch goes on."""
    failed = threading.Semaphore(0)

    def encode(*_):
        failed.release()
        raise EncoderUnavailableError("harbour/tiny", "it is broken")

    monkeypatch.setattr(open_index, "encode", encode)
    reports = watch.watch_and_rebuild(Settings())
    assert len(list(reports)) == 3
    assert failed.acquire(timeout=_LONG_S)
    assert "harbour/tiny: the encoder cannot be used (it is broken)" in capsys.readouterr().err


def test_filter_of_a_watch_leaves_out_the_index_alone(tmp_path):
    """Of an index below the texts nothing is seen; a folder with a longer name is another one."""
    is_seen = watch.outside_index(Settings(corpus_dir=tmp_path, data_dir=tmp_path / "data"))
    seen = {"data/index": False, "data/index/lock": False, "data/index.md": True, "a.md": True}
    assert {path: is_seen(Change.added, str(tmp_path / path)) for path in seen} == seen
