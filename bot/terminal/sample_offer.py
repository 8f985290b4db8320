"""Offer the sample text to somebody who starts the prompt in a folder without texts."""

import sys

import click

from bot.config.sample_corpus import copy_sample
from bot.config.settings import Settings
from bot.errors import BotError


def offer_sample(settings: Settings) -> None:
    """Ask whether to make the usual folder of texts with the sample in it, if it is missing.

    Nothing is asked if there is an index, or if the folder was chosen: its name may be mistyped.

    Raises:
        BotError: There is nobody to ask, the answer is no, or this installation has no sample.
        OSError: The folder cannot be made.
    """
    folder = settings.corpus_dir
    is_usual = folder == Settings().corpus_dir
    if not is_usual or folder.exists() or settings.index_dir.exists():
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BotError(
            f"{folder}: no such folder; put your texts into it, or run `pullquote` in a terminal, "
            "which offers a sample text; `pullquote init` sets up a bot"
        )
    question = f"There is no folder '{folder}' here. Make it, with a sample text to try?"
    if not click.confirm(question, default=True):
        raise BotError(f"nothing was made; put your texts into a folder '{folder}' and start again")
    folder.mkdir()
    copy_sample(folder)
