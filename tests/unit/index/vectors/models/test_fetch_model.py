"""A model comes from the hub whole, checked, once, and without a word about the user."""

import hashlib
import io
import json
import logging
import subprocess
import sys
import time
from threading import Event

import pytest
from filelock import FileLock

from index import EncoderUnavailableError
from index.vectors.models import fetch_model as module
from index.vectors.models.fetch_model import fetch_model
from index.vectors.models.hub_client import Download, HubRepository
from index.vectors.models.model_files import ModelId, model_folder
from tests.support.small_disk import disk as disk
from tests.unit.index.vectors.models.fake_hub import NAME, REVISION, FakeHub

GRAPH = b"graph" * 600_000  # three steps of a MiB

FILES = {
    "README.md": b"# Tiny encoder",
    "tokenizer.json": b'{"model": {}}',
    "config.json": b"{}",
    "1_Pooling/config.json": b'{"pooling_mode_cls_token": true}',
    "model.safetensors": b"weights",
    "onnx/model.onnx": b"a large graph",
    "onnx/model_quantized.onnx": GRAPH,
}

pytestmark = pytest.mark.xdist_group("hub")  # the library keeps one address in a process


@pytest.fixture
def hub(tmp_path):
    """A hub with the files above."""
    with FakeHub(dict(FILES)).serve(tmp_path / "home") as hub:
        yield hub


@pytest.fixture
def models_dir(tmp_path):
    """A folder of models that does not exist yet."""
    return tmp_path / "data" / "models"


@pytest.fixture
def no_pauses(monkeypatch):
    """Let the library try again at once."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)


def silently(things, _what):
    """Show no progress."""
    return things


def files_of(folder):
    """Return the files in a folder by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def left_in(models_dir):
    """Return the names in the folder of models, but for the lock."""
    return {path.name for path in models_dir.glob("*")} - {"fetch.lock"}


@pytest.mark.usefixtures("hub")
def test_fetch_brings_the_files_that_are_needed_and_their_record(models_dir):
    """Of the graphs comes the 8-bit one; other weights and pages stay where they are."""
    folder = fetch_model(NAME, models_dir, silently)
    files = files_of(folder)
    record = json.loads(files.pop("fetched.json"))
    wanted = ["tokenizer.json", "config.json", "1_Pooling/config.json", "onnx/model_quantized.onnx"]
    assert files == {path: FILES[path] for path in wanted}
    assert (record["name"], record["revision"]) == (NAME, REVISION)
    assert record["files"]["onnx/model_quantized.onnx"] == {
        "size": len(GRAPH),
        "sha256": hashlib.sha256(GRAPH).hexdigest(),
    }
    assert left_in(models_dir) == {folder.name}
    assert model_folder(NAME, models_dir) == folder


def test_fetch_shows_a_step_for_each_mebibyte_that_came(hub, models_dir):
    """The steps go through the caller's `Progress`, with the name of the model."""
    shown = []

    def progress(things, what):
        for thing in things:
            yield thing
            came = any("/cdn/" in path for _, path, _ in hub.requests)
            shown.append((what, thing, came))

    fetch_model(NAME, models_dir, progress)
    ends = [2**20, 2 * 2**20, shown[-1][1]]
    assert shown == [(f"Fetching {NAME}", end, True) for end in ends]


def test_second_fetch_finds_the_model_without_a_network(hub, models_dir):
    """What is there is used, whatever the hub has by now."""
    folder = fetch_model(NAME, models_dir, silently)
    asked = len(hub.requests)
    hub.close()
    assert fetch_model(NAME, models_dir, silently) == folder
    assert len(hub.requests) == asked


