"""Kill a process that adds a server's own text at random moments."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from bot.config.settings import Settings
from bot.discord_app.texts.server_corpus import ServerCorpus
from bot.indexing.build import BuildProgress
from index import Searcher, WeightedText
from tests.support.checkout import REPOSITORY

_NAME = "mill.txt"

# Older files count as left behind: see bot/discord_app/texts/server_corpus.py.
_LONG_AGO_S = 2 * 3600.0

_ADDING = f"""
import sys
from pathlib import Path
from bot.indexing.build import BuildProgress
from bot.discord_app.texts.server_corpus import ServerCorpus
from bot.config.settings import Settings
import index.construction.build_index
own = ServerCorpus(Path(sys.argv[1]), Settings())
sys.stdin.readline()
with own.incoming() as folder:
    (folder / "{_NAME}").write_text(sys.argv[2])
    own.add(folder / "{_NAME}", BuildProgress())
"""


def kill_adding(folder: Path, times: int, chosen: random.Random) -> Counter[str]:
    """Replace a server's text again and again, and kill the process that does it.

    Returns:
        How often the text was the former or the new one after the next start.

    Raises:
        AssertionError: The text or its index was lost or is another one, or leftovers pile up.
    """
    own = ServerCorpus(folder, Settings())
    counts: Counter[str] = Counter()
    seconds = _add(own, _text(0), after_s=None)
    for number in range(1, times + 1):
        former = (own.texts_dir / _NAME).read_text()
        _add(own, _text(number), after_s=seconds * chosen.uniform(0.0, 1.0))
        for left in own.folder.glob("incoming-*"):
            os.utime(left, (time.time() - _LONG_AGO_S,) * 2)
        own.catch_up(BuildProgress())
        held = (own.texts_dir / _NAME).read_text()
        assert held in (former, _text(number)), f"neither the former text nor the new one: {held!r}"
        (hit,) = Searcher.open(own.index_dir).search([WeightedText("who owned the mill?")], 1)
        assert hit.passage.text == held, f"the index has {hit.passage.text!r}, the text {held!r}"
        own.rebuild(BuildProgress())
        kept = {text.path.read_text() for text in own.removed.all(own.now())}
        assert held == former or former in kept, "the text that was replaced was lost"
        assert {path.name for path in own.folder.iterdir()} - {"removed"} == {"index", "texts"}
        builds = [path.name for path in own.index_dir.iterdir() if path.is_dir()]
        assert len(builds) == 1, f"builds pile up: {builds}"
        counts["former text" if held == former else "new text"] += 1
    return counts


def _text(number: int) -> str:
    return f"In year {number} the mill was owned by the Thorne family."


def _add(own: ServerCorpus, text: str, *, after_s: float | None) -> float:
    """Add a text in a process that is killed after a time; return how long it ran."""
    with subprocess.Popen(
        [sys.executable, "-c", _ADDING, str(own.folder), text],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
    ) as process:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.close()
        started = time.monotonic()
        try:
            process.wait(after_s)
        except subprocess.TimeoutExpired:
            process.kill()
    return time.monotonic() - started
