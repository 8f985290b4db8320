"""Builds with an encoder: when vectors are made, taken over, left for later or done without."""

import numpy as np
import pytest

from index import (
    EncoderChoice,
    EncoderUnavailableError,
    IndexWriteError,
    LiveSearcher,
    Searcher,
    Tier,
    WeightedText,
    build_index,
    vectors_are_pending,
)
from index.progress import silently
from index.storage.build_files import open_build
from index.storage.manifest import read_manifest
from index.vectors import encode_passages, vector_files, write_vectors
from index.vectors.models.model_files import packaged_model

TEXTS = {
    "a.txt": "Captain Finch sailed at dawn.\n\nFinch came back with herring.",
    "b.txt": "The bell rang twice. The choir sang.",
    "c.txt": "The lighthouse burned.",
}


@pytest.fixture
def folder(tmp_path):
    """A corpus of three texts."""
    for name, text in TEXTS.items():
        _write(tmp_path / "corpus", name, text)
    return tmp_path / "corpus"


@pytest.fixture
def build(folder, tmp_path, model):
    """Build the index of the corpus with the made-up model; the model forgets what it read."""

    def run(**options):
        model.read.clear()
        return build_index(folder, tmp_path / "index", **({"encoder": model.choice} | options))

    return run


@pytest.fixture
def index_dir(tmp_path):
    """The folder of the index."""
    return tmp_path / "index"


@pytest.fixture
def _settled(monkeypatch):
    """Any basis counts as made of enough tokens, so it stays."""
    monkeypatch.setattr(write_vectors, "ENOUGH_TOKENS", 1)