@pytest.mark.parametrize(
    ("graphs", "fetched"),
    [
        (["model.onnx", "onnx/model.onnx"], {"onnx/model.onnx"}),
        (["model.onnx", "onnx/model_fp16.onnx"], {"model.onnx"}),
        (["onnx/model.onnx", "onnx/model_int8.onnx"], {"onnx/model_int8.onnx"}),
        (
            ["onnx/model.onnx", "onnx/model.onnx_data", "onnx/model_q4.onnx_data"],
            {"onnx/model.onnx", "onnx/model.onnx_data"},
        ),
    ],
)
def test_fetch_takes_the_best_graph_and_its_data(hub, models_dir, graphs, fetched):
    """8-bit graphs come first, then that of the folder `onnx`; data comes with its graph."""
    hub.files = {"tokenizer.json": b"{}"} | {path: path.encode() for path in graphs}
    files = files_of(fetch_model(NAME, models_dir, silently))
    assert {path for path in files if ".onnx" in path} == fetched


@pytest.mark.parametrize(
    ("files", "missing"),
    [({"model.safetensors": b""}, "ONNX file"), ({"onnx/model.onnx": b"g"}, "tokenizer.json")],
)
def test_repository_without_a_needed_file_is_refused(hub, models_dir, files, missing):
    """One line says which; nothing is downloaded."""
    hub.files = files
    with pytest.raises(EncoderUnavailableError, match=f"{NAME}: .*has no {missing}"):
        fetch_model(NAME, models_dir, silently)
    assert len(hub.requests) == 1


def test_silent_hub_is_given_up_at_once(hub, models_dir):
    """A network that swallows everything costs no more than the limit."""
    hub.be_silent(path_holds="/api/")
    begun = time.monotonic()
    with pytest.raises(EncoderUnavailableError, match=r"does not answer; check the network"):
        fetch_model(NAME, models_dir, silently, timeout_s=0.2)
    assert time.monotonic() - begun < 1
    assert left_in(models_dir) == set()


def test_slow_name_server_is_given_up_as_well(hub, models_dir, monkeypatch):
    """Looking up an address has no timeout of its own and may take half a minute."""
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_kwargs: hub.ended.wait(20))
    begun = time.monotonic()
    with pytest.raises(EncoderUnavailableError, match="does not answer"):
        fetch_model(NAME, models_dir, silently, timeout_s=0.2)
    assert time.monotonic() - begun < 1


def test_default_limit_is_three_seconds():
    """Without a network a rebuild waits no longer."""
    assert module._NETWORK_TIMEOUT_S == 3


def test_closed_port_is_no_network(hub, models_dir):
    """A refused connection is said in one line."""
    hub.close()
    with pytest.raises(EncoderUnavailableError, match=r"cannot be reached; check the network.*"):
        fetch_model(NAME, models_dir, silently)


@pytest.mark.usefixtures("hub")
def test_address_without_a_protocol_is_named(models_dir, monkeypatch):
    """HF_ENDPOINT is a setting of people too."""
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "mirror.example")
    with pytest.raises(
        EncoderUnavailableError, match=r"mirror\.example cannot be reached; .*http:"
    ):
        fetch_model(NAME, models_dir, silently)


