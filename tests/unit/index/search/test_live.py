"""The live searcher takes new indexes and keeps the last good one."""

import gc
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import (
    EncoderChoice,
    EncoderUnavailableError,
    IndexMissingError,
    IndexUnusableError,
    LiveSearcher,
    Searcher,
    Tier,
    WeightedText,
    add_vectors,
    arrays,
    build_index,
)
from index.search import searcher as searcher_module
from index.storage import build_files

# Readers that never pause would leave the build beside them hardly any of the interpreter's time.
_BREATH_S = 0.01


def _finds(live, word):
    return _holds(live.current(), word)


def _holds(searcher, word):
    hits = searcher.search([WeightedText(word)], 1)
    return any(word in hit.passage.text for hit in hits)


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
    monkeypatch.setattr(Searcher, "open", lambda *_: pytest.fail("opened again"))
    assert all(live.current() is first for _ in range(3))


def test_live_searcher_takes_over_a_new_index(harbour_corpus, harbour_index, caplog):
    """After a rebuild the next question finds the new text, and the log says so once."""
    caplog.set_level(logging.INFO, logger="index.search.live")
    live = LiveSearcher(harbour_index, Tier.LEXICAL)
    before = live.current()
    assert not _finds(live, "windmill")
    _add(harbour_corpus, "mill.txt", "The windmill turns.")
    build_index(harbour_corpus, harbour_index)
    assert _finds(live, "windmill")
    assert _finds(live, "lighthouse")
    assert not _holds(before, "windmill")
    assert _holds(before, "lighthouse")
    assert [record.getMessage().split(" at ")[0] for record in caplog.records] == [
        "Took over the index built"
    ]


def test_live_searcher_keeps_its_tier_over_rebuilds(harbour_corpus, harbour_index):
    """The tier asked for at the start is that of every index taken over."""
    live = LiveSearcher(harbour_index, Tier.LEXICAL)
    assert live.current().tier is Tier.LEXICAL
    _add(harbour_corpus, "mill.txt", "The windmill turns.")
    build_index(harbour_corpus, harbour_index)
    assert live.current().tier is Tier.LEXICAL
    assert _finds(live, "windmill")


@pytest.mark.parametrize("damage", ["manifest", "no manifest", "passages", "no build", "words.txt"])
def test_live_searcher_keeps_the_last_good_index(harbour_corpus, harbour_index, caplog, damage):
    """A new index that is corrupt or gone is logged once, and the old one goes on answering."""
    live = LiveSearcher(harbour_index, Tier.LEXICAL)
    _add(harbour_corpus, "mill.txt", "The windmill turns.")
    build_index(harbour_corpus, harbour_index)
    (build,) = harbour_index.glob("build-*")
    if damage == "manifest":
        (harbour_index / "manifest.json").write_bytes(b"{")
    elif damage == "no manifest":
        (harbour_index / "manifest.json").unlink()
    elif damage == "words.txt":
        (build / damage).write_bytes(b"torn")
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


# Vectors


def _messages(caplog):
    return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]


def test_live_searcher_says_once_that_an_index_has_no_vectors(harbour_index, caplog):
    """One that was built without an encoder is searched by words until it is rebuilt."""
    live = LiveSearcher(harbour_index)
    assert all(_finds(live, "lighthouse") for _ in range(3))
    assert live.current().tier is Tier.LEXICAL
    assert _messages(caplog) == ["The index has no vectors; answering by words until it is rebuilt"]


def test_vectors_that_are_still_made_are_no_warning_and_are_used_once_they_are_there(
    harbour_corpus, harbour_index, caplog
):
    """Whoever builds says so; the next question after `add_vectors` is ranked by them."""
    encoder = EncoderChoice("", harbour_index / "models")
    report = build_index(harbour_corpus, harbour_index, encoder=encoder, within_s=0)
    assert report.vectors_are_pending
    live = LiveSearcher(harbour_index)
    question = [WeightedText("Which fishermen sail at sunrise?")]
    assert live.current().search(question, 1) == []
    _add(harbour_corpus, "mill.txt", "The windmill turns.")
    build_index(harbour_corpus, harbour_index, encoder=encoder, within_s=0)
    assert _finds(live, "windmill")
    assert live.current().tier is Tier.LEXICAL
    add_vectors(harbour_index, encoder)
    (hit,) = live.current().search(question, 1)
    assert (live.current().tier, hit.passage.paragraph) == (Tier.ENCODER, 2)
    assert set(hit.parts) == {"words", "vectors", "tokens"}
    assert _messages(caplog) == []


