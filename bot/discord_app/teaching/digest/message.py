"""A digest as a message: a card with buttons beside each entry, or plain text with them below."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import discord
from discord import ui

from bot.discord_app.messages.send import Shown
from bot.discord_app.teaching import strings as teaching_words
from bot.discord_app.teaching.digest import strings as words
from bot.discord_app.teaching.digest.content import DigestEntry
from bot.discord_app.teaching.digest.dismiss_button import DismissFromDigestButton
from bot.discord_app.teaching.lesson_buttons import ListedQuestion, TeachButton
from bot.discord_app.teaching.unanswered_rows import times_asked, wordings
from bot.languages import Catalogue
from bot.rendering.discord_markdown import MESSAGE_LIMIT, escape, message_length, shorten
from bot.rendering.discord_message import DISPLAY_LIMIT
from bot.rendering.wording import left_out

# An entry has four components (text, row, two buttons) of the 40 of a card, of which the frame, the
# headings, lines and the last line take five. Plain text may have 25 buttons.
_MAX_ENTRIES = 8

# So many of them at most are disliked, if there are enough others.
_MAX_DISLIKED = 3

# The title, the headings and the last line have less than this in all languages.
_FRAME_ROOM = 500

_QUESTION_ROOM = 150
_OTHERS_ROOM = 80
_CITATION_ROOM = 150


def digest_message(entries: Sequence[DigestEntry], say: Catalogue, *, plain: bool) -> Shown:
    """Return a digest that is not empty, ready to be sent.

    Args:
        entries: What it shows, in order; as many of them as a message holds.
        say: The language.
        plain: Whether the server wants plain text.
    """
    limit = MESSAGE_LIMIT if plain else DISPLAY_LIMIT
    shown = _that_fit(entries, limit, say)
    n_left_out = len(entries) - len(shown)
    in_text = _plain(_that_fit(entries, MESSAGE_LIMIT, say), entries, say)
    if plain:
        return Shown(None, in_text, _buttons_below(shown, say))
    return Shown(_card(shown, n_left_out, say), in_text)


def _that_fit(entries: Sequence[DigestEntry], limit: int, say: Catalogue) -> list[DigestEntry]:
    """Return the entries to show: those without an answer, then the disliked ones."""
    disliked = [entry for entry in entries if entry.quoted is not None][:_MAX_DISLIKED]
    others = [entry for entry in entries if entry.quoted is None][: _MAX_ENTRIES - len(disliked)]
    room, fitting = limit - _FRAME_ROOM, []
    for entry in (*others, *disliked):
        room -= message_length(_entry(entry, say)) + len("\n\n00. ")
        if room < 0:
            break
        fitting.append(entry)
    return fitting


def _entry(entry: DigestEntry, say: Catalogue) -> str:
    """Return an entry as Markdown, without what would lead to the person who asked."""
    lines = wordings(entry.group, say, room=_QUESTION_ROOM, others_room=_OTHERS_ROOM)
    lines.append(f"-# {times_asked(entry.group, say)} \u00b7 <#{entry.group.channel_id}>")
    if entry.quoted is not None:
        place = say.isolated(shorten(entry.quoted, _CITATION_ROOM))
        lines.append(f"-# {escape(say(words.QUOTED, place=place))}")
    return "\n".join(lines)


def _sections(
    entries: Sequence[DigestEntry], say: Catalogue
) -> Iterator[tuple[str, list[DigestEntry]]]:
    """Yield the heading and the entries of each section that has any."""
    for heading, is_disliked in ((words.UNANSWERED, False), (words.DISLIKED, True)):
        if chosen := [entry for entry in entries if (entry.quoted is not None) == is_disliked]:
            yield say(heading), chosen


def _card(entries: Sequence[DigestEntry], n_left_out: int, say: Catalogue) -> ui.LayoutView:
    children: list[ui.Item[Any]] = [
        ui.TextDisplay(f"## {say(words.TITLE)}\n-# {escape(say(words.HOW_TO))}")
    ]
    for heading, chosen in _sections(entries, say):
        first, *others = chosen
        headed = ui.TextDisplay[Any](f"### {heading}\n{_entry(first, say)}")
        children += [ui.Separator(), headed, _row(first, say)]
        for entry in others:
            children += [ui.TextDisplay(_entry(entry, say)), _row(entry, say)]
    if n_left_out:
        children.append(ui.TextDisplay(f"-# {left_out(n_left_out, say)}"))
    return ui.LayoutView(timeout=None).add_item(ui.Container(*children))


def _plain(shown: Sequence[DigestEntry], entries: Sequence[DigestEntry], say: Catalogue) -> str:
    """Return the digest as text, with a number for each entry, as its buttons have it."""
    parts = [f"## {say(words.TITLE)}\n-# {escape(say(words.HOW_TO))}"]
    numbers = count(1)
    for heading, chosen in _sections(shown, say):
        parts.append(f"### {heading}")
        parts += (f"{next(numbers)}\\. {_entry(entry, say)}" for entry in chosen)
    if len(shown) < len(entries):
        parts.append(f"-# {left_out(len(entries) - len(shown), say)}")
    return "\n\n".join(parts)


def _row(entry: DigestEntry, say: Catalogue) -> ui.ActionRow[Any]:
    return ui.ActionRow(*_buttons(entry, say))


def _buttons_below(entries: Sequence[DigestEntry], say: Catalogue) -> ui.View:
    view = ui.View(timeout=None)
    for number, entry in enumerate(entries, 1):
        for button in _buttons(entry, say, f"{number}. "):
            view.add_item(button)
    return view


def _buttons(entry: DigestEntry, say: Catalogue, before: str = "") -> list[ui.Item[Any]]:
    listed = ListedQuestion(entry.group.id)
    primary = discord.ButtonStyle.primary
    return [
        TeachButton.make(listed, before + say(teaching_words.TEACH), style=primary),
        DismissFromDigestButton.make(listed, before + say(teaching_words.DISMISS)),
    ]