def test_offline_mode_of_the_library_is_named(hub, models_dir, monkeypatch):
    """People who set HF_HUB_OFFLINE read why nothing comes."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderUnavailableError, match="HF_HUB_OFFLINE"):
        fetch_model(NAME, models_dir, silently)
    assert hub.requests == []


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (404, "RepoNotFound", "does not have it; check the name"),
        (401, "RepoNotFound", "check the name, or accept the model's terms there and set HF_TOKEN"),
        (503, "", "answers with the error 503; try again later"),
    ],
)
def test_refusals_of_the_hub_are_one_line(hub, models_dir, status, code, reason):
    """Missing and private repositories, and a hub that is down."""
    hub.status, hub.error_code = status, code
    with pytest.raises(EncoderUnavailableError, match=reason) as caught:
        fetch_model(NAME, models_dir, silently)
    assert "\n" not in str(caught.value)
    assert left_in(models_dir) == set()


@pytest.mark.parametrize("status", [401, 403])
def test_gated_model_asks_for_a_token(hub, models_dir, status):
    """The hub tells all about such a model and refuses its files."""
    hub.refused, hub.error_code = status, "GatedRepo"
    with pytest.raises(EncoderUnavailableError, match="HF_TOKEN"):
        fetch_model(NAME, models_dir, silently)
    assert left_in(models_dir) == set()


@pytest.mark.usefixtures("no_pauses")
def test_hub_that_fails_meanwhile_is_named(hub, models_dir):
    """The library says no more than that an error happened; its cause says which."""
    hub.refused = 503
    with pytest.raises(EncoderUnavailableError, match="answers with the error 503"):
        fetch_model(NAME, models_dir, silently)
    assert left_in(models_dir) == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rfilename", 5),
        ("rfilename", None),
        ("size", "12"),
        ("blobId", 7),
        ("lfs", {"size": 12, "sha256": 7, "pointerSize": 1}),
    ],
)
def test_fields_of_wrong_types_are_not_taken_for_the_hub(
    hub, models_dir, monkeypatch, field, value
):
    """The library passes on whatever a mirror says."""
    info = hub.info()
    info["siblings"][1][field] = value
    monkeypatch.setattr(hub, "info", lambda: info)
    with pytest.raises(EncoderUnavailableError, match="answers unlike the hub"):
        fetch_model(NAME, models_dir, silently)


@pytest.mark.parametrize("page", [b"<html>Log in</html>", b"[]", b"{}", b'{"id": "x"}'])
def test_page_of_another_server_is_not_taken_for_the_hub(hub, models_dir, page):
    """A hotel's network answers everything with its own page."""
    hub.page = page
    with pytest.raises(EncoderUnavailableError, match="answers unlike the hub"):
        fetch_model(NAME, models_dir, silently)


@pytest.mark.usefixtures("no_pauses")
def test_transfer_that_is_cut_off_once_goes_on(hub, models_dir):
    """The library asks for the rest; the model is whole."""
    hub.cuts = 1
    folder = fetch_model(NAME, models_dir, silently)
    assert (folder / "onnx/model_quantized.onnx").read_bytes() == GRAPH
    asked = [headers.get("range") for _, path, headers in hub.requests if "/cdn/" in path]
    assert asked == [None, f"bytes={2**20}-"]


@pytest.mark.usefixtures("no_pauses")
def test_transfer_that_is_always_cut_off_leaves_nothing(hub, models_dir, capfd, monkeypatch):
    """No half model remains, and the library, which has a handler of its own, logs nothing."""
    hub.cuts = 100
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    monkeypatch.setattr(logging.getLogger("huggingface_hub"), "handlers", [handler])
    with pytest.raises(EncoderUnavailableError, match="was cut off; try again"):
        fetch_model(NAME, models_dir, silently)
    assert left_in(models_dir) == set()
    assert (log.getvalue(), capfd.readouterr()) == ("", ("", ""))


@pytest.mark.parametrize("path_holds", ["/cdn/", "resolve"])
def test_transfer_that_stands_still_is_given_up(hub, models_dir, path_holds):
    """The library alone would wait for minutes, at headers for six."""
    hub.be_silent(path_holds=path_holds)
    begun = time.monotonic()
    with pytest.raises(EncoderUnavailableError, match="nothing has come for 0 s"):
        fetch_model(NAME, models_dir, silently, stall_s=0.2)
    assert time.monotonic() - begun < 2
    assert not (models_dir / "harbour--tiny-encoder").exists()


@pytest.mark.parametrize("path", ["onnx/model_quantized.onnx", "tokenizer.json"])
def test_other_bytes_than_announced_are_refused(hub, models_dir, path):
    """A large file is checked by its SHA-256, a small one by its id in git."""
    hub.swapped[path] = bytes(len(FILES[path]))
    with pytest.raises(EncoderUnavailableError, match=f"{path} came with other bytes"):
        fetch_model(NAME, models_dir, silently)
    assert left_in(models_dir) == set()