def test_encoder_that_cannot_be_loaded_is_one_line_and_words_answer(
    encoded_index, caplog, monkeypatch
):
    """The index has vectors, but no question can be encoded."""

    def unavailable(*_):
        raise EncoderUnavailableError("e5", "onnxruntime does not run on this machine")

    monkeypatch.setattr(searcher_module, "open_encoder", unavailable)
    live = LiveSearcher(encoded_index)
    assert all(_finds(live, "lighthouse") for _ in range(3))
    assert live.current().tier is Tier.LEXICAL
    (message,) = _messages(caplog)
    assert "onnxruntime does not run on this machine" in message
    assert message.endswith("; answering by words")


def test_live_searcher_is_shared_by_threads_during_rebuilds(harbour_corpus, harbour_index):
    """Eight threads ask while the corpus is rebuilt; each always gets a whole index."""
    live = LiveSearcher(harbour_index)
    done = threading.Event()

    def ask():
        seen = []
        while not done.is_set():
            seen.append(_finds(live, "lighthouse"))
            time.sleep(_BREATH_S)
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


# Readers during rebuilds


def _generation(corpus, number):
    """Write a corpus whose paragraphs all carry one number, as many as the number says."""
    text = "\n\n".join(f"Storm {number} sank boat {n}." for n in range(number % 7 + 2))
    (corpus / "storms.txt").write_text(text, encoding="utf-8")


def test_readers_see_whole_indexes_during_twenty_rebuilds(tmp_path):
    """A thread opens in a loop while another rebuilds: each open succeeds and is one build."""
    corpus, index_dir = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    _generation(corpus, 0)
    build_index(corpus, index_dir)
    done, seen, failures = threading.Event(), [], []

    def read():
        while not done.is_set():
            try:
                searcher = Searcher.open(index_dir)
            except Exception as error:
                failures.append(error)
                return
            generations = {passage.text.split()[1] for passage in searcher.passages}
            seen.append((generations, len(searcher.passages), searcher.manifest.passages))
            time.sleep(_BREATH_S)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 21):
        _generation(corpus, number)
        assert not build_index(corpus, index_dir).unchanged
    done.set()
    reader.join()
    assert failures == []
    assert seen
    for generations, n_passages, promised in seen:
        (generation,) = generations
        assert n_passages == promised == int(generation) % 7 + 2


@pytest.mark.parametrize("rebuilds", [1, 2, 3])
def test_open_survives_rebuilds_between_manifest_and_files(tmp_path, monkeypatch, rebuilds):
    """A reader whose build is swept under it, once or again, gets the newest whole index."""
    corpus, index_dir = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    _generation(corpus, 0)
    build_index(corpus, index_dir)
    open_files, left = build_files._open_files, list(range(1, rebuilds + 1))
    rebuilding = False

    def slow_open(*arguments):
        nonlocal rebuilding
        if left and not rebuilding:  # a build opens the former index itself
            rebuilding = True
            _generation(corpus, left.pop(0))
            build_index(corpus, index_dir)
            rebuilding = False
        return open_files(*arguments)

    monkeypatch.setattr(build_files, "_open_files", slow_open)
    opened = build_files.open_build(index_dir)
    assert {passage.text.split()[1] for passage in opened.passages} == {str(rebuilds)}
    assert opened.manifest.passages == len(opened.passages)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the platform does not list them")
def test_replaced_indexes_hold_no_files(harbour_corpus, harbour_index, monkeypatch):
    """However often it was rebuilt, a search holds the files of one index, without a collection."""
    monkeypatch.setattr(arrays, "_MAX_READ_BYTES", 0)  # as if every array were large
    live = LiveSearcher(harbour_index)
    held = []
    gc.disable()
    try:
        for n in range(4):
            (harbour_corpus / "n.txt").write_text(f"Boat number {n} sank.")
            build_index(harbour_corpus, harbour_index)
            hits = live.current().search([WeightedText(f"boat number {n}")], 1)
            assert str(n) in hits[0].passage.text
            del hits
            held.append(len(list(Path("/proc/self/fd").iterdir())))
    finally:
        gc.enable()
    assert max(held) - min(held) < 20
