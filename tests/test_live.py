"""The live searcher takes new indexes and keeps the last good one."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from index import (
    IndexMissingError,
    IndexUnusableError,
    LiveSearcher,
    Searcher,
    WeightedText,
    build_index,
)
from index.store import manifest_stamp


def _finds(live, word):
    return bool(live.current().search([WeightedText(word)], 1))


def _add(corpus, name, text):
    (corpus / name).write_text(text, encoding="utf-8")


@pytest.fixture
def passages_file(harbour_index):
    return next(harbour_index.glob("build-*/passages.jsonl"))


def test_live_searcher_needs_an_index_to_start(tmp_path):
    """Without any index there is nothing to keep."""
    with pytest.raises(IndexMissingError, match="pullquote rebuild"):
        LiveSearcher(tmp_path)


def test_live_searcher_does_not_start_with_a_corrupt_index(harbour_index, passages_file):
    """A corrupt index is not trusted at the start."""
    passages_file.write_bytes(b"{}")
    with pytest.raises(IndexUnusableError, match="checksum"):
        LiveSearcher(harbour_index)


def test_live_searcher_keeps_one_searcher_while_nothing_changes(harbour_index, monkeypatch):
    """Without a rebuild the index is opened once."""
    live = LiveSearcher(harbour_index)
    first = live.current()
    monkeypatch.setattr(Searcher, "open", lambda _: pytest.fail("opened again"))
    assert all(live.current() is first for _ in range(3))


def test_live_searcher_takes_over_a_new_index(harbour_corpus, harbour_index, caplog):
    """After a rebuild the next question finds the new text, and the log says so once."""
    caplog.set_level(logging.INFO, logger="index.live")
    live = LiveSearcher(harbour_index)
    before = live.current()
    assert not _finds(live, "windmill")
    _add(harbour_corpus, "mill.txt", "The windmill turns.")
    build_index(harbour_corpus, harbour_index)
    assert _finds(live, "windmill")
    assert _finds(live, "lighthouse")
    assert before.search([WeightedText("windmill")], 1) == []
    assert [record.getMessage().split(" at ")[0] for record in caplog.records] == [
        "Took over the index built"
    ]


@pytest.mark.parametrize("damage", ["manifest", "no manifest", "passages", "no build"])
def test_live_searcher_keeps_the_last_good_index(harbour_corpus, harbour_index, caplog, damage):
    """A new index that is corrupt or gone is logged once, and the old one goes on answering."""
    live = LiveSearcher(harbour_index)
    _add(harbour_corpus, "mill.txt", "The windmill turns.")
    build_index(harbour_corpus, harbour_index)
    (build,) = harbour_index.glob("build-*")
    if damage == "manifest":
        (harbour_index / "manifest.json").write_bytes(b"{")
    elif damage == "no manifest":
        (harbour_index / "manifest.json").unlink()
    else:
        (build / "passages.jsonl").write_bytes(b"torn")
        if damage == "no build":
            (build / "passages.jsonl").unlink()
    assert [_finds(live, "lighthouse") for _ in range(4)] == [True] * 4
    assert not _finds(live, "windmill")
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage().startswith(f"Keeping the index that is open: {harbour_index}")


def test_live_searcher_recovers_after_a_corrupt_index(harbour_corpus, harbour_index):
    """The rebuild that repairs a corrupt index is taken over."""
    live = LiveSearcher(harbour_index)
    (harbour_index / "manifest.json").write_bytes(b"")
    assert _finds(live, "lighthouse")
    _add(harbour_corpus, "mill.txt", "The windmill turns.")
    assert build_index(harbour_corpus, harbour_index).replaced == "its manifest is corrupt"
    assert _finds(live, "windmill")


def test_live_searcher_is_shared_by_threads_during_rebuilds(harbour_corpus, harbour_index):
    """Eight threads ask while the corpus is rebuilt; each always gets a whole index."""
    live = LiveSearcher(harbour_index)
    done = threading.Event()

    def ask():
        seen = []
        while not done.is_set():
            seen.append(_finds(live, "lighthouse"))
        return seen

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask) for _ in range(8)]
        try:
            for n in range(5):
                _add(harbour_corpus, "new.txt", f"Storm number {n} came.")
                build_index(harbour_corpus, harbour_index)
        finally:
            done.set()
        answers = [answer for future in asking for answer in future.result()]
    assert answers
    assert all(answers)
    assert len(live.current().passages) == 6


def test_manifest_stamp_changes_with_every_build(harbour_corpus, harbour_index, tmp_path):
    """Each published build has its own stamp; a folder without an index has none."""
    stamps = [manifest_stamp(harbour_index)]
    for n in range(5):
        _add(harbour_corpus, "new.txt", f"Storm number {n} came.")
        build_index(harbour_corpus, harbour_index)
        stamps.append(manifest_stamp(harbour_index))
    assert all(a != b for a, b in pairwise(stamps))
    assert manifest_stamp(tmp_path / "nowhere") is None
