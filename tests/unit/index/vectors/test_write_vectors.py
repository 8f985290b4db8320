"""The vectors of a build: what is known is used again, the rest is encoded."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from index import EncoderChoice, EncoderUnavailableError
from index.analysis.languages.codes import ENGLISH
from index.documents import Document, Paragraph
from index.passages.passage_file import EncodedPassages, PassageWriter
from index.passages.split_passages import split_passages
from index.progress import silently
from index.vectors import encode_passages, token_basis, write_vectors
from index.vectors.models.encoder import open_encoder
from index.vectors.models.model_files import packaged_model
from index.vectors.similarity import PassageVectors
from index.vectors.vector_parts import VectorParts
from index.vectors.write_vectors import AUTO, MULTILINGUAL, encode_missing

NUMBERS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven")
TEXTS = [f"{word} boats left at dawn. Nobody saw the {word} again." for word in NUMBERS]


class _Builds:
    """Plans and writes the vectors of builds, one after another, in one index folder."""

    def __init__(self, folder, model):
        self._folder, self._model = folder, model
        self.parts = VectorParts(folder)
        self._count = 0

    def plan(self, texts, former=None, **options):
        """Return the planned vectors of a new build; the encoder has read nothing before."""
        self._count += 1
        self.build = self._folder / f"build-{self._count}"
        self.build.mkdir()
        _write_passages(self.build, texts)
        self._model.read.clear()
        options = {"within_s": None, "progress": silently} | options
        choice = options.pop("choice", self._model.choice)
        languages = options.pop("languages", {ENGLISH: len(texts)})
        return encode_missing(self.build, choice, self.parts, former, languages, **options)

    def write(self, texts, former=None, **options):
        """Return the written vectors, whose parts are no longer needed."""
        self.plan(texts, former, **options).write(self.build)
        self.parts.clear()
        return PassageVectors.open(self.build).files


def _write_passages(folder, texts):
    with PassageWriter(folder) as writer:
        for number, text in enumerate(texts, start=1):
            text, _, language = text.partition("@")
            document = Document("a.txt", "Boats", (Paragraph(number, text),))
            passages = split_passages(document, language=language or ENGLISH)
            writer.add(EncodedPassages.of(passages))
        writer.finish()


@pytest.fixture
def builds(tmp_path, model):
    """Builds of the made-up model."""
    return _Builds(tmp_path, model)


@pytest.fixture
def _settled(monkeypatch):
    """Any basis counts as made of enough tokens, so it stays."""
    monkeypatch.setattr(write_vectors, "ENOUGH_TOKENS", 1)


def _passages_read(model):
    """Return the passages that were encoded; their sentences are left out."""
    return [text for text in model.read if text in {*TEXTS, "New boats came. All saw them."}]


def test_all_passages_get_vectors_with_lines_and_tokens(builds, model):
    """The record says what made them."""
    files = builds.write(TEXTS)
    assert len(files) == len(files.passages) == 7
    assert len(files.lines) == 14
    assert len(files.tokens) == 7 * 10
    assert files.record.model_hash == model.sha256
    assert (files.record.has_lines, files.record.has_tokens) == (True, True)
    assert files.record.basis_tokens == 70
    made_by = model.encoder.model_id
    assert (files.record.revision, files.record.sha256) == (made_by.revision, made_by.sha256)
    assert files.passages[2].tolist() == model.encoder.encode_question(TEXTS[2]).vector.tolist()


def test_unchanged_corpus_encodes_nothing(builds, model):
    """In any order, with fewer passages too, the vectors are those of the former index."""
    former = builds.write(TEXTS)
    again = builds.write(TEXTS[::-1], former)
    assert model.read == []
    assert again.passages.tolist() == former.passages[::-1].tolist()
    assert again.basis.equals(former.basis)
    fewer = builds.write(TEXTS[2:4], again)
    assert model.read == []
    assert fewer.passages.tolist() == former.passages[2:4].tolist()


@pytest.mark.usefixtures("_settled")
def test_changed_text_encodes_only_its_own_passages(builds, model):
    """The others come from the former index, on its basis."""
    former = builds.write(TEXTS)
    new = "New boats came. All saw them."
    files = builds.write([*TEXTS[:3], new, *TEXTS[4:]], former)
    assert model.read == [new, "New boats came.", "All saw them."]
    assert files.basis.equals(former.basis)
    assert files.passages[4:].tolist() == former.passages[4:].tolist()


def test_basis_of_few_tokens_is_made_again(builds, model):
    """A basis fits the few texts that it was made of: with other texts all are encoded again."""
    former = builds.write(TEXTS[:3])
    files = builds.write(TEXTS, former)
    assert set(TEXTS) <= set(model.read)
    assert not files.basis.equals(former.basis)
    assert (former.record.basis_tokens, files.record.basis_tokens) == (30, 70)


@pytest.mark.usefixtures("_settled")
def test_corpus_that_outgrows_its_room_is_encoded_again_with_fewer_dimensions(
    builds, model, monkeypatch
):
    """Up to twice the room the tokens stay as they are."""
    monkeypatch.setattr(token_basis, "_N_DIRECTIONS", (6, 3))
    monkeypatch.setattr(token_basis, "FEWEST_DIRECTIONS", 3)
    n_bytes = 6 * sum(map(len, TEXTS[:3])) / write_vectors._CHARS_PER_TOKEN
    monkeypatch.setattr(token_basis, "_ROOM_BYTES", n_bytes + 1)
    former = builds.write(TEXTS[:3])
    grown = builds.write(TEXTS[:5], former)
    assert (former.basis.n_directions, grown.basis.n_directions) == (6, 6)
    assert _passages_read(model) == TEXTS[3:5]
    outgrown = builds.write(TEXTS, grown)
    assert outgrown.basis.n_directions == 3
    assert set(TEXTS) <= set(model.read)


def test_passages_that_read_the_same_are_encoded_once(builds, model):
    """Each has the vectors, but the encoder reads one."""
    files = builds.write([TEXTS[0]] * 3 + [TEXTS[1]])
    # Once for the basis of each passage, once for the vectors.
    assert _passages_read(model) == [*[TEXTS[0]] * 3, TEXTS[1], TEXTS[0], TEXTS[1]]
    assert files.passages[0].tolist() == files.passages[2].tolist()
    assert len(files) == 4


@pytest.mark.usefixtures("_settled")
def test_other_model_encodes_everything(builds, model):
    """Vectors of other files of a model, or of the same read in another way, are of no use."""
    former = builds.write(TEXTS)
    model.sha256 = "b" * 64
    files = builds.write(TEXTS, former)
    assert set(TEXTS) <= set(model.read)
    assert files.record.model_hash == "b" * 64


@pytest.mark.usefixtures("_settled")
def test_lines_are_left_out_of_a_large_corpus_and_come_back_in_a_small_one(
    builds, model, monkeypatch
):
    """Vectors with lines serve an index without them, but not the other way."""
    monkeypatch.setattr(write_vectors, "MAX_PASSAGES_WITH_LINES", 5)
    small = builds.write(TEXTS[:5])
    large = builds.write(TEXTS, small)
    assert model.read == TEXTS[5:]
    assert (small.record.has_lines, large.record.has_lines) == (True, False)
    assert large.passages[:5].tolist() == small.passages.tolist()
    assert (len(large.lines), len(large.line_ends)) == (0, 14)
    assert large.tokens.tolist()[: len(small.tokens)] == small.tokens.tolist()
    back = builds.write(TEXTS[:5], large)
    assert set(TEXTS[:5]) <= set(model.read)
    assert (back.record.has_lines, len(back.lines)) == (True, 10)


@pytest.mark.usefixtures("_settled")
def test_tokens_are_left_out_above_their_size(builds, model):
    """A limit on the disk costs the token vectors, and the rest of the former index is used."""
    former = builds.write(TEXTS)
    none = EncoderChoice("", model.choice.models_dir, max_token_mb=0)
    files = builds.write(TEXTS, former, choice=none)
    assert model.read == []
    assert (files.record.has_tokens, files.basis, len(files.tokens)) == (False, None, 0)
    assert files.record.basis_tokens == 0
    assert files.lines.tolist() == former.lines.tolist()
    again = builds.write(TEXTS, files)
    assert set(TEXTS) <= set(model.read)
    assert again.record.has_tokens


def test_size_of_the_tokens_is_estimated_from_the_texts(builds, model):
    """A megabyte holds 15,000 tokens, some 69,000 characters."""
    one = EncoderChoice("", model.choice.models_dir, max_token_mb=1)
    within = builds.write(["Boat " * 199] * 69, choice=one)
    above = builds.write(["Boat " * 199] * 72, choice=one)
    assert (within.record.has_tokens, above.record.has_tokens) == (True, False)


def test_model_whose_tokens_do_not_fit_has_none(builds, model, monkeypatch):
    """Late interaction is for models whose token vectors are known to serve it."""
    config = replace(model.encoder.config, token_vectors_fit=False)
    monkeypatch.setattr(model.encoder, "config", config, raising=False)
    files = builds.write(TEXTS)
    assert (files.record.has_tokens, files.record.has_lines, len(files)) == (False, True, 7)


def test_finished_part_of_an_interrupted_encoding_is_used(builds, model, monkeypatch):
    """The next one goes on where the first was interrupted, and its parts are joined."""
    original = model.encoder.encode_passage

    def interrupted(text):
        if text == TEXTS[4] and text in model.read:  # the basis has read it before
            raise KeyboardInterrupt
        return original(text)

    with monkeypatch.context() as patches:
        patches.setattr(model.encoder, "encode_passage", interrupted)
        with pytest.raises(KeyboardInterrupt):
            builds.plan(TEXTS)
    monkeypatch.setattr(write_vectors, "ENOUGH_TOKENS", 1)
    files = builds.write(TEXTS)
    assert _passages_read(model) == TEXTS[4:]
    assert len(files) == 7


def test_vectors_of_several_parts_and_a_former_index_come_together(builds, model, monkeypatch):
    """Vectors on another basis than the most are not mixed with them."""
    former = builds.write(TEXTS[:2])
    monkeypatch.setattr(write_vectors, "ENOUGH_TOKENS", 1)
    builds.plan(TEXTS[3:5])  # on its own basis, which is left in a part
    files = builds.write(TEXTS, former)
    assert len(files) == 7
    assert files.record.basis_tokens == 20
    assert len(_passages_read(model)) == 5  # two are known on the one basis or on the other


@pytest.mark.usefixtures("_settled")
def test_parts_of_many_interrupted_encodings_are_joined(builds, monkeypatch):
    """Each part takes file descriptors, of which a process has some hundreds."""
    monkeypatch.setattr(write_vectors, "MAX_PARTS", 2)
    for count in range(1, 7):
        builds.plan(TEXTS[:count])
        assert len(builds.parts.all()) <= 3
    assert sum(map(len, builds.parts.all())) == 6


def test_no_time_at_all_encodes_nothing(builds, model):
    """With nothing to encode there are vectors; else none, and no basis is made."""
    assert builds.plan(TEXTS, within_s=0) is None
    assert (model.read, builds.parts.all()) == ([], [])
    former = builds.write(TEXTS)
    assert len(builds.write(TEXTS, former, within_s=0)) == 7


def test_time_of_the_basis_counts(builds, monkeypatch):
    """Encoding has the time that the basis has left."""
    now, left, original = [0.0], [], encode_passages.make_basis

    def slowly(*arguments):
        now[0] += 9
        return original(*arguments)

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(write_vectors, "make_basis", slowly)
    monkeypatch.setattr(
        write_vectors, "encode_all", lambda *_, within_s, **__: left.append(within_s)
    )
    builds.plan(TEXTS, within_s=10)
    builds.plan(TEXTS, within_s=8)
    builds.plan(TEXTS)
    assert left == [1, 0, None]


def test_encoder_that_is_not_there_is_an_error(builds, model):
    """Whoever asks decides what to do without it."""
    model.problem = "it is gone"
    with pytest.raises(EncoderUnavailableError, match="it is gone"):
        builds.plan(TEXTS)


# The choice


def test_encoder_of_the_package_is_found_with_the_hash_of_its_files(tmp_path):
    """The same files give the same hash; another way of reading them another one."""
    encoder, sha256 = EncoderChoice("", tmp_path).find(silently)
    assert encoder is open_encoder("", tmp_path)
    assert len(sha256) == 64
    assert EncoderChoice("", tmp_path).find(silently)[1] == sha256


def test_model_in_a_folder_is_found_and_told_apart(tmp_path):
    """The same files have the same hash anywhere, but not where they are pooled in another way."""
    hashes = {}
    for place in ("here", "there", "cls"):
        copied = tmp_path / place / "e5-small-v2"
        (copied / "1_Pooling").mkdir(parents=True)
        for name in ("model.onnx", "tokenizer.json", "config.json"):
            (copied / name).symlink_to(packaged_model() / name)
        pooling = json.dumps({"pooling_mode_cls_token": place == "cls"})
        (copied / "1_Pooling" / "config.json").write_text(pooling)
        _, hashes[place] = EncoderChoice(str(copied), tmp_path).find(silently)
    assert hashes["here"] == hashes["there"] != hashes["cls"]


@pytest.mark.parametrize("model", ["nowhere/model", "/nowhere/model", "nowhere"])
def test_model_that_is_nowhere_is_an_error(tmp_path, model):
    """A name that was never fetched and a folder that is not there are told in one line."""
    with pytest.raises(EncoderUnavailableError) as failure:
        EncoderChoice(model, tmp_path).find(silently)
    assert "\n" not in str(failure.value)


def test_token_of_the_hub_is_not_shown():
    """A choice may be logged."""
    assert "secret" not in repr(EncoderChoice("", Path("models"), hub_token="secret"))


# Languages


@pytest.mark.parametrize(
    ("passages", "model"),
    [
        ({"en": 95, "de": 5}, ""),
        ({"en": 94, "de": 3, "ja": 3}, MULTILINGUAL),
        ({"hi": 7}, MULTILINGUAL),
        ({}, ""),
    ],
)
def test_auto_takes_the_model_that_the_texts_need(tmp_path, passages, model):
    """The encoder of the package for English; another choice stays what it is."""
    assert EncoderChoice(AUTO, tmp_path).for_languages(passages).model == model
    for other in ("", "owner/name"):
        assert EncoderChoice(other, tmp_path).for_languages(passages).model == other


@pytest.fixture
def _english_only(model):
    """The made-up model reads English only."""
    model.encoder.config = replace(model.encoder.config, english_only=True)


@pytest.mark.usefixtures("_english_only")
def test_passages_in_other_languages_are_not_read(builds, model):
    """Their vectors and those of their lines are zeros, and they have no tokens."""
    texts = [*TEXTS[:3], "Der Hafen ist alt. Er hat drei Kraene.@de"]
    files = builds.write(texts, languages={"en": 3, "de": 1})
    assert not any("Hafen" in text for text in model.read)
    assert files.passages.any(axis=1).tolist() == [True, True, True, False]
    assert files.lines.any(axis=1).tolist() == [True] * 6 + [False] * 2
    assert files.first_token[-2] == files.first_token[-1]
    builds.write([*TEXTS[:3], "Der Hafen ist alt. Er hat drei Kraene."], files)
    assert any("Hafen" in text for text in model.read)  # the same text, said to be English


@pytest.mark.usefixtures("_english_only")
def test_english_encoder_is_no_encoder_for_texts_in_other_languages(builds):
    """One line says why, and which setting helps; words answer."""
    languages = {"en": 3, "de": 4}
    with pytest.raises(EncoderUnavailableError, match=r"reads English only.*NEURAL_MODEL=auto"):
        builds.plan(TEXTS, languages=languages)
    named = EncoderChoice("owner/english", Path("nowhere"))
    with pytest.raises(EncoderUnavailableError, match=r"owner/english.*languages\)$"):
        builds.plan(TEXTS, choice=named, languages=languages)
