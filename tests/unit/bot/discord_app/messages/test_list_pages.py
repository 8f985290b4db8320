"""Lists that are turned page by page."""

from bot.discord_app.messages.list_pages import list_page
from bot.discord_app.teaching.taught_cog import Entry, RemoveButton, TaughtPageButton
from bot.languages import ENGLISH


def test_page_beyond_the_end_is_the_last_one():
    """Its entries may have been dismissed since the page was shown."""

    def row(entry, page):
        return f"entry {entry} on {page}", [RemoveButton.make(Entry(entry, page), "x")]

    components = list_page(TaughtPageButton, "t", list(range(6)), 7, row, ENGLISH).to_components()
    assert "entry 5 on 1" in str(components)
    assert "entry 4" not in str(components)


def test_entries_may_have_no_buttons():
    """Discord refuses an empty row."""
    components = list_page(TaughtPageButton, "t", ["x"], 0, lambda *_: ("x", []), ENGLISH)
    (box,) = components.to_components()
    assert [part["type"] for part in box["components"]] == [10, 10]
