"""Measure how long suggestions for `/ask` take: `python -m tests.benchmarks.suggestions`."""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path

from rich.console import Console

from bot.database import WellAnswered
from bot.discord_app.questions.suggestions import Completer
from bot.indexing.server_indexes import ServerIndexes
from index import LiveSearcher, build_index

_SECTIONS = 2000
_QUESTIONS = 200


def main() -> None:
    """Suggest while phrases are typed letter by letter, half of them with a slip, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("text", type=Path, help="where the words are from")
    parser.add_argument("--typed", type=int, default=500)
    arguments = parser.parse_args()
    text = arguments.text
    chosen = random.Random(1)  # the same words in every run
    words = [word for word in text.read_text(encoding="utf-8").split() if word.isalpha()]

    def phrase() -> str:
        return " ".join(chosen.sample(words, chosen.randint(2, 9)))

    async def well_answered(guild_id: int, limit: int) -> list[WellAnswered]:
        del guild_id
        return [WellAnswered(f"{phrase()}?", frozenset()) for _ in range(min(limit, _QUESTIONS))]

    with tempfile.TemporaryDirectory() as name:
        corpus, index = Path(name) / "corpus", Path(name) / "index"
        corpus.mkdir()
        sections = "\n\n".join(f"## {phrase()}\n\n{phrase()}." for _ in range(_SECTIONS))
        (corpus / "text.md").write_text(sections, encoding="utf-8")
        build_index(corpus, index)
        completer = Completer(ServerIndexes(LiveSearcher(index), Path(name)), well_answered)
        seconds = asyncio.run(_times(completer, [phrase() for _ in range(arguments.typed)], chosen))
    first, *others = seconds
    p95 = statistics.quantiles(others, n=20)[-1]
    Console(soft_wrap=True, highlight=False).print(
        f"{_SECTIONS} sections, {_QUESTIONS} questions: first {first * 1e3:.1f} ms, then median "
        f"{statistics.median(others) * 1e3:.1f} ms, p95 {p95 * 1e3:.1f} ms, "
        f"longest {max(others) * 1e3:.1f} ms"
    )


async def _times(completer: Completer, phrases: list[str], chosen: random.Random) -> list[float]:
    """Return the seconds that each suggestion took."""
    seconds = []
    for phrase in phrases:
        typed = list(phrase[: chosen.randint(0, len(phrase))])
        if len(typed) > 2 and chosen.random() < 0.5:
            typed.pop(chosen.randrange(len(typed)))
        started = time.perf_counter()
        await completer.suggest(1, "".join(typed))
        seconds.append(time.perf_counter() - started)
    return seconds


if __name__ == "__main__":
    main()
