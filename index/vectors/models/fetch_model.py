"""Fetch a model from the hub into the folder of models, whole or not at all.

MODELS_DIR/
    fetch.lock           held by the process that fetches
    .fetch-<random>/     an unfinished fetch; the next one removes what a crash left
    owner--name/         a fetched model
"""

import math
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from index.errors import EncoderUnavailableError
from index.files import sync_folder
from index.progress import Progress
from index.vectors.models.hub_client import HubRepository
from index.vectors.models.model_files import (
    ONNX_FILES,
    SENTENCEPIECE,
    TOKENIZER,
    FetchedFile,
    FetchedModel,
    folder_of_fetched,
    local_folder,
)

_OTHER_FILES = (
    SENTENCEPIECE,
    "config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "config_sentence_transformers.json",
    "sentence_bert_config.json",
    "modules.json",
    "1_Pooling/config.json",
)

_MAX_BYTES = 2 * 10**9
_STEP_BYTES = 2**20

# A rebuild without a network must not wait long.
_NETWORK_TIMEOUT_S = 3.0
_STALL_S = 180.0
_LOCK_TIMEOUT_S = 10.0


def fetch_model(
    name: str,
    models_dir: Path,
    progress: Progress,
    *,
    token: str | None = None,
    timeout_s: float = _NETWORK_TIMEOUT_S,
    stall_s: float = _STALL_S,
) -> Path:
    """Return the folder of a model, which is fetched from the hub unless it is there.

    Args:
        name: Blank for the encoder of the package, a folder, or a name on the hub.
        models_dir: The folder of fetched models; created if it is missing.
        progress: Shows the progress of a download, a step for each MiB.
        token: The access token for models with terms; None for none.
        timeout_s: The seconds after which there is no network.
        stall_s: The seconds without progress after which a download is given up.

    Raises:
        EncoderUnavailableError: The model cannot be fetched; the folder stays as it was.
    """
    if folder := local_folder(name):
        return folder
    folder = folder_of_fetched(name, models_dir)
    if FetchedModel.read(folder):
        return folder
    try:
        with _fetch_lock(name, models_dir):
            if not FetchedModel.read(folder):  # another process may have fetched it
                found = HubRepository.look_up(name, token=token, timeout_s=timeout_s)
                _fetch(found, folder, progress, stall_s)
    except OSError as error:
        reason = f"{models_dir} cannot be written: {error.strerror or error}"
        raise EncoderUnavailableError(name, reason) from error
    return folder


@contextmanager
def _fetch_lock(name: str, models_dir: Path) -> Iterator[None]:
    """Let one process at a time fetch, and remove what a crashed one left."""
    from filelock import FileLock, Timeout  # only fetching needs it

    models_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(models_dir / "fetch.lock", timeout=_LOCK_TIMEOUT_S)
    try:
        lock.acquire()
    except Timeout as error:
        raise EncoderUnavailableError(name, "another process is fetching a model") from error
    try:
        for leftover in models_dir.glob(".fetch-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        lock.release()


def _fetch(found: HubRepository, folder: Path, progress: Progress, stall_s: float) -> None:
    """Fetch a model beside its folder, check it, and rename it."""
    paths = _needed_files(found)
    n_bytes = _checked_size(found, paths, folder.parent)
    ends = [*range(_STEP_BYTES, n_bytes, _STEP_BYTES), n_bytes]
    with TemporaryDirectory(
        prefix=".fetch-", dir=folder.parent, ignore_cleanup_errors=True
    ) as temporary:
        partial = Path(temporary, "model")
        download = found.download(paths, partial, stall_s=stall_s)
        try:
            for end in progress(ends, f"Fetching {found.name}"):
                download.wait_for(end)
            download.finish()
        finally:
            download.stop()
        shutil.rmtree(partial / ".cache", ignore_errors=True)  # notes of huggingface_hub
        _checked_model(found, paths, partial).write(partial)
        for parent in {path.parent for path in partial.rglob("*")}:
            sync_folder(parent)
        if folder.exists():  # a damaged model
            shutil.rmtree(folder)
        partial.rename(folder)
        sync_folder(folder.parent)


def _needed_files(found: HubRepository) -> list[str]:
    """Return the paths of the best ONNX file and of all that belongs to it."""
    onnx = next((path for path in ONNX_FILES if path in found.files), None)
    if onnx is None or TOKENIZER not in found.files:
        missing = TOKENIZER if onnx else "ONNX file"
        raise EncoderUnavailableError(
            found.name, f"its repository has no {missing} at the usual place; name another one"
        )
    others = [path for path in (TOKENIZER, *_OTHER_FILES) if path in found.files]
    # Graphs of more than 2 GB, and some smaller ones, keep their weights in files beside them.
    data = [path for path in found.files if path.startswith((f"{onnx}_data", f"{onnx}.data"))]
    return [*others, onnx, *sorted(data)]


def _checked_size(found: HubRepository, paths: list[str], models_dir: Path) -> int:
    """Return the size of files in bytes, if they are not too large."""
    n_bytes = sum(found.files[path].size for path in paths)
    if n_bytes > _MAX_BYTES:
        raise EncoderUnavailableError(
            found.name, f"it has {n_bytes / 1e9:.1f} GB; at most {_MAX_BYTES / 1e9:.0f} are fetched"
        )
    if shutil.disk_usage(models_dir).free < n_bytes:
        megabytes = math.ceil(n_bytes / 1e6)
        raise EncoderUnavailableError(found.name, f"{models_dir} has no {megabytes} MB free")
    return n_bytes


def _checked_model(found: HubRepository, paths: list[str], folder: Path) -> FetchedModel:
    """Compare the files that came with what the hub says, and force them to the disk."""
    files: dict[str, FetchedFile] = {}
    for path in paths:
        sha256 = found.files[path].verified_sha256(folder)
        if sha256 is None:
            raise EncoderUnavailableError(
                found.name, f"{path} came with other bytes than the hub announced; try again"
            )
        files[path] = FetchedFile((folder / path).stat().st_size, sha256)
    return FetchedModel(found.name, found.revision, files)
