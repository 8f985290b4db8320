"""The sample text that comes along, for an owner who has no texts at hand."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

# Of the checkout's folder `corpus/` only these belong to the program. The wheel has them inside.
SAMPLE_FILES = ("README.md", "us-israel-2023.md")


def has_sample() -> bool:
    """Return whether the sample is there; an owner may have removed it from a checkout."""
    return all((_folder() / name).is_file() for name in SAMPLE_FILES)


def copy_sample(corpus_dir: Path) -> None:
    """Copy the sample into a folder, which is made if it is missing; no file is overwritten.

    Raises:
        OSError: A file cannot be read or written.
    """
    corpus_dir.mkdir(parents=True, exist_ok=True)
    for name in SAMPLE_FILES:
        copy = corpus_dir / name
        if not copy.exists():
            copy.write_bytes((_folder() / name).read_bytes())


def _folder() -> Traversable:
    """Return the folder in the installed package, or else that of the checkout."""
    packaged = resources.files("bot") / "sample_corpus"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "corpus"
