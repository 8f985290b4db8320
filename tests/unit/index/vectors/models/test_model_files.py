"""An encoder's files are found in the package, in a folder, or where a fetch put them."""

import hashlib
import json

import pytest

from index import EncoderUnavailableError
from index.vectors.models import model_files
from index.vectors.models.model_files import (
    FetchedFile,
    FetchedModel,
    ModelId,
    model_folder,
    onnx_file,
)
from tests.support.checkout import SHARED

E5 = SHARED / "models" / "e5-small-v2-int8"


def write(folder, files):
    """Write files by their paths, and return the folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def fetched(folder, files):
    """Write files as a fetch does, and return the folder."""
    sums = {
        path: FetchedFile(len(content), hashlib.sha256(content).hexdigest())
        for path, content in files.items()
    }
    FetchedModel("harbour/encoder", "c0ffee", sums).write(write(folder, files))
    return folder


MODEL = {"onnx/model.onnx": b"graph", "tokenizer.json": b"{}"}


def test_blank_name_is_the_encoder_of_the_package(tmp_path, monkeypatch):
    """It lies beside the module; where it is missing, one line says so."""
    assert model_files.packaged_model().parent.name == "vectors"
    monkeypatch.setattr(model_files, "packaged_model", lambda: tmp_path)
    assert model_folder(" ", tmp_path) == tmp_path
    monkeypatch.setattr(model_files, "packaged_model", lambda: tmp_path / "encoder")
    with pytest.raises(EncoderUnavailableError, match=r"of the package: .*not installed"):
        model_folder("", tmp_path)


def test_existing_folder_is_taken_as_it_is(tmp_path, monkeypatch):
    """Absolute, relative, or in the home."""
    (tmp_path / "owner" / "name").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for name in (str(tmp_path / "owner" / "name"), "owner/name", "~/owner/name"):
        folder = model_folder(name, tmp_path / "models")
        assert folder.samefile(tmp_path / "owner" / "name")


def test_name_on_the_hub_is_a_folder_of_models(tmp_path):
    """Before it was fetched, one line says what to do."""
    with pytest.raises(
        EncoderUnavailableError,
        match=r"harbour/encoder: .*not fetched yet; run 'pullquote rebuild' once with a network",
    ):
        model_folder("harbour/encoder", tmp_path)
    folder = fetched(tmp_path / "harbour--encoder", MODEL)
    assert model_folder("harbour/encoder", tmp_path) == folder


@pytest.mark.parametrize(
    "change",
    [
        {"onnx/model.onnx": b"grap"},
        {"fetched.json": b"{"},
        {"fetched.json": b"[]"},
        {"fetched.json": b'{"name": "", "revision": "", "files": {}}'},
        {"fetched.json": b'{"name": "", "revision": "", "files": {"tokenizer.json": 2}}'},
    ],
)
def test_changed_model_is_not_used(tmp_path, change):
    """A file that lost its end, and a record that does not tell."""
    write(fetched(tmp_path / "harbour--encoder", MODEL), change)
    with pytest.raises(EncoderUnavailableError, match="changed or cut off"):
        model_folder("harbour/encoder", tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "encoder",
        "a/b/c",
        "/missing/folder",
        "./encoder",
        "~/encoder",
        "owner/..",
        "../owner",
        "owner/na--me",
        "owner\\name",
        "owner/na me",
        "owner/name\n",
        "\u00f6wner/name",
        "o" * 97 + "/name",
    ],
)
def test_other_names_are_refused(tmp_path, name):
    """No name leads out of the folder of models."""
    with pytest.raises(EncoderUnavailableError, match="neither a folder nor a name on the hub"):
        model_folder(name, tmp_path / "models")


@pytest.mark.parametrize(
    ("files", "best"),
    [
        (["model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx"], "model_quantized.onnx"),
        (["model.onnx", "model_O4.onnx"], "model.onnx"),
        (["model_optimized.onnx"], "model_optimized.onnx"),
        (["onnx/model_q4.onnx"], "model_q4.onnx"),
    ],
)
def test_best_graph_of_a_folder(tmp_path, files, best):
    """The usual names in their order, else the only one, such as that of a fastembed model."""
    write(tmp_path, dict.fromkeys(files, b""))
    assert onnx_file(tmp_path).name == best


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (["model.safetensors"], "no ONNX file"),
        (["a.onnx", "b.onnx"], "several ONNX files but no model.onnx"),
    ],
)
def test_folder_without_a_clear_graph_is_refused(tmp_path, files, problem):
    """One line says what it lacks."""
    write(tmp_path, dict.fromkeys(files, b""))
    with pytest.raises(EncoderUnavailableError, match=problem):
        onnx_file(tmp_path)


@pytest.mark.parametrize("changed", ["model.onnx", "model.onnx_data", "tokenizer.json"])
def test_identity_changes_with_what_makes_vectors(tmp_path, changed):
    """The graph, its external data and the tokenizer; not what else lies there."""
    files = {"model.onnx": b"graph", "model.onnx_data": b"weights", "tokenizer.json": b"{}"}
    identity = ModelId.of(write(tmp_path, files), "encoder")
    assert ModelId.of(write(tmp_path, {"README.md": b"Tiny"}), "encoder") == identity
    other = ModelId.of(write(tmp_path, {changed: b"other"}), "encoder")
    assert (other.name, other.revision) == ("encoder", "")
    assert other.sha256 != identity.sha256


def test_identity_of_a_changed_fetched_model_is_computed(tmp_path):
    """The record counts only while it fits the files."""
    folder = fetched(tmp_path, MODEL)
    of_record = ModelId.of(folder, "harbour/encoder")
    assert of_record.revision == "c0ffee"
    write(folder, {"onnx/model.onnx": b"other graph"})
    computed = ModelId.of(folder, "harbour/encoder")
    assert (computed.revision, computed.sha256 != of_record.sha256) == ("", True)


def test_model_without_a_tokenizer_has_no_identity(tmp_path):
    """One line names the file."""
    write(tmp_path, {"model.onnx": b"graph"})
    with pytest.raises(EncoderUnavailableError, match=r"tokenizer\.json"):
        ModelId.of(tmp_path, "encoder")


def test_record_is_readable_json(tmp_path):
    """People may look at it."""
    fields = json.loads((fetched(tmp_path, MODEL) / "fetched.json").read_text(encoding="utf-8"))
    assert fields["name"] == "harbour/encoder"
    assert fields["files"]["tokenizer.json"]["size"] == 2


@pytest.mark.skipif(not E5.is_dir(), reason="the encoder is not beside this checkout")
def test_real_encoder_has_a_graph_and_an_identity():
    """The folder that the package will hold."""
    assert onnx_file(E5) == E5 / "model.onnx"
    assert len(ModelId.of(E5, "").sha256) == 64


@pytest.mark.parametrize("name", ["~nobody-of-this-name/model", "x" * 300])
def test_path_that_cannot_be_looked_for_is_told_in_one_line(tmp_path, name):
    """Its user has no home, or the system refuses the name."""
    with pytest.raises(EncoderUnavailableError, match=name):
        model_folder(name, tmp_path)