def test_download_is_finished_only_when_its_thread_is(tmp_path, monkeypatch):
    """More bytes than announced have come a moment before the thread ends with that error."""

    def run(download):
        download._received = 10**9
        Event().wait(0.3)
        raise OSError("more bytes than announced")

    monkeypatch.setattr(Download, "_run", run)
    download = HubRepository(NAME, REVISION, {}, None).download([], tmp_path, stall_s=20)
    with pytest.raises(EncoderUnavailableError, match="more bytes than announced"):
        download.finish()


def test_transfer_without_an_end_is_stopped(hub, models_dir):
    """No server can fill the disk."""
    hub.swapped["onnx/model_quantized.onnx"] = 20 * GRAPH
    with pytest.raises(EncoderUnavailableError, match="more bytes than announced"):
        fetch_model(NAME, models_dir, silently)
    assert left_in(models_dir) == set()


def test_large_models_are_not_fetched(hub, models_dir, monkeypatch):
    """The limit is known before the first byte."""
    monkeypatch.setattr(module, "_MAX_BYTES", 10**6)
    with pytest.raises(EncoderUnavailableError, match=r"it has 0\.0 GB; at most"):
        fetch_model(NAME, models_dir, silently)
    assert len(hub.requests) == 1


def test_full_disk_is_noticed_before_the_download(hub, models_dir, monkeypatch):
    """One line names the folder and the room that it takes."""
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage)
    with pytest.raises(EncoderUnavailableError, match="models has no 4 MB free"):
        fetch_model(NAME, models_dir, silently)
    assert len(hub.requests) == 1


def test_disk_that_fills_up_meanwhile_leaves_nothing(hub, disk):
    """Another program may take the room first."""
    hub.before_transfer = lambda: disk.fill(but_bytes=10**6)
    with pytest.raises(EncoderUnavailableError, match="there is no space left"):
        fetch_model(NAME, disk.folder, silently)
    assert left_in(disk.folder) == {"ballast"}


def test_folder_that_cannot_be_written_is_named(hub, models_dir):
    """A file stands where the folder of models should be."""
    models_dir.parent.mkdir()
    models_dir.write_text("x", encoding="utf-8")
    with pytest.raises(EncoderUnavailableError, match="models cannot be written"):
        fetch_model(NAME, models_dir, silently)
    assert hub.requests == []


@pytest.mark.usefixtures("hub")
def test_damaged_model_is_used_no_more_and_replaced(models_dir):
    """A file that lost its end is found by its size."""
    folder = fetch_model(NAME, models_dir, silently)
    (folder / "onnx/model_quantized.onnx").write_bytes(GRAPH[:-1])
    with pytest.raises(EncoderUnavailableError, match=r"cut off; run 'pullquote rebuild' once"):
        model_folder(NAME, models_dir)
    assert fetch_model(NAME, models_dir, silently) == folder
    assert (folder / "onnx/model_quantized.onnx").read_bytes() == GRAPH


def test_failed_fetch_leaves_a_damaged_model_as_it_was(hub, models_dir):
    """Only a whole model takes its place."""
    folder = fetch_model(NAME, models_dir, silently)
    (folder / "tokenizer.json").write_bytes(b"{}")
    before = files_of(folder)
    hub.swapped["tokenizer.json"] = bytes(len(FILES["tokenizer.json"]))
    with pytest.raises(EncoderUnavailableError):
        fetch_model(NAME, models_dir, silently)
    assert files_of(folder) == before


@pytest.mark.usefixtures("hub")
def test_interrupted_fetch_leaves_nothing(models_dir):
    """Ctrl-C in the middle; the next fetch begins again."""

    def interrupted(_things, _what):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_model(NAME, models_dir, interrupted)
    assert not (models_dir / "harbour--tiny-encoder").exists()
    assert fetch_model(NAME, models_dir, silently).is_dir()


