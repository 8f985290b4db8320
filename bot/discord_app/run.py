"""Run the Discord bot from login to shutdown."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from bot.config.application import ApplicationInfo
from bot.config.settings import Settings
from bot.database import Pseudonyms, ShardLocks, open_database_when_possible
from bot.discord_app.client import PullquoteBot, ShardedPullquoteBot
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.gateway.application_info import fetch_application_info
from bot.discord_app.gateway.exit_reasons import FROM_OUTSIDE, exit_error, is_intent_refused
from bot.discord_app.gateway.handler_tasks import handler_tasks
from bot.discord_app.gateway.patches import patch_discord_py
from bot.discord_app.token_check import check_characters
from bot.indexing.background_rebuild import BackgroundRebuild
from bot.indexing.integrity_check import IntegrityCheck
from bot.operations.health.monitor import Monitor
from bot.operations.health.systemd import ServiceManager
from bot.operations.locks.lock_keeper import hold_locks
from bot.operations.locks.single_instance import lock_shards
from index import LiveSearcher

logger = logging.getLogger(__name__)

# With the 2 s that the database may take (`supervisor.py`), less than the 10 s within which the
# process must end after SIGTERM.
_FINISH_TIMEOUT_S = 3.0
_CLOSE_TIMEOUT_S = 4.5


def run_discord_bot(
    token: str,
    settings: Settings,
    live: LiveSearcher,
    pseudonyms: Pseudonyms,
    *,
    watched: bool = False,
) -> None:
    """Run the bot until SIGINT or SIGTERM.

    Args:
        token: The token of the bot.
        settings: The settings of this run.
        live: The index of the texts that all servers share.
        pseudonyms: The key of people's hashes.
        watched: Whether to rebuild that index whenever these texts change.

    Raises:
        DatabaseError: The database cannot be opened, or does not fit the key of people's hashes.
        AlreadyRunningError: Another process serves the same bot.
        SettingsError: The token holds characters that no token has.
        TokenRejectedError: Discord rejects the token.
        IntentRefusedError: Discord closed the connection over an intent.
        WrongApiError: The server that answers is not Discord.
        BotError: Discord cannot be reached.
    """
    check_characters(token)
    patch_discord_py(settings.discord_api_base)
    try:
        asyncio.run(_serve(token, settings, live, pseudonyms, watched=watched))
    except FROM_OUTSIDE as error:
        raise exit_error(error, settings) from error


async def _serve(
    token: str, settings: Settings, live: LiveSearcher, pseudonyms: Pseudonyms, *, watched: bool
) -> None:
    """Connect and answer until the process gets SIGINT or SIGTERM."""
    stop = asyncio.Event()
    _call_on_signals(stop)
    monitor = Monitor(live, ServiceManager.from_mapping(os.environ))
    async with monitor.running(settings):
        running = asyncio.create_task(
            _log_in_and_answer(token, settings, pseudonyms, monitor, watched=watched)
        )
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        monitor.manager.stopping()
        if not running.done():
            await _finish_answers()
            running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    logger.info("Stopped")


async def _log_in_and_answer(
    token: str, settings: Settings, pseudonyms: Pseudonyms, monitor: Monitor, *, watched: bool
) -> None:
    """Answer until cancelled; the gateway and the database are closed when this ends."""
    database = await open_database_when_possible(settings.database, pseudonyms)
    integrity = IntegrityCheck(settings, monitor.live, on_damage=monitor.note_damage)
    watching = [asyncio.create_task(integrity.run())]
    if watched:
        watching.append(asyncio.create_task(BackgroundRebuild(settings, database.files).run()))
    try:
        runtime = Runtime.make(settings, database, pseudonyms, monitor)
        watching.append(asyncio.create_task(runtime.encoding.run()))
        watching.append(asyncio.create_task(runtime.remote_changes.run()))
        await _until_one_ends(_answer(token, runtime), database.keep_open())
    finally:
        for task in watching:
            task.cancel()
        await database.close()


async def _until_one_ends(*works: Coroutine[Any, Any, None]) -> None:
    """Run works side by side until one returns or fails, and cancel the others."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in done:
        task.result()


async def _answer(token: str, runtime: Runtime) -> None:
    """Answer while this process holds the locks of its shards."""
    application = await fetch_application_info(token)
    if not application.message_content:
        logger.warning(
            "The Message Content Intent is off: replies that do not mention the bot cannot be "
            "read; mentions, direct messages and /ask work. To let it read others, turn the intent "
            "on at %s and start again",
            application.bot_page,
        )
    mine = application.bot_id, *_shards(runtime.settings, application)
    with lock_shards(*mine):
        locks = ShardLocks.on(runtime.settings.database, *mine)
        async with hold_locks(locks, runtime.monitor.note_locks):
            try:
                await _run_bot(token, runtime, application)
            except FROM_OUTSIDE as error:
                if not (is_intent_refused(error) and application.message_content):
                    raise
                logger.warning(
                    "Discord no longer lets the bot read messages that do not mention it (the "
                    "Message Content Intent); it goes on without them. Turn the intent on in the "
                    "application's Bot page and start again to get it back"
                )
                await _run_bot(token, runtime, replace(application, message_content=False))


async def _run_bot(token: str, runtime: Runtime, application: ApplicationInfo) -> None:
    """Run a bot until it is cancelled or Discord ends it, and close it."""
    bot = _make_bot(runtime, application)
    try:
        # A cancellation ends `start` before the bot is closed. Then discord.py closes the
        # connection with code 1000, and the bot goes offline at once; otherwise it sends 4000, and
        # Discord shows the bot as online for minutes.
        await bot.start(token)
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(bot.close(), _CLOSE_TIMEOUT_S)


def _shards(settings: Settings, application: ApplicationInfo) -> tuple[int, tuple[int, ...]]:
    """Return how many shards there are, and which of them this process opens."""
    count = settings.shard_count or application.shards
    return count, settings.shard_ids or tuple(range(count))


def _make_bot(runtime: Runtime, application: ApplicationInfo) -> PullquoteBot:
    """Return a bot with the shards that are set or recommended.

    A client with one shard resumes its session after every lost connection; discord.py's client for
    several shards does not always do so.
    """
    shards, own = _shards(runtime.settings, application)
    content = application.message_content
    if shards == 1:
        return PullquoteBot(runtime, message_content=content)
    logger.info("Connecting over %d of %d shards", len(own), shards)
    if len(own) == 1:
        return PullquoteBot(runtime, message_content=content, shards=shards, own=own)
    bot = ShardedPullquoteBot(runtime, message_content=content, shards=shards, own=own)
    bot.max_concurrency = application.max_concurrency
    return bot


async def _finish_answers() -> None:
    """Wait a moment for answers that are being sent."""
    logger.info("Stopping")
    if answering := handler_tasks():
        await asyncio.wait(answering, timeout=_FINISH_TIMEOUT_S)


def _call_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(name, stop.set)
        except NotImplementedError:  # Windows: Ctrl-C raises KeyboardInterrupt there
            return
