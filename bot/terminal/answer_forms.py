"""The forms in which `pullquote ask` prints an answer; each loads only what it needs."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bot.answering import Answer
from bot.rendering.plain_text import printable
from index import AnySearcher

if TYPE_CHECKING:
    from rich.console import Console

FORMS = ("text", "json", "discord")


def print_json(answer: Answer, explanation: Sequence[str] | None) -> None:
    """Print an answer as one JSON object, with the explanation if there is one."""
    from bot.rendering.answer_json import answer_to_json

    extra = {} if explanation is None else {"explanation": list(explanation)}
    click.echo(json.dumps(answer_to_json(answer) | extra))


def print_text(
    answer: Answer,
    explanation: Sequence[str] | None,
    console: "Console",
    searcher: AnySearcher,
    *,
    searched: Sequence[str] = (),
) -> None:
    """Print an answer for people, with the lines of the explanation below.

    Args:
        answer: The answer.
        explanation: How it was found; None for no explanation.
        console: Where to print.
        searcher: What was searched; it has words and headings for a question that found nothing.
        searched: The names of the texts that were searched; empty for all.
    """
    from bot.rendering.terminal import print_answer, print_line
    from bot.rendering.wording import MAX_OFFERED, did_you_mean, nearest_headings

    print_answer(console, answer)
    if answer.reason == "nothing_found":
        if searched:
            print_line(console, f"Only these texts were searched: {', '.join(searched)}.")
        if words := searcher.did_you_mean(answer.question):
            print_line(console, did_you_mean(words[:MAX_OFFERED]))
        if headings := searcher.nearest_headings(answer.question):
            print_line(console, nearest_headings(headings[:MAX_OFFERED]))
    for line in explanation or ():
        print_line(console, line, style="dim")


def print_discord(answer: Answer, searcher: AnySearcher) -> None:
    """Print the plain message that people on Discord get; of control characters the replacement."""
    from bot.rendering.discord_message import answer_message

    words: list[str] = []
    headings: list[str] = []
    if answer.reason == "nothing_found":
        words = searcher.did_you_mean(answer.question)
        headings = searcher.nearest_headings(answer.question)
    message = answer_message(answer, words=words, headings=headings)
    click.echo(printable(message.plain))
