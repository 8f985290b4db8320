"""Register the commands with Discord, if they have changed since the last registration."""

import hashlib
import json
import logging

import aiohttp
import discord

from bot.database import Database
from bot.discord_app.context.runtime import AnyBot
from bot.errors import DatabaseError

logger = logging.getLogger(__name__)


async def register_commands(bot: AnyBot, database: Database, *, always: bool = False) -> int | None:
    """Register all commands globally if they changed; a failure is logged.

    Args:
        bot: The bot, logged in, with its commands in the tree.
        database: Stores a hash of the registered commands.
        always: Whether to register them also if nothing changed.

    Returns:
        How many were registered; None if nothing changed or Discord refused.
    """
    key = f"commands of {bot.application_id}"
    digest = await _digest(bot)
    try:
        if not always and await database.key_values.get(key) == digest:
            return None
    except DatabaseError as error:
        logger.warning("Registering the commands again: %s", error)
    try:
        registered = await bot.tree.sync()
        await database.key_values.put(key, digest)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        logger.warning("The slash commands could not be registered: %s", error)
        return None
    except DatabaseError as error:
        logger.warning("The next start will register the commands again: %s", error)
    logger.info("Registered %d commands", len(registered))
    return len(registered)


async def _digest(bot: AnyBot) -> str:
    """Return a hash of all commands and their texts in all languages."""
    translator = bot.tree.translator
    payload = [
        await command.get_translated_payload(bot.tree, translator)
        if translator
        else command.to_dict(bot.tree)
        for command in bot.tree.get_commands()
    ]
    text = json.dumps(payload, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
