"""Lists that only one person sees, a page at a time, with buttons for each entry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import discord
from discord import ui

from bot.discord_app.messages.persistent_items import PersistentButton
from bot.languages import Catalogue
from bot.rendering import notices

T = TypeVar("T")

# An entry has four components (text, row, two buttons) and up to 750 characters of text; a message
# may have 40 components and 4,000 characters.
_ROWS = 5

AnyButton = PersistentButton[Any, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """The state of a button that turns the page.

    Attributes:
        number: The page to show, from 0.
    """

    number: int


def list_page(
    page_button: type[PersistentButton[Any, Any]],
    title: str,
    entries: Sequence[T],
    page: int,
    row: Callable[[T, int], tuple[str, Sequence[AnyButton]]],
    say: Catalogue,
    below: Sequence[AnyButton] = (),
    page_state: Callable[[int], Any] = Page,
) -> ui.LayoutView:
    """Return a page of a list that is not empty.

    Args:
        page_button: The class of the buttons that turn the page.
        title: What it lists, as plain words.
        entries: All entries, in order.
        page: From 0; beyond the last page, the last is shown.
        row: Takes an entry and the number of its page; returns the entry's Markdown (at most 750
            characters) and at most two buttons.
        say: The language.
        below: At most three buttons for the whole list.
        page_state: Takes the number of a page; returns the state of the button that shows it.
    """
    last = (len(entries) - 1) // _ROWS
    page = min(max(page, 0), last)
    children: list[ui.Item[Any]] = [ui.TextDisplay(f"### {title} ({len(entries)})")]
    for entry in entries[page * _ROWS : (page + 1) * _ROWS]:
        text, buttons = row(entry, page)
        children.append(ui.TextDisplay(text))
        if buttons:
            children.append(ui.ActionRow(*buttons))
    newer = [page_button.make(page_state(page - 1), say(notices.NEWER))] if page else []
    older = [page_button.make(page_state(page + 1), say(notices.OLDER))] if page < last else []
    if turning := [*newer, *older, *below]:
        children += [ui.Separator(), ui.ActionRow(*turning)]
    return ui.LayoutView(timeout=None).add_item(ui.Container(*children))


async def show_list(interaction: discord.Interaction, view: ui.LayoutView | str) -> None:
    """Put a page into the message of a list; or a line of text, if the list is empty."""
    if isinstance(view, str):
        text = ui.TextDisplay[ui.LayoutView](view)
        view = ui.LayoutView(timeout=None).add_item(text)
    await interaction.edit_original_response(view=view)
