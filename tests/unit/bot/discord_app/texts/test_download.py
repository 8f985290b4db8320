"""Fetching an attachment: what comes in is bounded in size and time, and must be the file."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from bot.discord_app.texts import download, strings
from bot.errors import TextRefusedError

MEGABYTE = 2**20


def fetch(handler, place):
    """Fetch what a server of our own answers with."""

    async def run():
        app = web.Application()
        app.router.add_get("/file", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0]
        try:
            await download.fetch(f"http://{host}:{port}/file", place, limit_mb=1)
        finally:
            await runner.cleanup()

    asyncio.run(run())


@pytest.mark.parametrize("size", [0, 1, MEGABYTE])
def test_file_is_written_as_it_is(tmp_path, size):
    """Up to the limit, and the limit included."""

    async def answer(_request):
        return web.Response(body=b"x" * size)

    fetch(answer, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"x" * size


def test_larger_file_is_given_up(tmp_path):
    """Without waiting for its end, which may never come."""

    async def answer(request):
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x" * MEGABYTE)
        return response

    with pytest.raises(TextRefusedError) as refused:
        fetch(answer, tmp_path / "file")
    assert refused.value.message == strings.TOO_LARGE
    assert (tmp_path / "file").stat().st_size <= MEGABYTE


async def _missing(_request):
    return web.Response(status=404, body=b"This content is no longer available.")


async def _elsewhere(_request):
    raise web.HTTPFound("http://127.0.0.1:1/")


async def _short(request):
    response = web.StreamResponse(headers={"Content-Length": "10"})
    await response.prepare(request)
    await response.write(b"abc")
    request.transport.close()
    return response


async def _endless(request):
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(100):
        await response.write(b"x")
        await asyncio.sleep(0.05)
    return response


@pytest.mark.parametrize("answer", [_missing, _elsewhere, _short, _endless])
def test_what_is_not_the_whole_file_is_refused(tmp_path, monkeypatch, answer):
    """Errors, redirections, broken connections, and servers that take their time."""
    monkeypatch.setattr(download, "_TIMEOUT", aiohttp.ClientTimeout(total=0.3))
    with pytest.raises(TextRefusedError) as refused:
        fetch(answer, tmp_path / "file")
    assert refused.value.message == strings.NOT_FETCHED
