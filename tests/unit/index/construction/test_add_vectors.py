"""Vectors for an index that is published already, while others search it and build it."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from index import (
    EncoderChoice,
    EncoderUnavailableError,
    IndexMissingError,
    IndexUnusableError,
    IndexWriteError,
    LiveSearcher,
    Searcher,
    Tier,
    WeightedText,
    add_vectors,
    build_index,
)
from index.construction import add_vectors as add_vectors_module
from index.storage import build_folder
from index.storage.build_files import open_build, verify_build
from index.storage.manifest import read_manifest
from index.vectors import encode_passages, vector_parts, write_vectors
from index.vectors.vector_parts import VectorParts

N_TEXTS = 12


@pytest.fixture(autouse=True)
def _settled(monkeypatch):
    """Any basis counts as made of enough tokens; parts are kept after each passage."""
    monkeypatch.setattr(write_vectors, "ENOUGH_TOKENS", 1)
    monkeypatch.setattr(encode_passages, "_KEPT_EVERY_S", -1)
    monkeypatch.setattr(encode_passages, "_SAMPLE", 1)


@pytest.fixture
def folder(tmp_path):
    """A corpus of twelve texts of one passage each."""
    for number in range(N_TEXTS):
        _write(tmp_path / "corpus", number, f"Boat number{number} left the pier.")
    return tmp_path / "corpus"


@pytest.fixture
def index_dir(folder, tmp_path, model):
    """The folder of an index whose vectors are still to be made."""
    report = build_index(folder, tmp_path / "index", encoder=model.choice, within_s=0)
    assert report.vectors_are_pending
    model.read.clear()
    return tmp_path / "index"


def _write(folder, number, text):
    folder.mkdir(exist_ok=True)
    (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")


def _passages_read(model):
    """Return the passages that were encoded; texts that an encoder is measured with are none."""
    return [text for text in model.read if text.endswith("left the pier.")]


def _finds(searcher, word):
    return [hit.passage.text for hit in searcher.search([WeightedText(word)], 1)]


def _assert_whole(index_dir, n_passages=N_TEXTS):
    """The index has all vectors, every byte of it is right, and nothing else is left."""
    opened = open_build(index_dir)
    assert opened.vectors is not None
    assert verify_build(index_dir, thorough=True).build == opened.manifest.build
    assert len(opened.vectors.files) == len(opened.passages) == n_passages
    assert not opened.manifest.vectors_are_pending
    assert Searcher.open(index_dir).tier is Tier.ENCODER
    left = {path.name for path in index_dir.iterdir()}
    assert left - {"build.lock", "encoding.lock"} == {"manifest.json", opened.manifest.build}


def _progress(steps):
    """Return a progress that calls a function before the passage of some number."""

    def progress(things, _):
        for number, thing in enumerate(things):
            if number in steps:
                steps[number]()
            yield thing

    return progress


def test_published_index_gets_its_vectors(index_dir, folder, model):
    """All else stays as it was; a build finds nothing more to do."""
    before = read_manifest(index_dir)
    assert add_vectors(index_dir, model.choice)
    _assert_whole(index_dir)
    after = read_manifest(index_dir)
    assert after.encoder_hash == model.sha256
    assert {name: after.files[name] for name in before.files} == before.files
    assert (after.built_at, after.corpus_fingerprint) == (
        before.built_at,
        before.corpus_fingerprint,
    )
    assert build_index(folder, index_dir, encoder=model.choice).unchanged
    assert model.read.count("Boat number3 left the pier.") == 2  # for the basis and the vectors


def test_vectors_are_those_that_a_build_that_waits_makes(index_dir, folder, tmp_path, model):
    """Every file of the index is the same."""
    add_vectors(index_dir, model.choice)
    build_index(folder, tmp_path / "fresh", encoder=model.choice)
    assert read_manifest(index_dir).files == read_manifest(tmp_path / "fresh").files


def test_nothing_to_add_changes_nothing(index_dir, folder, tmp_path, model):
    """An index that has its vectors, asked for none, or has no encoder, is left alone."""
    add_vectors(index_dir, model.choice)
    manifest, finds = (index_dir / "manifest.json").stat(), model.finds
    assert not add_vectors(index_dir, model.choice)
    assert (index_dir / "manifest.json").stat().st_mtime_ns == manifest.st_mtime_ns
    build_index(folder, tmp_path / "plain")
    add_vectors(tmp_path / "plain", model.choice)
    assert read_manifest(tmp_path / "plain").encoder_hash is None
    assert model.finds == finds


def test_index_that_asks_for_another_encoder_is_left_alone(index_dir, model):
    """A process with older settings does not publish the vectors of its model."""
    other = EncoderChoice("harbour/other", model.choice.models_dir)
    assert not add_vectors(index_dir, other)
    assert read_manifest(index_dir).vectors_are_pending
    assert model.read == []


def test_index_is_searched_at_every_moment(index_dir, model):
    """While passages are encoded words answer; a searcher that is open takes over the new index."""
    live = LiveSearcher(index_dir)
    tiers = []

    def search():
        for searcher in (live.current(), Searcher.open(index_dir)):
            tiers.append(searcher.tier)
            assert _finds(searcher, "number7") == ["Boat number7 left the pier."]

    add_vectors(index_dir, model.choice, progress=_progress(dict.fromkeys(range(N_TEXTS), search)))
    assert tiers == [Tier.LEXICAL] * 2 * (N_TEXTS - 1)
    assert live.is_outdated
    search()
    assert tiers[-2:] == [Tier.ENCODER] * 2
    _assert_whole(index_dir)


def test_passages_of_an_index_that_is_published_meanwhile_are_encoded_too(index_dir, folder, model):
    """What a rebuild changes while vectors are made is encoded next; nothing is read twice."""

    def rebuild():
        _write(folder, 3, "The gong rang.")
        _write(folder, 50, "Snow fell.")
        build_index(folder, index_dir, encoder=model.choice, within_s=0)

    add_vectors(index_dir, model.choice, progress=_progress({4: rebuild}))
    _assert_whole(index_dir, N_TEXTS + 1)
    assert _finds(Searcher.open(index_dir), "gong") == ["The gong rang."]
    assert model.read.count("The gong rang.") == 1
    assert model.read.count("Boat number9 left the pier.") == 2


def test_another_that_is_quicker_leaves_nothing_to_publish(index_dir, model):
    """Another process may publish the vectors first, and remove the parts of this one."""
    add_vectors(
        index_dir,
        model.choice,
        progress=_progress({4: lambda: _encode_elsewhere(index_dir, model)}),
    )
    _assert_whole(index_dir)
    assert _finds(Searcher.open(index_dir), "number3") == ["Boat number3 left the pier."]


def test_encoding_that_another_has_finished_ends_soon(index_dir, model, monkeypatch):
    """It looks from time to time whether its build is still the published one."""
    monkeypatch.setattr(add_vectors_module, "_LOOK_EVERY_S", -1)
    begun = []

    def elsewhere():
        _encode_elsewhere(index_dir, model)
        begun.append(len(_passages_read(model)))

    assert not add_vectors(
        index_dir, model.choice, progress=_progress({1: elsewhere, 5: elsewhere})
    )
    assert len(begun) == 1
    _assert_whole(index_dir)


def _encode_elsewhere(index_dir, model):
    with ThreadPoolExecutor(1) as pool:
        pool.submit(add_vectors, index_dir, model.choice).result(20)


def test_build_that_is_removed_before_it_is_read_is_no_error(index_dir, folder, model, monkeypatch):
    """To find the encoder may take minutes; the index that is published then gets the vectors."""
    original, changed = model.find, threading.Event()

    def slowly(*arguments):
        if not changed.is_set():
            changed.set()
            _write(folder, 50, "Snow fell.")
            build_index(folder, index_dir, encoder=model.choice, within_s=0)
        return original(*arguments)

    monkeypatch.setattr(model, "find", slowly)
    add_vectors(index_dir, model.choice)
    _assert_whole(index_dir, N_TEXTS + 1)


@pytest.mark.parametrize("at", [0, 1, 5, N_TEXTS - 2])
def test_interrupted_encoding_loses_nothing_that_is_finished(index_dir, model, at):
    """The index is whole after it, and the next encoding goes on where it was."""

    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_vectors(index_dir, model.choice, progress=_progress({at: interrupt}))
    assert verify_build(index_dir, thorough=True).vectors_are_pending
    assert _finds(Searcher.open(index_dir), "number7") == ["Boat number7 left the pier."]
    model.read.clear()
    add_vectors(index_dir, model.choice)
    assert len(_passages_read(model)) == N_TEXTS - 1 - at
    _assert_whole(index_dir)


class _Death(BaseException):
    """Stands for the death of the process: nothing is written after it."""


@pytest.mark.parametrize("step", ["sync_file", "write_encoded"])
@pytest.mark.parametrize("at", [1, 6])
def test_death_while_a_part_is_written_costs_this_part(index_dir, model, monkeypatch, step, at):
    """Parts that were finished before are used, the torn one is not, and it is removed later."""
    original, parts = getattr(vector_parts, step), []

    def dying(*arguments):
        parts.append(arguments)
        if len({path for path, *_ in parts} if step == "write_encoded" else parts) > at:
            raise _Death
        return original(*arguments)

    with monkeypatch.context() as patches:
        patches.setattr(vector_parts, step, dying)
        with pytest.raises(_Death):
            add_vectors(index_dir, model.choice)
    finished = sum(map(len, VectorParts(index_dir).all()))
    assert list((index_dir / "vectors").glob("new-*"))
    model.read.clear()
    add_vectors(index_dir, model.choice)
    again = 2 * N_TEXTS if not finished else N_TEXTS - finished  # without parts the basis as well
    assert len(_passages_read(model)) == again
    _assert_whole(index_dir)


@pytest.mark.parametrize(
    ("place", "step"),
    [
        (add_vectors_module, "link_or_copy"),
        (write_vectors, "gather"),
        (write_vectors, "write_frequencies"),
        (build_folder, "sync_file"),
        (build_folder, "write_file"),
    ],
)
def test_death_while_it_is_published_loses_no_vector(index_dir, model, monkeypatch, place, step):
    """All vectors are in parts until the index that holds them is published."""

    def dying(*_):
        raise _Death

    with monkeypatch.context() as patches:
        patches.setattr(place, step, dying)
        with pytest.raises(_Death):
            add_vectors(index_dir, model.choice)
    assert verify_build(index_dir, thorough=True).vectors_are_pending
    model.read.clear()
    add_vectors(index_dir, model.choice)
    assert _passages_read(model) == []
    _assert_whole(index_dir)


def test_death_between_publishing_and_clearing_is_cleaned_by_the_next_build(
    index_dir, folder, model, monkeypatch
):
    """Parts that are left over are used or removed by whoever publishes vectors next."""

    def dying(*_):
        raise _Death

    with monkeypatch.context() as patches:
        patches.setattr(VectorParts, "clear", dying)
        with pytest.raises(_Death):
            add_vectors(index_dir, model.choice)
    assert open_build(index_dir).vectors is not None
    _write(folder, 50, "Snow fell.")
    build_index(folder, index_dir, encoder=model.choice)
    _assert_whole(index_dir, N_TEXTS + 1)


def test_full_disk_is_an_error_that_names_the_index(index_dir, model, monkeypatch):
    """The index serves on by words."""

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patches:
        patches.setattr(vector_parts, "write_encoded", full)
        with pytest.raises(IndexWriteError, match="No space left on device"):
            add_vectors(index_dir, model.choice)
    assert Searcher.open(index_dir).tier is Tier.LEXICAL
    add_vectors(index_dir, model.choice)
    _assert_whole(index_dir)


def test_encoder_that_cannot_be_used_is_an_error_and_vectors_stay_pending(index_dir, model):
    """The next time it may be there."""
    model.problem = "it is gone"
    with pytest.raises(EncoderUnavailableError, match="it is gone"):
        add_vectors(index_dir, model.choice)
    model.problem = None
    add_vectors(index_dir, model.choice)
    _assert_whole(index_dir)


def test_index_that_is_missing_or_damaged_is_an_error(index_dir, tmp_path, model):
    """Neither is built or repaired here, and no folder is made."""
    with pytest.raises(IndexMissingError):
        add_vectors(tmp_path / "nowhere", model.choice)
    assert not (tmp_path / "nowhere").exists()
    (path,) = index_dir.glob("build-*/passages.jsonl")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexUnusableError):
        add_vectors(index_dir, model.choice)


def test_index_that_is_removed_meanwhile_stays_removed(index_dir, model):
    """A server's texts that were deleted while they were encoded do not come back."""
    with pytest.raises((IndexMissingError, IndexWriteError)):
        add_vectors(
            index_dir, model.choice, progress=_progress({4: lambda: shutil.rmtree(index_dir)})
        )
    assert not index_dir.exists()


