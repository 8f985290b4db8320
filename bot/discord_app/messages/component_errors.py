"""What a person reads when a button, a menu or a form fails."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord

from bot.discord_app.context.origin import settings_channel_id
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.messages.send import brief, try_to_respond
from bot.errors import DatabaseError
from bot.rendering import notices, wording
from index import PassageIndexError

logger = logging.getLogger(__name__)


@asynccontextmanager
async def component_errors(
    interaction: discord.Interaction, runtime: Runtime
) -> AsyncIterator[None]:
    """Tell the person if the block fails; the log says why.

    A ValueError means that the custom id is not one that the bot has made.

    Args:
        interaction: What was pressed, chosen or submitted.
        runtime: Gives the language of the notice, and records failures.
    """
    say = (await runtime.origin(interaction)).say
    try:
        yield
    except ValueError:
        await try_to_respond(interaction, say(notices.NO_LONGER_WORKS))
    except (DatabaseError, PassageIndexError) as error:
        logger.warning("A press could not be answered: %s", error)
        await try_to_respond(interaction, say(wording.FAILED))
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        logger.warning("A press could not be answered: %s", brief(error))
        if isinstance(error, discord.HTTPException):
            runtime.failures.note(settings_channel_id(interaction.channel), error.code)
        if not isinstance(error, discord.NotFound):  # otherwise the interaction has expired
            await try_to_respond(interaction, say(wording.FAILED))
    except Exception:
        logger.exception("Failed to answer a press")
        await try_to_respond(interaction, say(wording.FAILED))
