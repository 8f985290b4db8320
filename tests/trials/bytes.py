"""Change bytes of an index: `python -m tests.trials.bytes`.

Every file of an index is damaged in many ways, once as a small index, all of which is verified when
it is opened, and once as a large one, of which only sizes are. The damage must be found when the
index is opened, by a question, or by a rebuild, which repairs it; no question may get a wrong
quote, end in another error than the one that tells what to do, or end the process.
"""

import argparse
import multiprocessing
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console

from bot.answering.answer import answer_question
from index import (
    BuildReport,
    EncoderChoice,
    IndexUnusableError,
    Searcher,
    WeightedText,
    build_index,
)
from index.storage import build_files
from index.storage.build_files import verify_build
from index.storage.manifest import read_manifest
from tests.support.forks import fork
from tests.trials.support.damages import Damage, damages

QUESTIONS = (
    "who dug the harbour of Lowmere?",
    "when did the storm sink nine boats?",
    "what did Captain Finch say about the lighthuose?",
    "who is Ada Finch?",
    "why did the keepers ring the bell at dawn?",
)

# A question takes milliseconds; a file is damaged in some thirty ways.
_HANGS_AFTER_S = 60.0

# A process is loaded in a second or two.
_FILES_PER_CHILD = 10

_TEXTS = 12

Report = Counter[str]


class WrongError(Exception):
    """A damage was not found, or led to a wrong quote, an error or a crash."""


def make_corpus(folder: Path) -> None:
    """Write texts that fill every part of an index."""
    folder.mkdir()
    for number in range(_TEXTS):
        paragraphs = (
            f"# The harbour of Lowmere, part {number}",
            "## How it was dug",
            f"Captain Ada Finch dug harbour {number} in {1800 + number}. Finch was proud of it.",
            f"A storm sank {number + 2} boats near the lighthouse, and the keepers rang the bell.",
            "## What came after",
            f"Visitors hear choir {number} sing on the pier at dawn.",
        )
        path = folder / f"text{number:02}.md"
        path.write_text("\n\n".join(paragraphs), encoding="utf-8")
    (folder / "synonyms.txt").write_text("skipper => captain\n", encoding="utf-8")


def _build(corpus: Path, index_dir: Path) -> BuildReport:
    """Bring an index up to date, with the vectors of the packaged encoder."""
    encoder = EncoderChoice("", index_dir)
    return build_index(corpus, index_dir, encoder=encoder, within_s=None)


def try_damages(corpus: Path, index_dir: Path, name: str, *, large: bool, seed: int) -> Report:
    """Damage one file in all ways, and count what found the damages.

    Raises:
        WrongError: A damage was not found, or led to a wrong quote, an error or a crash.
    """
    build = index_dir / read_manifest(index_dir).build
    others = random.Random(seed).sample(sorted(read_manifest(index_dir).files), 2)
    whole = (build / name).read_bytes()
    right = {(p.source, p.paragraph, p.text) for p in Searcher.open(index_dir).passages}
    verified_bytes = 0 if large else build_files._MAX_VERIFIED_BYTES
    found: Report = Counter()
    for damage in damages(build, name, others, random.Random(f"{seed} {name}")):
        (build / name).write_bytes(damage.data)
        with patch.multiple(
            build_files, _MAX_VERIFIED_BYTES=verified_bytes, _ALWAYS_VERIFIED_BYTES=verified_bytes
        ):
            by = _first_to_find(index_dir, right, damage)
        found[by] += 1
        if not large and by != "opening":
            raise WrongError(f"{damage.name}, {damage.what}: not found at the opening")
        (build / name).write_bytes(whole)
    (build / name).write_bytes(damage.data)
    report = _build(corpus, index_dir)
    if report.replaced is None or report.unchanged:
        raise WrongError(f"{damage.name}, {damage.what}: not rebuilt")
    _ask(Searcher.open(index_dir), right)
    return found


def _first_to_find(index_dir: Path, right: set[Any], damage: Damage) -> str:
    """Return what finds a damage: "opening", "a question" or "a rebuild"."""
    try:
        by = "a rebuild"
        try:
            searcher = Searcher.open(index_dir)
        except IndexUnusableError:
            return "opening"
        try:
            _ask(searcher, right)
        except IndexUnusableError:
            by = "a question"
    except Exception as error:  # also an unexpected exception
        raise WrongError(
            f"{damage.name}, {damage.what}: {type(error).__name__}: {error}"
        ) from error
    try:
        verify_build(index_dir, thorough=True)
    except IndexUnusableError:
        return by
    raise WrongError(f"{damage.name}, {damage.what}: not found by a rebuild")


def _ask(searcher: Searcher, right: set[Any]) -> None:
    """Ask all questions; those of a damaged index may fail, but with one kind of error.

    Raises:
        IndexUnusableError: A question found the damage.
        WrongError: A quote is in no text.
    """
    failed: IndexUnusableError | None = None
    for question in QUESTIONS:
        try:
            quotes = answer_question(question, [], searcher, top_k=5).quotes
        except IndexUnusableError as error:
            failed = error
            continue
        for quote in quotes:
            quoted = quote.source, quote.paragraph, quote.text
            if quoted not in right:
                raise WrongError(f"a wrong quote: {quoted}")
    if failed:
        raise failed


def _in_child(results: Any, corpus: Path, names: Sequence[str], large: bool, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index_dir = Path(folder) / "index"
        _build(corpus, index_dir)
        for name in names:
            try:
                found = try_damages(corpus, index_dir, name, large=large, seed=seed)
                results.put((found, None))
            except WrongError as error:
                results.put((Counter(), str(error)))


def run(names: Sequence[str], corpus: Path, *, large: bool, seed: int) -> tuple[Report, list[str]]:
    """Damage files, some in each of several processes; return what found it and what went wrong."""
    total: Report = Counter()
    wrong = []
    for start in range(0, len(names), _FILES_PER_CHILD):
        some = names[start : start + _FILES_PER_CHILD]
        results = multiprocessing.get_context("forkserver").SimpleQueue()
        child = fork(_in_child, results, corpus, some, large, seed)
        child.start()
        child.join(_HANGS_AFTER_S * len(some))
        if child.is_alive():
            child.kill()
            wrong.append(f"one of {', '.join(some)}: a question hung")
        elif child.exitcode:
            wrong.append(f"one of {', '.join(some)}: the process ended with {child.exitcode}")
        while not results.empty():
            found, error = results.get()
            total += found
            wrong += [error] if error else []
    return total, wrong


def main() -> None:
    """Damage every file in both sizes, and print what found it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", nargs="*", help="only these files of the index")
    arguments = parser.parse_args()
    console = Console(soft_wrap=True, highlight=False)
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        make_corpus(corpus)
        _build(corpus, Path(folder) / "index")
        Searcher.open(Path(folder) / "index").search([WeightedText("boats")], 1)
        names = arguments.files or sorted(read_manifest(Path(folder) / "index").files)
        for size, large in (("small", False), ("large", True)):
            found, errors = run(names, corpus, large=large, seed=arguments.seed)
            told = ", ".join(f"{count} by {what}" for what, count in found.most_common())
            console.print(f"{size} index: {found.total()} damages in {len(names)} files: {told}")
            wrong += [f"{size} index: {error}" for error in errors]
    for error in wrong:
        console.print(f"WRONG: {error}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
