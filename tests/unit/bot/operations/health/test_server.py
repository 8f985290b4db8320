"""The pages for operators, over real sockets."""

import asyncio
import socket
import threading
from contextlib import closing
from dataclasses import replace

import pytest

from bot.errors import SettingsError
from bot.operations.health import server as module
from bot.operations.health.metrics import Metrics
from bot.operations.health.server import health_served
from tests.support.health_page import WELL, fetch, free_port


def visit(look, *paths):
    """Serve what `look` sees, and return what each page says, asked one after the other."""

    async def play():
        port = free_port()
        async with health_served("127.0.0.1", port, look, Metrics()):
            return [await asyncio.to_thread(fetch, port, path) for path in paths]

    return asyncio.run(play())


def test_pages_show_what_was_seen():
    """Reasons stand below the word."""
    limping = replace(WELL, database_problem="it is locked")
    (status, said), (_, text) = visit(lambda: limping, "/healthz", "/metrics")
    assert (status, said) == (200, "degraded\nanswering without the database: it is locked\n")
    assert "pullquote_database_failing 1.0" in text
    assert "pullquote_healthy 1.0" in text


def test_frequent_requests_get_what_was_seen(monkeypatch):
    """They take no thread from the searches."""
    monkeypatch.setattr(module, "_STATUS_LIFETIME_S", 1000.0)
    looks = []

    def look():
        looks.append(1)
        return WELL

    visit(look, *["/healthz", "/metrics"] * 3)
    assert len(looks) == 1


def test_bot_whose_threads_are_stuck_is_failing(monkeypatch):
    """The page comes all the same, and so do the figures."""
    monkeypatch.setattr(module, "_STATUS_TIMEOUT_S", 0.05)
    free = threading.Event()

    def look():
        free.wait(20)
        return WELL

    async def play():
        port = free_port()
        async with health_served("127.0.0.1", port, look, Metrics()):
            try:
                return [
                    await asyncio.to_thread(fetch, port, path) for path in ("/healthz", "/metrics")
                ]
            finally:
                free.set()

    (status, said), (ok, text) = asyncio.run(play())
    assert (status, ok) == (503, 200)
    assert said.startswith("failing\nno search thread was free")
    assert "pullquote_questions_total" in text
    assert "pullquote_healthy 0.0" in text


def test_figures_say_so_where_the_threads_got_stuck_later(monkeypatch):
    """Both pages agree; the other figures stay those of the last look."""
    monkeypatch.setattr(module, "_STATUS_TIMEOUT_S", 0.05)
    monkeypatch.setattr(module, "_STATUS_LIFETIME_S", 0.0)
    free, looks = threading.Event(), []

    def look():
        looks.append(1)
        if len(looks) > 1:
            free.wait(20)
        return WELL

    async def play():
        port = free_port()
        async with health_served("127.0.0.1", port, look, Metrics()):
            try:
                return [await asyncio.to_thread(fetch, port, "/metrics") for _ in range(2)]
            finally:
                free.set()

    (_, well), (_, stuck) = asyncio.run(play())
    assert "pullquote_healthy 1.0" in well
    assert "pullquote_healthy 0.0" in stuck
    assert "pullquote_index_passages 40.0" in stuck


@pytest.mark.parametrize("host", ["192.0.2.1", "no..name"])
def test_address_that_is_not_ours_is_a_wrong_setting(host):
    """The line names the setting to change."""

    async def play():
        async with health_served(host, free_port(), lambda: WELL, Metrics()):
            pass

    with pytest.raises(
        SettingsError, match=f"HEALTH_HOST: '{host}' is not an address of this machine"
    ):
        asyncio.run(play())


def test_port_in_use_is_one_clear_line():
    """The bot does not start without what its owner asked for."""

    async def play(port):
        async with health_served("127.0.0.1", port, lambda: WELL, Metrics()):
            pass

    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=r"HEALTH_PORT: nothing can listen on port \d+ of"):
            asyncio.run(play(port))
