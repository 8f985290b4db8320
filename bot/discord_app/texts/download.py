"""Fetch what people attach, with a bound on size and time."""

import asyncio
from http import HTTPStatus
from pathlib import Path

import aiohttp

from bot.discord_app.texts import strings
from bot.errors import TextRefusedError

# The largest file over a line of some 2 Mbit/s; Discord keeps the command open for 15 minutes.
_TIMEOUT = aiohttp.ClientTimeout(total=300, sock_connect=10, sock_read=30)

_CHUNK_BYTES = 2**18


async def fetch(url: str, path: Path, *, limit_mb: int) -> None:
    """Write an attachment to a new file, as it comes in.

    Args:
        url: Where Discord keeps it.
        path: The file.
        limit_mb: The largest size, in units of 1,048,576 bytes, checked while it is read.

    Raises:
        TextRefusedError: It is larger, or it cannot be fetched.
        OSError: The file cannot be written.
    """
    room = limit_mb * 2**20
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            if response.status != HTTPStatus.OK:
                raise TextRefusedError(strings.NOT_FETCHED)
            with path.open("xb") as stream:
                async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
                    room -= len(chunk)
                    if room < 0:
                        raise TextRefusedError(strings.TOO_LARGE, limit=limit_mb)
                    await asyncio.to_thread(stream.write, chunk)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise TextRefusedError(strings.NOT_FETCHED) from error
