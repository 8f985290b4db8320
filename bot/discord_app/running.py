"""Run the Discord bot from login to shutdown."""

import asyncio
import contextlib
import logging
import os
import re
import signal
import time
from typing import Any

import aiohttp
import discord
from discord.ext import commands

from bot.database import PeopleKey, ShardLocks, open_database_when_possible
from bot.discord_app.cogs import add_cogs
from bot.discord_app.command_errors import CommandErrors
from bot.discord_app.command_texts import CommandTranslator
from bot.discord_app.endings import FROM_OUTSIDE, ending
from bot.discord_app.endpoint import GatewayFinder, use_rest_base
from bot.discord_app.event_ids import number_events
from bot.discord_app.index_care import IndexCare
from bot.discord_app.known_settings import KnownSettings
from bot.discord_app.login import Terms, ask_terms
from bot.discord_app.oversight import Oversight
from bot.discord_app.patience import answer_patiently, be_patient
from bot.discord_app.reconnecting import Pace, Settling, reconnect_steadily
from bot.discord_app.registration import register_commands
from bot.discord_app.repeats import take_interactions_once
from bot.discord_app.server_texts import ServerTexts
from bot.discord_app.services import Services
from bot.discord_app.sharding import ShardedBot
from bot.discord_app.unreadable import pass_over_unreadable_events
from bot.errors import SettingsError
from bot.operating.exclusivity import bot_claimed
from bot.operating.keeping import kept
from bot.operating.pauses import shorten_pauses
from bot.operating.service_manager import ServiceManager
from bot.settings import Settings
from index import LiveSearcher

logger = logging.getLogger(__name__)

# Tokens are three parts in base64 with dots between; whatever an HTTP header cannot carry is a
# slip in copying.
_TOKEN = re.compile(r"[!-~]+")

# Seconds before each further try for the first connection; a service manager starts us again
# where Discord is away for longer.
_FIRST_CONNECTION_DELAYS_S = (1.0, 2.0)

# Discord takes 1,000 new sessions a day, and resumes a session at any time.
_ASK_EVERY_S = 60.0

# Together below the 10 s within which the process must be gone after SIGTERM.
_FINISH_TIMEOUT_S = 3.0
_CLOSE_TIMEOUT_S = 5.0


