"""The steps of `pullquote init`, in order; each may be repeated."""

import contextlib
import os
from dataclasses import replace
from pathlib import Path

from bot.config.env_file import make_private
from bot.config.settings import Settings
from bot.terminal.init.dialogue import Dialogue
from bot.terminal.init.discord_account import CheckToken, connect
from bot.terminal.init.given import Given
from bot.terminal.init.privacy_page import offer_page
from bot.terminal.init.settings_file import DOTENV
from bot.terminal.init.texts import (
    ask_first_question,
    build,
    choose_folder,
    offer_encoder,
    take_encoder,
)

_ABOUT = (
    "This sets the bot up in a few steps. Enter takes what stands in brackets; Ctrl-C leaves, and "
    "`pullquote init` may be run again. Nothing is replaced without asking."
)


def enter(folder: Path, given: Given) -> Given:
    """Make a folder and go into it; return the options with their folders as seen from there.

    If there is a `.env`, other users of the machine can no longer read it.

    Raises:
        OSError: The folder cannot be made.
    """
    corpus, data = (path and path.absolute() for path in (given.corpus, given.data))
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    with contextlib.suppress(OSError):
        make_private(DOTENV)
    return replace(given, corpus=corpus and _from_here(corpus), data=data and _from_here(data))


def _from_here(path: Path) -> Path:
    """Return a path below the current folder without that folder, and any other as it is."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def run_init(
    dialogue: Dialogue, settings: Settings, given: Given, folder: Path, check: CheckToken
) -> None:
    """Set the bot up in the current folder.

    Args:
        dialogue: Says and asks.
        settings: The settings that hold so far.
        given: The options.
        folder: The current folder, as the command line names it.
        check: Asks Discord whose token it is.

    Raises:
        BotError: A step failed; what was done before stays.
        PassageIndexError: The index cannot be built or opened.
        OSError: A file cannot be written.
    """
    if dialogue.interactive:
        dialogue.tell(_ABOUT)
    dialogue.head("Your texts")
    settings = choose_folder(dialogue, settings, given)
    settings = take_encoder(dialogue, settings, given)
    report = build(dialogue, settings, given)
    if report is not None:
        settings = offer_encoder(dialogue, settings, given, report)
        dialogue.head("A first question")
        ask_first_question(dialogue, settings, given)
    dialogue.head("Discord")
    settings, application = connect(dialogue, settings, given, check)
    has_token = settings.discord_token is not None
    if given.privacy_contact is not None or (dialogue.interactive and has_token):
        dialogue.head("Privacy")
        offer_page(dialogue, settings, given, application.bot_name if application else "")
    dialogue.head("How to go on")
    for line in _how_to_go_on(folder, settings, is_built=report is not None):
        dialogue.tell(line)


def _how_to_go_on(folder: Path, settings: Settings, *, is_built: bool) -> list[str]:
    lines = []
    if folder != Path():
        lines.append(f"  cd {folder}")
    if not is_built:
        lines.append("  pullquote rebuild   when there are texts")
    lines.append("  pullquote           ask in the terminal")
    if settings.discord_token is None:
        lines.append("  pullquote init      again, with a token, for Discord")
    else:
        lines.append("  pullquote discord   run the bot; leave it running")
        lines.append("  pullquote doctor    check all of it, if something does not work")
        lines.append("On Discord, /pullquote setup chooses where, how and for whom it answers.")
    return lines