def _write(folder, name, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def _tier(index_dir):
    return Searcher.open(index_dir).tier


def _vectors(index_dir):
    opened = open_build(index_dir)
    assert opened.vectors is not None
    return opened.vectors.files


def _finds(index_dir, word):
    return [hit.passage.text for hit in Searcher.open(index_dir).search([WeightedText(word)], 1)]


def test_small_corpus_gets_its_vectors_at_once(build, index_dir, model):
    """The report says that nothing is left to do, and a second build finds nothing."""
    report = build()
    assert (report.vectors_are_pending, report.encoder_problem) == (False, None)
    assert _tier(index_dir) is Tier.ENCODER
    assert _finds(index_dir, "skipper") == ["Captain Finch sailed at dawn."]
    assert build().unchanged
    assert build(thorough=False).unchanged
    assert model.read == []


def test_build_shows_the_progress_of_its_vectors(build, monkeypatch):
    """The caller's wrapper gets the passages behind the sample, after all else."""
    monkeypatch.setattr(encode_passages, "_SAMPLE", 1)
    seen = []

    def progress(things, what):
        seen.append((what, len(things)))
        return things

    build(progress=progress)
    assert seen == [("Reading texts", 3), ("Sorting words", 5), ("Vectors", 3)]


def test_build_without_an_encoder_makes_no_vectors_and_removes_none(build, index_dir, model):
    """An index with vectors is up to date for those who search by words, too."""
    assert not build(encoder=None).vectors_are_pending
    assert (_tier(index_dir), model.finds) == (Tier.LEXICAL, 0)
    assert not build().unchanged  # now vectors are asked for
    assert _tier(index_dir) is Tier.ENCODER
    assert build(encoder=None).unchanged
    assert _tier(index_dir) is Tier.ENCODER


def test_vectors_that_take_too_long_are_left_for_later(build, index_dir, model):
    """The words are published at once; the manifest says that the vectors are still to be made."""
    report = build(within_s=0)
    assert (report.vectors_are_pending, report.encoder_problem) == (True, None)
    manifest = read_manifest(index_dir)
    assert (manifest.encoder, manifest.encoder_hash, manifest.vectors_are_pending) == (
        "",
        None,
        True,
    )
    assert vectors_are_pending(index_dir)
    assert (_tier(index_dir), model.read) == (Tier.LEXICAL, [])
    assert _finds(index_dir, "lighthouse") == ["The lighthouse burned."]
    for thorough in (True, False):
        again = build(within_s=0, thorough=thorough)
        assert (again.unchanged, again.vectors_are_pending) == (True, True)


def test_index_that_cannot_be_used_lacks_nothing(tmp_path):
    """Only of an index that can be used it is known that vectors are to be made."""
    assert not vectors_are_pending(tmp_path / "nowhere")


@pytest.mark.usefixtures("_settled")
def test_changed_file_costs_its_own_passages_only(build, folder, model):
    """Vectors of unchanged passages are taken over."""
    build()
    _write(folder, "b.txt", "The gong rang.")
    assert build().changed == ["b.txt"]
    assert model.read == ["The gong rang."]


@pytest.mark.usefixtures("_settled")
def test_vectors_are_not_lost_while_others_are_pending(build, folder, index_dir, model):
    """A build that leaves vectors for later keeps those of the index that it replaces."""
    build()
    _write(folder, "b.txt", "The gong rang.")
    assert build(within_s=0).vectors_are_pending
    _write(folder, "d.txt", "Snow fell.")
    assert build(within_s=0).vectors_are_pending
    _write(folder, "e.txt", "Rain fell.")
    assert not build().vectors_are_pending
    assert model.read == ["The gong rang.", "Snow fell.", "Rain fell."]
    assert len(_vectors(index_dir)) == 6
    assert not (index_dir / "vectors").exists()


@pytest.mark.usefixtures("_settled")
def test_sample_of_a_build_that_takes_too_long_is_used_later(build, folder, model, monkeypatch):
    """What told that the encoding takes too long was not encoded in vain."""
    monkeypatch.setattr(encode_passages, "_SAMPLE", 2)
    assert build(within_s=1e-9).vectors_are_pending
    # The basis has read all passages, and the sample two of them again.
    sample = {text for text in model.read if model.read.count(text) == 2}
    assert len(sample) == 2
    _write(folder, "d.txt", "Snow fell.")
    assert not build().vectors_are_pending
    assert sample.isdisjoint(model.read)


@pytest.mark.usefixtures("_settled")
def test_settings_that_change_no_text_cost_no_vector(build, folder, index_dir, model):
    """Other limits read all files again; words alone leave the vectors for later."""
    build()
    assert not build(max_file_mb=3).unchanged
    assert model.read == []
    _write(folder, "d.txt", "Snow fell.")
    assert not build(max_file_mb=3, encoder=None).unchanged
    assert _tier(index_dir) is Tier.LEXICAL
    assert not build(max_file_mb=3).unchanged
    assert model.read == ["Snow fell."]


@pytest.mark.parametrize("thorough", [True, False])
def test_build_that_waits_makes_vectors_that_are_pending(build, index_dir, thorough):
    """An index that is up to date but for its vectors is none for those who wait."""
    build(within_s=0)
    assert not build(within_s=None, thorough=thorough).unchanged
    assert _tier(index_dir) is Tier.ENCODER


def test_download_of_a_thorough_build_is_shown(build, model, monkeypatch):
    """A model that was not there the last time is fetched with the caller's progress."""
    model.problem = "the hub does not answer"
    build()
    shown, original = [], model.find

    def find(choice, progress):
        shown.append(progress)
        return original(choice, progress)

    monkeypatch.setattr(model, "find", find)
    assert build(progress=silently).unchanged
    assert shown == [silently]
    shown.clear()
    build(progress=_shown)
    assert shown == [_shown]


def _shown(things, _):
    return things


def test_other_files_of_the_model_are_noticed_by_a_thorough_build(build, index_dir, model):
    """A start does not hash a model; a rebuild does, and encodes all with the new one."""
    build()
    model.sha256 = "b" * 64
    finds = model.finds
    assert build(thorough=False).unchanged
    assert model.finds == finds
    assert not build().unchanged
    assert any("lighthouse" in text for text in model.read)
    assert read_manifest(index_dir).encoder_hash == "b" * 64
    assert build().unchanged


@pytest.mark.parametrize("thorough", [True, False])
def test_another_model_in_the_settings_is_a_reason_to_build(build, index_dir, model, thorough):
    """A model that was not asked for before is used at the next start."""
    build()
    other = EncoderChoice("harbour/other", model.choice.models_dir)
    assert not build(encoder=other, thorough=thorough).unchanged
    assert read_manifest(index_dir).encoder == "harbour/other"
    assert _vectors(index_dir).record.name == "harbour/other"
    assert build(encoder=other, thorough=thorough).unchanged


def test_problem_of_the_encoder_is_remembered_and_tried_again_when_told(build, index_dir, model):
    """A start says it again without looking for the model; a rebuild looks."""
    model.problem = "it was not fetched yet"
    report = build()
    assert "it was not fetched yet" in report.encoder_problem
    assert (report.vectors_are_pending, _tier(index_dir)) == (False, Tier.LEXICAL)
    finds = model.finds
    start = build(thorough=False)
    assert (start.unchanged, start.encoder_problem) == (True, report.encoder_problem)
    assert model.finds == finds
    again = build()
    assert (again.unchanged, again.encoder_problem) == (True, report.encoder_problem)
    assert model.finds == finds + 1
    model.problem = None
    assert build(thorough=False).unchanged
    healed = build()
    assert (healed.unchanged, healed.encoder_problem) == (False, None)
    assert _tier(index_dir) is Tier.ENCODER


def test_model_that_is_gone_takes_no_vectors_away(build, index_dir, model):
    """As long as the texts stay the same, so do their vectors."""
    build()
    model.problem = "it is gone"
    report = build()
    assert (report.unchanged, report.encoder_problem) == (True, None)
    assert open_build(index_dir).vectors is not None


def test_encoder_that_fails_while_it_encodes_leaves_the_words(build, index_dir, model, monkeypatch):
    """The index is published without vectors, and says why."""

    def failing(_):
        raise EncoderUnavailableError("m", "out of memory")

    monkeypatch.setattr(model.encoder, "encode_passage", failing)
    assert "out of memory" in build().encoder_problem
    assert _finds(index_dir, "lighthouse") == ["The lighthouse burned."]


def test_folder_of_models_inside_the_corpus_is_no_part_of_it(build, folder):
    """Models that lie among the texts are not indexed."""
    _write(folder / "models" / "tiny", "notes.txt", "Weights.")
    choice = EncoderChoice("", folder / "models")
    assert build(encoder=choice).documents == 3


def test_full_disk_while_vectors_are_written_keeps_the_index(build, folder, index_dir, monkeypatch):
    """The former index serves on, and the next build makes the vectors."""
    build()
    _write(folder, "b.txt", "The gong rang.")

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patches:
        patches.setattr(vector_files, "new_array", full)
        with pytest.raises(IndexWriteError, match="No space left"):
            build()
    assert _finds(index_dir, "bell") == ["The bell rang twice. The choir sang."]
    assert not build().vectors_are_pending
    assert _finds(index_dir, "gong") == ["The gong rang."]


def test_replaced_model_is_used_only_for_vectors_of_its_own(folder, tmp_path):
    """Until a thorough build words answer; then all vectors are those of the new files."""
    place = tmp_path / "e5-small-v2"
    (place / "1_Pooling").mkdir(parents=True)
    for name in ("model.onnx", "tokenizer.json", "config.json"):
        (place / name).symlink_to(packaged_model() / name)
    choice, index_dir = EncoderChoice(str(place), tmp_path), tmp_path / "index"
    build_index(folder, index_dir, encoder=choice)
    before = _vectors(index_dir)
    (place / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    assert build_index(folder, index_dir, encoder=choice, thorough=False).unchanged
    assert LiveSearcher(index_dir).current().tier is Tier.LEXICAL
    assert not build_index(folder, index_dir, encoder=choice).unchanged
    assert LiveSearcher(index_dir).current().tier is Tier.ENCODER
    assert _vectors(index_dir).record.model_hash != before.record.model_hash
    assert not np.allclose(_vectors(index_dir).passages, before.passages)


def test_index_of_the_package_finds_what_no_word_says(folder, tmp_path):
    """The real encoder, from building to answering: a paraphrase leads to its passage."""
    _write(folder, "d.txt", "The physician cured the ill child with herbs.")
    choice = EncoderChoice("", tmp_path / "models")
    report = build_index(folder, tmp_path / "index", encoder=choice)
    assert report.encoder_problem is None
    (hit,) = Searcher.open(tmp_path / "index").search(
        [WeightedText("Which medicine helped the patient recover?")], 1
    )
    assert hit.passage.source == "d.txt"
    assert build_index(folder, tmp_path / "index", encoder=choice).unchanged
    encoder, sha256 = choice.find(silently)
    assert encoder.is_packaged
    assert read_manifest(tmp_path / "index").encoder_hash == sha256
