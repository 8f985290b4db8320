"""What is said on stderr while an index is built and opened."""

import io
import sys

import pytest

from bot.config.settings import Settings
from bot.indexing import open_index


class _Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def _rebuild(settings, monkeypatch, stream):
    """Rebuild with another stderr; pytest sets its own between fixtures and tests."""
    monkeypatch.setattr(sys, "stderr", stream)
    open_index.rebuild(settings)
    return stream.getvalue()


@pytest.fixture
def settings(harbour_corpus, tmp_path):
    """Settings over the harbour corpus."""
    return Settings(corpus_dir=harbour_corpus, data_dir=tmp_path / "data")


def test_progress_is_shown_once_a_build_takes_long(settings, monkeypatch):
    """Beyond the delay a bar names the work and counts."""
    monkeypatch.setattr(open_index, "_PROGRESS_DELAY_S", 0)
    shown = _rebuild(settings, monkeypatch, _Terminal())
    assert "Reading texts: 100%" in shown
    assert "1/1" in shown


def test_quick_build_shows_no_progress(settings, monkeypatch):
    """A build of under a second says nothing while it runs."""
    assert _rebuild(settings, monkeypatch, _Terminal()) == ""


def test_progress_stays_out_of_a_file(settings, monkeypatch):
    """Where stderr is no terminal no bar is drawn."""
    monkeypatch.setattr(open_index, "_PROGRESS_DELAY_S", 0)
    assert _rebuild(settings, monkeypatch, io.StringIO()) == ""