class PullquoteBot(commands.Bot):
    """A bot that answers questions from an index."""

    def __init__(
        self,
        services: Services,
        *,
        message_content: bool,
        shards: int | None = None,
        own: tuple[int, ...] | None = None,
    ) -> None:
        """Prepare the bot; nothing is sent before `start`.

        Args:
            services: What its cogs work with.
            message_content: Whether the application may read messages that do not address it.
            shards: How many shards there are, for a bot with several.
            own: Which of them this process opens; a plain bot opens the first.
        """
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = True
        intents.message_content = message_content
        which: dict[str, Any] = {"shard_id": own[0], "shard_ids": list(own)} if own else {}
        super().__init__(
            command_prefix=(),
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            shard_count=shards,
            **which,
        )
        take_interactions_once(self)
        number_events(self)
        pass_over_unreadable_events(self)
        self._services = services
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._finder = GatewayFinder(self.http)
        self._asked_until = 0.0
        self._leaving: list[asyncio.Task[bool]] = []
        self._pace = Pace(shards or 1)
        self._settling = Settling()
        be_patient(self.http, self._ask_for_token)
        self.http.ws_connect = self._open_socket  # type: ignore[method-assign]

    async def _open_socket(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Open a gateway socket, and remember it for `close`."""
        await asyncio.sleep(self._pace.wait_s())
        self._socket = socket = await self._finder.ws_connect(url, compress=compress)
        self._settling.opened(socket, lambda: self._finder.avoid(url))
        return socket

    def _ask_for_token(self) -> None:
        """Connect again where REST does not know the token; the gateway ends the bot then.

        A token that was reset leaves open connections as they are. Where Discord errs, the session
        goes on.
        """
        now = time.monotonic()
        if now < self._asked_until:
            return
        self._asked_until = now + _ASK_EVERY_S
        logger.warning(
            "Discord refuses a request for its token; asking the gateway whether it holds"
        )
        for socket in self._known_sockets():
            # 4000 keeps the session, which 1000 would end.
            self._leaving.append(asyncio.create_task(socket.close(code=4000)))

    async def setup_hook(self) -> None:
        """Add the cogs and register their commands."""
        await add_cogs(self, self._services)
        self.tree.error(CommandErrors(self._services.failures).answer)
        await self.tree.set_translator(CommandTranslator())
        if self._services.settings.serves(None):  # one of several processes does it for all
            await register_commands(self, self._services.database)
        shorten_pauses()

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect, and try again where the first connection fails.

        discord.py reconnects by itself, but reads where to go on from the connection before; where
        there was none it stumbles with an AttributeError, whose context is what went wrong.
        """
        for delay_s in (*_FIRST_CONNECTION_DELAYS_S, None):
            try:
                return await super().connect(reconnect=reconnect)
            except AttributeError as stumble:
                cause = stumble.__context__
                if cause is None or self.ws is not None or self.is_closed():
                    raise
                if delay_s is None:
                    raise cause from None
            await asyncio.sleep(delay_s)
        return None

    async def close(self) -> None:
        """Close the gateway, also one that is being opened, which discord.py knows nothing of."""
        if self._socket is not None and self._socket not in self._known_sockets():
            await self._socket.close(code=1000)
        await super().close()

    def _known_sockets(self) -> list[aiohttp.ClientWebSocketResponse]:
        """Return the sockets that discord.py closes."""
        return [self.ws.socket] if self.ws is not None else []

    async def on_connect(self) -> None:
        """Note that a session began; shards are noted one by one."""
        if self.ws is not None:
            self._settling.settled(self.ws.socket)

    async def on_resumed(self) -> None:
        """Say that the session goes on, with all that was missed."""
        logger.info("Connected again")
        await self.on_connect()

    async def on_ready(self) -> None:
        """Say that the bot is there; happens again after a lost session."""
        logger.info("Ready as %s in %d servers", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs; this bot has no prefix commands."""


class ShardedPullquoteBot(PullquoteBot, ShardedBot):
    """The same over several shards, in one process."""

    async def on_shard_connect(self, shard_id: int) -> None:
        """Note that a shard's session began."""
        self._settling.settled(self._get_websocket(shard_id=shard_id).socket)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note that a shard's session goes on."""
        self._settling.settled(self._get_websocket(shard_id=shard_id).socket)

    def _known_sockets(self) -> list[aiohttp.ClientWebSocketResponse]:
        """Return the sockets that discord.py closes, one of each shard."""
        return [self._get_websocket(shard_id=number).socket for number in self.shards]


def run_discord_bot(token: str, settings: Settings, live: LiveSearcher) -> None:
    """Run the bot until SIGINT or SIGTERM.

    Args:
        token: Discord's for the bot.
        settings: Those of this run.
        live: The index of the texts that all servers share.

    Raises:
        DatabaseError: The database cannot be opened.
        AlreadyRunningError: Another process serves the same bot.
        SettingsError: The token holds signs that no token has.
        TokenRejectedError: Discord does not know the token.
        IntentRefusedError: Discord closed the connection over an intent.
        WrongApiError: What answers is not Discord.
        BotError: Discord cannot be reached.
    """
    if not _TOKEN.fullmatch(token):
        raise SettingsError(
            "DISCORD_TOKEN",
            "it holds white space or other signs that no token has; copy it again from the "
            "application's Bot page",
        )
    # Warnings about libraries for voice say nothing to the owner of a bot that only writes.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    if settings.discord_api_base:
        use_rest_base(settings.discord_api_base)
    reconnect_steadily()
    answer_patiently()
    try:
        asyncio.run(_serve(token, settings, live))
    except FROM_OUTSIDE as error:
        raise ending(error, settings) from error


async def _serve(token: str, settings: Settings, live: LiveSearcher) -> None:
    """Connect and answer until a signal asks to stop."""
    stop = asyncio.Event()
    _call_on_signals(stop)
    oversight = Oversight(live, ServiceManager.from_mapping(os.environ))
    async with oversight.shown(settings):
        running = asyncio.create_task(_log_in_and_answer(token, settings, oversight))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        oversight.manager.stopping()
        if not running.done():
            await _finish_answers()
            running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    logger.info("Stopped")


async def _log_in_and_answer(token: str, settings: Settings, oversight: Oversight) -> None:
    """Answer until cancelled; the gateway and the database are closed when this ends."""
    database = await open_database_when_possible(settings.database)
    oversight.database = database
    watching = [
        asyncio.create_task(database.keep_open()),
        asyncio.create_task(IndexCare(settings, oversight.live).run()),
    ]
    try:
        live, attempts = oversight.live, oversight.attempts
        services = Services(
            settings,
            ServerTexts(live, settings.data_dir, settings.retrieval, settings.models_dir),
            database,
            PeopleKey.load(settings.data_dir),
            KnownSettings(database, attempts=attempts),
            attempts=attempts,
            metrics=oversight.metrics,
            connections=oversight.connections,
            manager=oversight.manager,
        )
        await _answer(token, services)
    finally:
        for task in watching:
            task.cancel()
        await database.close()


async def _answer(token: str, services: Services) -> None:
    terms = await ask_terms(token)
    bot = _make_bot(services, terms)
    mine = terms.bot_id, *_shards(services.settings, terms)
    try:
        with bot_claimed(*mine):
            async with kept(ShardLocks.on(services.settings.database, *mine)):
                # Cancelled with this function and so before the close: with its reader gone,
                # discord.py closes with 1000 and the bot goes offline at once; otherwise it sends
                # 4000, and Discord keeps it online for minutes.
                await bot.start(token)
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(bot.close(), _CLOSE_TIMEOUT_S)


def _shards(settings: Settings, terms: Terms) -> tuple[int, tuple[int, ...]]:
    """Return how many shards there are, and which of them this process opens."""
    count = settings.shard_count or terms.shards
    return count, settings.shard_ids or tuple(range(count))


def _make_bot(services: Services, terms: Terms) -> PullquoteBot:
    """Return a bot with the shards that are set or recommended.

    A single one resumes its session after each drop of its connection, which those that
    discord.py runs together do not always.
    """
    shards, own = _shards(services.settings, terms)
    content = terms.message_content
    if shards == 1:
        return PullquoteBot(services, message_content=content)
    logger.info("Connecting over %d of %d shards", len(own), shards)
    if len(own) == 1:
        return PullquoteBot(services, message_content=content, shards=shards, own=own)
    bot = ShardedPullquoteBot(services, message_content=content, shards=shards, own=own)
    bot.max_concurrency = terms.max_concurrency
    return bot


async def _finish_answers() -> None:
    """Give the answers under way a moment to be sent."""
    logger.info("Stopping")
    answering = [
        task
        for task in asyncio.all_tasks()
        if task.get_name().startswith(
            ("discord.py: on_", "CommandTree-invoker", "discord-ui-dynamic-item")
        )
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
