"""Changes of texts that a shutdown interrupts."""

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from bot.discord_app.texts import strings
from bot.discord_app.texts.changes import Outcome, TextChanges
from bot.discord_app.texts.server_texts import ServerTexts
from bot.languages import ENGLISH


class Command:
    """A command that was used; it records the text of its response."""

    def __init__(self, *, closed: bool = False) -> None:
        self.response = self
        self.shown: list[str] = []
        self._closed = closed

    async def defer(self, **_: Any) -> None:
        """Show "thinking ..."."""

    async def edit_original_response(self, *, content: str, **_: Any) -> None:
        """Record the text, or fail as aiohttp does after its session was closed."""
        if self._closed:
            raise RuntimeError("Session is closed")
        self.shown.append(content)


@pytest.mark.parametrize("closed", [False, True])
def test_change_that_a_shutdown_stops_ends_without_an_error(closed, caplog):
    """The person reads that the texts are unchanged, if the bot can still send; no traceback."""
    caplog.set_level(logging.INFO)

    async def origin(_: object) -> SimpleNamespace:
        return SimpleNamespace(say=ENGLISH)

    database = SimpleNamespace(holds_files=False)
    runtime: Any = SimpleNamespace(origin=origin, database=database)
    command: Any = Command(closed=closed)

    async def play() -> None:
        texts = ServerTexts(runtime)
        changes = TextChanges(runtime, texts)

        def stopped_build(progress):
            for _ in progress([1, 2], "Reading texts"):
                texts.stop()

        async def change(interaction, origin):
            await changes.build(interaction, origin, stopped_build)
            return Outcome("built")

        await changes.run(command, 7, change)

    asyncio.run(play())
    assert command.shown == ([] if closed else [strings.STOPPED])
    assert "A change of texts was stopped" in caplog.text
    assert all(record.levelno == logging.INFO and not record.exc_info for record in caplog.records)
