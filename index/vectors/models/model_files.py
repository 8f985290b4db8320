"""Where the files of an encoder lie: in the package, in a folder, or fetched from the hub.

    MODELS_DIR/
        owner--name/         a fetched model: its files in the layout of the repository
            fetched.json     where they come from, with their sizes and checksums

Nothing here uses the network; `index.vectors.models.fetch_model` does.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import EncoderUnavailableError
from index.files import checksum, sync_file, write_file

# The best first: an 8-bit model is several times faster on a CPU and hardly worse.
ONNX_FILES = (
    "onnx/model_quantized.onnx",
    "onnx/model_int8.onnx",
    "onnx/model.onnx",
    "model.onnx",
)
TOKENIZER = "tokenizer.json"

# The vocabulary of XLM-R as the sentencepiece library reads it.
SENTENCEPIECE = "sentencepiece.bpe.model"

_RECORD = "fetched.json"

# As the hub allows it, but for names that begin with a dot or a hyphen.
_HUB_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,95}/[A-Za-z0-9][A-Za-z0-9_.-]{0,95}")


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A file of a fetched model."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FetchedModel:
    """The content of `fetched.json`.

    Attributes:
        name: The name on the hub.
        revision: The commit.
        files: The files by their paths in the folder, which are those in the repository.
    """

    name: str
    revision: str
    files: dict[str, FetchedFile]

    @classmethod
    def read(cls, folder: Path) -> "FetchedModel | None":
        """Return the model that was fetched into a folder; None if none was, or a file changed.

        Of the files only the sizes are compared: their content was checked when they came.
        """
        try:
            fields = json.loads((folder / _RECORD).read_bytes())
            files = {path: FetchedFile(**file) for path, file in fields["files"].items()}
            model = cls(fields["name"], fields["revision"], files)
            sizes = {path: (folder / path).stat().st_size for path in files}
        except (OSError, ValueError, TypeError, AttributeError, KeyError):
            return None
        is_whole = all(sizes[path] == file.size for path, file in files.items())
        return model if TOKENIZER in files and is_whole else None

    def write(self, folder: Path) -> None:
        """Write the record durably."""
        write_file(folder / _RECORD, [json.dumps(asdict(self), indent=1).encode()])
        sync_file(folder / _RECORD)


@dataclass(frozen=True, slots=True)
class ModelId:
    """The identity of a model's files: other files may give a text another vector.

    Attributes:
        name: The name or folder in the settings; blank for the encoder of the package.
        revision: The commit on the hub; blank for a folder.
        sha256: The SHA-256 of those of the ONNX file, its external data and the tokenizer's files.
    """

    name: str
    revision: str
    sha256: str

    @classmethod
    def of(cls, folder: Path, name: str) -> "ModelId":
        """Identify the model in a folder; files that were fetched are not read again.

        Raises:
            EncoderUnavailableError: The model lacks a file or cannot be read.
        """
        if fetched := FetchedModel.read(folder):
            sums = [one.sha256 for path, one in fetched.files.items() if _makes_vectors(path)]
            return cls(name, fetched.revision, _sum_of_sums(sums))
        onnx = onnx_file(folder)
        try:
            paths = [folder / TOKENIZER, *onnx.parent.glob(f"{onnx.name}*")]
            paths += folder.glob(SENTENCEPIECE)
            sums = [checksum(path) for path in paths if _makes_vectors(path.name)]
        except OSError as error:
            raise EncoderUnavailableError(name or str(folder), str(error)) from error
        return cls(name, "", _sum_of_sums(sums))


def packaged_model() -> Path:
    """Return the folder of the encoder that comes with the package."""
    return Path(__file__).parents[1] / "encoder"


def model_folder(name: str, models_dir: Path) -> Path:
    """Return the folder of a model that is there.

    Args:
        name: Blank for the encoder of the package, a folder, or a name on the hub.
        models_dir: The folder of fetched models.

    Raises:
        EncoderUnavailableError: There is no such folder, or the model was not fetched.
    """
    if folder := local_folder(name):
        return folder
    folder = folder_of_fetched(name, models_dir)
    if FetchedModel.read(folder):
        return folder
    problem = "its files were changed or cut off" if folder.exists() else "it was not fetched yet"
    raise EncoderUnavailableError(name, f"{problem}; run 'pullquote rebuild' once with a network")


def local_folder(name: str) -> Path | None:
    """Return the folder that a name means by itself; None for a name on the hub.

    Raises:
        EncoderUnavailableError: The folder cannot be looked for, or there is no package's encoder.
    """
    if name.strip():
        try:
            folder = Path(name).expanduser()
            return folder if folder.is_dir() else None
        except (OSError, RuntimeError) as error:  # no permission, or no such user's home
            raise EncoderUnavailableError(name, str(error)) from error
    if not packaged_model().is_dir():
        raise EncoderUnavailableError("the encoder of the package", "it is not installed")
    return packaged_model()


def folder_of_fetched(name: str, models_dir: Path) -> Path:
    """Return where a model from the hub lies once it is fetched.

    Raises:
        EncoderUnavailableError: The hub has no such names.
    """
    if not _HUB_NAME.fullmatch(name) or "--" in name or ".." in name:
        raise EncoderUnavailableError(
            name, "this is neither a folder nor a name on the hub like owner/name"
        )
    return models_dir / name.replace("/", "--")


def file_stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return path, size and time of change of a model's files, to notice that one was replaced.

    Raises:
        EncoderUnavailableError: The folder cannot be read.
    """
    try:
        patterns = ("*", "onnx/*", "1_Pooling/*")
        paths = sorted(path for pattern in patterns for path in folder.glob(pattern))
        stats = [(str(path), path.stat()) for path in paths if path.is_file()]
    except OSError as error:
        raise EncoderUnavailableError(str(folder), str(error)) from error
    return tuple((path, stat.st_size, stat.st_mtime_ns) for path, stat in stats)


def onnx_file(folder: Path) -> Path:
    """Return the best ONNX file of a model's folder.

    Raises:
        EncoderUnavailableError: The folder has none, or several with unusual names.
    """
    for path in ONNX_FILES:
        if (folder / path).is_file():
            return folder / path
    found = sorted(folder.glob("*.onnx")) or sorted(folder.glob("onnx/*.onnx"))
    if len(found) == 1:
        return found[0]
    problem = f"several ONNX files but no {ONNX_FILES[-1]}" if found else "no ONNX file"
    raise EncoderUnavailableError(str(folder), f"the folder has {problem}")


def _makes_vectors(path: str) -> bool:
    """Return whether vectors depend on a file: the tokenizer, the graph and its external data."""
    return path in (TOKENIZER, SENTENCEPIECE) or ".onnx" in path


def _sum_of_sums(sums: list[str]) -> str:
    """Return one checksum for several, in any order."""
    return hashlib.sha256("".join(sorted(sums)).encode()).hexdigest()