def test_stopped_download_ends_at_the_next_bytes(hub, tmp_path):
    """After Ctrl-C no thread goes on to fetch gigabytes."""
    stopped, begun = Event(), Event()

    def hold():
        begun.set()
        stopped.wait(5)

    hub.before_transfer = hold
    repository = HubRepository.look_up(NAME, token=None, timeout_s=3)
    download = repository.download(["onnx/model_quantized.onnx"], tmp_path / "model", stall_s=5)
    assert begun.wait(5)
    download.stop()
    stopped.set()
    with pytest.raises(EncoderUnavailableError, match="the download was stopped"):
        download.finish()
    assert not (tmp_path / "model/onnx/model_quantized.onnx").exists()


@pytest.mark.usefixtures("hub")
def test_next_fetch_removes_what_a_crash_left(models_dir):
    """After kill -9 a half model lies beside the others."""
    half = models_dir / ".fetch-x" / "model" / "onnx"
    half.mkdir(parents=True)
    folder = fetch_model(NAME, models_dir, silently)
    assert left_in(models_dir) == {folder.name}


@pytest.mark.usefixtures("hub")
def test_two_processes_do_not_fetch_at_once(models_dir, monkeypatch):
    """The second one answers by words and says why."""
    monkeypatch.setattr(module, "_LOCK_TIMEOUT_S", 0)
    models_dir.mkdir(parents=True)
    with (
        FileLock(models_dir / "fetch.lock", is_singleton=False),
        pytest.raises(EncoderUnavailableError, match="another process is fetching a model"),
    ):
        fetch_model(NAME, models_dir, silently)


def test_fetch_says_nothing_about_the_user(hub, models_dir, tmp_path, monkeypatch):
    """No token, no telemetry, no other host than those of the files, no file in the home."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "token").write_text("hf_from_home", encoding="utf-8")
    monkeypatch.setenv("HF_TOKEN", "hf_from_environment")
    monkeypatch.setenv("AI_AGENT", "harbour-master")
    fetch_model(NAME, models_dir, silently)
    known = (f"/api/models/{NAME}", f"/{NAME}/resolve/", "/cdn/")
    for _, path, headers in hub.requests:
        assert path.startswith(known)
        assert "authorization" not in headers
        assert "harbour-master" not in str(headers)
        assert "torch" not in headers["user-agent"]
    assert set(files_of(home)) == {"token"}


def test_token_is_sent_to_the_hub_only(hub, models_dir):
    """The host of the large files does not get it."""
    fetch_model(NAME, models_dir, silently, token="hf_secret")
    sent = {path: headers.get("authorization") for _, path, headers in hub.requests}
    of_files = {path for path in sent if path.startswith("/cdn/")}
    assert len(of_files) == 1
    assert {sent[path] for path in of_files} == {None}
    assert {sent[path] for path in sent.keys() - of_files} == {"Bearer hf_secret"}


@pytest.mark.usefixtures("hub")
def test_fetched_model_is_identified_without_reading_it(models_dir):
    """Its identity is that of the same files in any folder, but for the name and the commit."""
    folder = fetch_model(NAME, models_dir, silently)
    identity = ModelId.of(folder, NAME)
    (folder / "onnx/model_quantized.onnx").write_bytes(bytes(len(GRAPH)))
    assert ModelId.of(folder, NAME) == identity
    assert identity.revision == REVISION
    copy = models_dir / "copy"
    copy.mkdir()
    (copy / "model.onnx").write_bytes(GRAPH)
    (copy / "tokenizer.json").write_bytes(FILES["tokenizer.json"])
    assert ModelId.of(copy, "copy") == ModelId("copy", "", identity.sha256)


def test_local_folder_and_the_packages_model_need_no_fetch(tmp_path, models_dir, monkeypatch):
    """Nothing is created for them."""
    monkeypatch.setattr("index.vectors.models.model_files.packaged_model", lambda: tmp_path)
    assert fetch_model("", models_dir, silently) == tmp_path
    assert fetch_model(str(tmp_path), models_dir, silently) == tmp_path
    assert not models_dir.exists()


def test_library_of_the_hub_is_imported_by_a_fetch_only():
    """Who asks a question does not wait for it."""
    code = (
        "import sys, index.vectors.models.fetch_model; print({'huggingface_hub'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