def test_two_encoders_at_once_leave_one_whole_index(index_dir, model):
    """Both succeed, whichever is quicker."""
    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(add_vectors, index_dir, model.choice) for _ in range(3)]
        for one in running:
            one.result(60)
    _assert_whole(index_dir)


def test_background_leaves_the_work_to_another_that_does_it(index_dir, model):
    """Two bots of one folder do not encode the same texts."""
    read = []

    def elsewhere():
        before = len(_passages_read(model))
        with ThreadPoolExecutor(1) as pool:
            added = pool.submit(add_vectors, index_dir, model.choice, in_background=True)
            assert not added.result(20)
        read.append(len(_passages_read(model)) - before)

    add_vectors(index_dir, model.choice, progress=_progress({9: elsewhere}), in_background=True)
    assert len(read) == 1
    assert read[0] <= 1  # the thread of the first one may have gone on
    _assert_whole(index_dir)


def test_running_rebuild_is_waited_for(index_dir, folder, model, monkeypatch):
    """Who has encoded for an hour does not give up because another process publishes just then."""
    monkeypatch.setattr(build_folder, "_LOCK_TIMEOUT_S", 0.05)
    began, release = threading.Event(), threading.Event()

    def waiting(things, _):
        began.set()
        assert release.wait(20)
        return things

    _write(folder, 50, "Snow fell.")
    with ThreadPoolExecutor(2) as pool:
        options = {"encoder": model.choice, "within_s": 0, "progress": waiting}
        rebuild = pool.submit(build_index, folder, index_dir, **options)
        assert began.wait(20)
        encoding = pool.submit(add_vectors, index_dir, model.choice)
        threading.Timer(0.3, release.set).start()
        rebuild.result(20)
        encoding.result(20)
    _assert_whole(index_dir, N_TEXTS + 1)
