"""A corpus whose texts name their generation, so that a mixed index is noticed."""

from pathlib import Path

from index import Searcher, WeightedText
from index.storage.build_files import verify_build
from index.storage.manifest import Manifest

# Two files of a long comment each are more than a build reads in its own process.
_SHARED_HTML_BYTES = 2 * 2**20 + 2**17

_KINDS = ("few", "many", "workers")


class GenerationsCorpus:
    """Texts that name their generation.

    Attributes:
        kinds: "few" has 3 files, "many" 150, and "workers" two that are large enough for a build to
            start processes that read them, each with a process of its own for HTML.
    """

    kinds = _KINDS

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.generation = 0

    def next(self, kind: str) -> None:
        """Replace all texts by those of the next generation."""
        self.generation += 1
        self._folder.mkdir(exist_ok=True)
        kept = set()
        for name, filler in _files(kind):
            (self._folder / name).write_text(
                f"{filler}<p>{_sentence(self.generation, name)}</p>"
                if filler
                else _sentence(self.generation, name),
                encoding="utf-8",
            )
            kept.add(name)
        for path in self._folder.iterdir():
            if path.name not in kept:
                path.unlink()


def check_index(index_dir: Path, generations: range) -> int:
    """Verify the present index, ask it a question, and return its generation.

    Raises:
        PassageIndexError: There is none, or a byte of it is wrong.
        AssertionError: It has texts of another generation or of two, or answers with another quote.
    """
    manifest: Manifest = verify_build(index_dir, thorough=True)
    searcher = Searcher.open(index_dir)
    assert len(searcher.passages) == manifest.passages, "passages are missing"
    found = {int(passage.text.split()[1]) for passage in searcher.passages}
    assert len(found) == 1, f"an index of several generations: {found}"
    (generation,) = found
    assert generation in generations, f"generation {generation} is not in {generations}"
    source = next(iter(searcher.passages)).source
    (hit,) = searcher.search([WeightedText(f"which bell hung in {_place(source)}?")], 1)
    quote = _sentence(generation, source)
    assert hit.passage.text == quote, f"{hit.passage.text!r} is not {quote!r}"
    return generation


def _files(kind: str) -> list[tuple[str, str]]:
    """Return the names of the files, and what fills them up."""
    if kind == "workers":
        filler = f"<!-- {'x' * _SHARED_HTML_BYTES} -->"
        return [(f"page{number}.html", filler) for number in range(2)]
    return [(f"text{number}.txt", "") for number in range(3 if kind == "few" else 150)]


def _sentence(generation: int, name: str) -> str:
    return f"Generation {generation} hung a bell in {_place(name)}, and rang it at dawn."


def _place(name: str) -> str:
    return f"Port {name.partition('.')[0].capitalize()}"
