"""Connect to Discord's gateway without starting a session."""

import asyncio
import json

import discord
import yarl

from bot.errors import WrongApiError

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway
_HELLO = 10


async def await_greeting(token: str, address: str, timeout_s: float) -> None:
    """Connect as the bot does, wait for the first event, and close the connection.

    Promise: A check of the gateway uses up no session; they are counted from IDENTIFY, which is not
    sent.
    Private: `Client.http`, and `HTTPClient.ws_connect`.

    Raises:
        WrongApiError: Something else than a gateway answers.
        discord.DiscordException: Discord refuses.
        aiohttp.ClientError: The gateway cannot be reached; also as OSError.
    """
    url = yarl.URL(address).with_query({"v": "10", "encoding": "json"})
    intents = discord.Intents(guilds=True)
    async with asyncio.timeout(timeout_s), discord.Client(intents=intents) as probe:
        await probe.login(token)
        socket = await probe.http.ws_connect(str(url))
        try:
            event = await socket.receive()
        finally:
            await socket.close()
    try:
        is_greeting = json.loads(event.data)["op"] == _HELLO
    except (LookupError, TypeError, ValueError):
        is_greeting = False
    if not is_greeting:
        raise WrongApiError("no greeting of a gateway")
