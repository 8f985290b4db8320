"""A large index is verified beside the answers, and built again if a byte of it is wrong."""

import logging
from types import SimpleNamespace

import pytest

from bot.config.settings import Settings
from bot.indexing import integrity_check
from bot.indexing.build import BuildStoppedError
from bot.indexing.integrity_check import IntegrityCheck
from index import ClusterError, IndexUnusableError, LiveSearcher, Tier, build_index
from index.storage import build_files

WRONG = "the size or checksum of words.txt is wrong"


@pytest.fixture
def kept(harbour_corpus, tmp_path, monkeypatch, caplog):
    """An open index that counts as a large one, its check, and the time."""
    caplog.set_level(logging.INFO, "bot")
    monkeypatch.setattr(build_files, "_MAX_VERIFIED_BYTES", 0)
    monkeypatch.setattr(build_files, "_ALWAYS_VERIFIED_BYTES", 0)
    monkeypatch.setattr(integrity_check, "_PAUSE_S", 0)
    settings = Settings(
        corpus_dir=harbour_corpus, data_dir=tmp_path / "data", retrieval=Tier.LEXICAL
    )
    build_index(harbour_corpus, settings.index_dir)
    live, now = LiveSearcher(settings.index_dir), [0.0]
    told: list[str | None] = []
    care = IntegrityCheck(settings, live, on_damage=told.append, clock=lambda: now[0])
    return SimpleNamespace(
        live=live, care=care, told=told, now=now, dir=settings.index_dir, corpus=harbour_corpus
    )


def _flip(kept, name="words.txt"):
    (path,) = kept.dir.glob(f"build-*/{name}")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def _build(kept):
    return kept.live.current().manifest.build


def test_damaged_index_is_built_again(kept, caplog):
    """Opening does not see the wrong byte; looking through it does, and one line says so."""
    _flip(kept)
    damaged = _build(kept)
    kept.care.check()
    assert _build(kept) != damaged
    kept.live.current().check()
    assert kept.told == [WRONG, None]
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert errors == [f"The index is damaged ({kept.told[0]}); rebuilding it"]


def test_whole_index_is_looked_through_once_a_day(kept):
    """Damage that came later is found the next day; a new build is looked at at once."""
    kept.care.check()
    _flip(kept)
    kept.care.check()
    assert kept.told == [None]
    kept.now[0] = 25 * 3600.0
    kept.care.check()
    assert kept.told == [None, WRONG, None]
    kept.care.check()
    _flip(kept)
    (kept.corpus / "new.txt").write_text("The gong rang.", encoding="utf-8")
    build_index(kept.corpus, kept.dir)
    _flip(kept)
    kept.care.check()
    assert kept.told == [None, WRONG, None, None, WRONG, None]


def test_damaged_index_stays_where_it_cannot_be_built_again(kept, caplog):
    """Without the texts the index goes on serving, one line says so, and it is tried again."""
    _flip(kept)
    (kept.corpus / "harbour.txt").rename(kept.corpus.with_name("away.txt"))
    kept.care.check()
    assert "The damaged index could not be rebuilt: " in caplog.text
    (kept.corpus.with_name("away.txt")).rename(kept.corpus / "harbour.txt")
    kept.care.check()
    assert kept.told == [WRONG]
    kept.now[0] = 601.0
    kept.care.check()
    kept.live.current().check()
    assert kept.told == [WRONG, WRONG, None]


def test_build_that_was_replaced_meanwhile_is_no_damage(kept, monkeypatch):
    """What a rebuild swept away under the reader is not missed."""

    def replaced(*_):
        (kept.corpus / "new.txt").write_text("The gong rang.", encoding="utf-8")
        build_index(kept.corpus, kept.dir)
        monkeypatch.setattr(integrity_check, "time", SimpleNamespace(sleep=lambda _: None))

    monkeypatch.setattr(integrity_check, "time", SimpleNamespace(sleep=replaced))
    kept.care.check()
    assert kept.told == []
    kept.care.check()
    assert kept.told == [None]


def test_looking_ends_with_the_bot(kept):
    """Once it is asked to stop it reads no further."""
    kept.care._progress.stop()
    _flip(kept)
    kept.care.check()
    with pytest.raises(BuildStoppedError):
        kept.care._pause()
    assert kept.told == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (IndexUnusableError("opensearch://host/quotes", "passages are missing"), 1),
        (ClusterError("opensearch://host/quotes", "no node answers", "wait"), 0),
    ],
)
def test_index_of_a_cluster_is_not_built_again(kept, monkeypatch, error, told):
    """Damage is reported; a cluster that does not answer says nothing of the index."""

    def check(_self, _pause):
        raise error

    monkeypatch.setattr(type(kept.live.current()), "check", check)
    monkeypatch.setattr(integrity_check, "build", lambda *_, **__: pytest.fail("it was built"))
    settings = Settings(index_url="opensearch://host:9200/quotes")
    IntegrityCheck(settings, kept.live, on_damage=kept.told.append).check()
    assert len(kept.told) == told
