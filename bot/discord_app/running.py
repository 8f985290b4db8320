"""Run the Discord bot from login to shutdown."""

import asyncio
import contextlib
import logging
import signal

import aiohttp
import discord
from discord.ext import commands

from bot.discord_app.asking import Asking
from bot.discord_app.endpoint import GatewayFinder, use_rest_base
from bot.errors import BotError, IntentRefusedError, TokenRejectedError
from index import LiveSearcher

logger = logging.getLogger(__name__)

# Together below the 10 s within which the process must be gone after SIGTERM.
_FINISH_TIMEOUT_S = 3.0
_CLOSE_TIMEOUT_S = 5.0

# Close code of the gateway for a token it does not know.
_AUTHENTICATION_FAILED = 4004


class PullquoteBot(commands.Bot):
    """A bot that answers questions from an index."""

    def __init__(self, live: LiveSearcher, *, message_content: bool, other_api: bool) -> None:
        """Prepare the bot; nothing is sent before `start`.

        Args:
            live: The index to answer from.
            message_content: Whether the application may read messages that do not address it.
            other_api: Whether the gateway's address comes from the REST API.
        """
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = True
        intents.message_content = message_content
        super().__init__(
            command_prefix=(),
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self._live = live
        if other_api:
            finder = GatewayFinder(self.http)
            self.http.ws_connect = finder.ws_connect  # type: ignore[method-assign]

    async def setup_hook(self) -> None:
        """Add the cog and register its commands."""
        await self.add_cog(Asking(self, self._live))
        try:
            await self.tree.sync()
        except discord.HTTPException as error:
            logger.warning("The slash commands could not be registered: %s", error)

    async def on_ready(self) -> None:
        """Say that the bot is there; happens again after a lost session."""
        logger.info("Ready as %s in %d servers", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs; this bot has no prefix commands."""


def run_discord_bot(token: str, api_base: str | None, live: LiveSearcher) -> None:
    """Run the bot until SIGINT or SIGTERM.

    Raises:
        TokenRejectedError: Discord does not know the token.
        IntentRefusedError: Discord closed the connection over an intent.
        BotError: Discord cannot be reached.
    """
    # Warnings about libraries for voice say nothing to the owner of a bot that only writes.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    if api_base:
        use_rest_base(api_base)
    try:
        asyncio.run(_serve(token, live, other_api=api_base is not None))
    except discord.LoginFailure as error:
        raise TokenRejectedError from error
    except discord.PrivilegedIntentsRequired as error:
        raise IntentRefusedError from error
    except discord.ConnectionClosed as error:
        if error.code == _AUTHENTICATION_FAILED:
            raise TokenRejectedError from error
        raise BotError(f"Discord closed the connection for good ({error})") from error
    except (aiohttp.ClientError, OSError, discord.HTTPException, discord.GatewayNotFound) as error:
        raise BotError(f"Discord cannot be reached ({error}); check the network") from error


async def _serve(token: str, live: LiveSearcher, *, other_api: bool) -> None:
    """Connect and answer until a signal asks to stop."""
    stop = asyncio.Event()
    _call_on_signals(stop)
    message_content = await _may_read_messages(token)
    bot = PullquoteBot(live, message_content=message_content, other_api=other_api)
    running = asyncio.create_task(bot.start(token))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    try:
        if running.done():
            running.result()
        else:
            await _finish_answers()
    finally:
        stopping.cancel()
        # With its reader cancelled first, discord.py closes with 1000 and the bot goes offline
        # at once; otherwise it sends 4000, and Discord keeps it online for minutes.
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await running
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(bot.close(), _CLOSE_TIMEOUT_S)
    logger.info("Stopped")


async def _may_read_messages(token: str) -> bool:
    """Ask Discord whether the application has the message-content intent."""
    async with discord.Client(intents=discord.Intents(guilds=True)) as probe:
        await probe.login(token)
        flags = probe.application_flags
    granted = flags.gateway_message_content or flags.gateway_message_content_limited
    if not granted:
        logger.warning(
            "The Message Content Intent is off on the application's Bot page: replies that do "
            "not mention the bot cannot be read; mentions, direct messages and /ask work"
        )
    return granted


async def _finish_answers() -> None:
    """Give the answers under way a moment to be sent."""
    logger.info("Stopping")
    answering = [
        task
        for task in asyncio.all_tasks()
        if task.get_name().startswith(("discord.py: on_", "CommandTree-invoker"))
    ]
    if answering:
        await asyncio.wait(answering, timeout=_FINISH_TIMEOUT_S)


def _call_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(name, stop.set)
        except NotImplementedError:  # Windows: Ctrl-C raises KeyboardInterrupt there
            return
