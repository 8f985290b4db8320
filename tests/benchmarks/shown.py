"""Show what people read for real questions: python -m tests.benchmarks.shown QUESTIONS.json.

    python -m tests.benchmarks.shown QUESTIONS.json --corpus DIR [--tier encoder] [--only g01 g02]

Prints each question, the message on Discord, the place of the answer, and whether the message shows
the answer; then the counts. A question is a JSON object with "id", "question", "in" (the form of
the answer), "places" (source and section) and "shown": groups of strings, of each of which the
message must hold one. White space and Markdown's escapes do not count.
"""

import argparse
import json
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from bot.answering import answer_question
from bot.config.settings import Settings
from bot.indexing.build import encoder_choice
from bot.rendering.discord_message import answer_message
from index import Searcher, Tier, build_index

_ESCAPE = re.compile(r"\\([^\w\s])")


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--tier", type=Tier, default=Tier.ENCODER)
    parser.add_argument("--only", nargs="*", default=[])
    arguments = parser.parse_args()
    questions = json.loads(arguments.questions.read_text(encoding="utf-8"))
    asked = [one for one in questions if not arguments.only or one["id"] in arguments.only]
    with tempfile.TemporaryDirectory() as index_dir:
        settings = Settings(retrieval=arguments.tier)
        encoder = encoder_choice(settings, settings.models_dir)
        build_index(arguments.corpus, Path(index_dir), encoder=encoder, within_s=None)
        searcher = Searcher.open(Path(index_dir), arguments.tier)
        _print(asked, searcher)


def _print(asked: list[dict[str, Any]], searcher: Searcher) -> None:
    console = Console(highlight=False, soft_wrap=True)
    seen: Counter[str] = Counter()
    for one in asked:
        answer = answer_question(one["question"], [], searcher, joins=True)
        message = answer_message(answer).plain
        is_shown = shows(message, one["shown"])
        seen[one["in"]] += is_shown
        console.print(f"[bold]{one['id']} {escape(one['question'])}[/bold]")
        console.print(escape(message))
        places = (f"{place['source']} > {place['section']}" for place in one["places"])
        verdict = "shown" if is_shown else "NOT SHOWN"
        console.print(f"[dim]{verdict}: {escape(str(one['shown']))} of {'; '.join(places)}[/dim]\n")
    forms = Counter(one["in"] for one in asked)
    for form, count in forms.most_common():
        console.print(f"{form}: {seen[form]} of {count}")
    console.print(f"all: {seen.total()} of {len(asked)}")


def shows(message: str, groups: list[list[str]]) -> bool:
    """Return whether a message holds one string of each group."""
    read = _flat(_ESCAPE.sub(r"\1", message))
    return all(any(_flat(one) in read for one in group) for group in groups)


def _flat(text: str) -> str:
    """Return a text without the differences that a reader does not see."""
    return " ".join(re.sub(r"^[>\s]+|[*`|]", " ", text, flags=re.MULTILINE).split())


if __name__ == "__main__":
    main()
