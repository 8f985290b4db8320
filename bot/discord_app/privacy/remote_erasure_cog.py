"""The cog that drops conversations of people whose data another process is deleting."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

from discord.ext import commands, tasks

from bot.discord_app.context.runtime import Runtime
from bot.discord_app.questions.pipeline import QuestionPipeline

# A key that ends with a person's pseudonym asks all processes to drop their conversations.
_FORGET = "forget "

# The process that deletes the data waits until all processes have read the keys.
_LOOK_EVERY_S = 1.0
_ALL_HAVE_LOOKED_S = 2 * _LOOK_EVERY_S

# A key stays for a process that is cut off from the database meanwhile.
_KEPT_FOR = timedelta(hours=1)


class RemoteErasureCog(commands.Cog):
    """Drops the conversations of people whose data another process deletes.

    Reads the keys by which that process asks for it. Does nothing if the bot has only one process.
    """

    def __init__(self, runtime: Runtime, pipeline: QuestionPipeline) -> None:
        self._key_values = runtime.database.key_values
        self._breaker = runtime.breaker
        self._is_one_of_several = runtime.settings.shard_ids is not None
        self._pipeline = pipeline
        self._known: dict[str, str] = {}

    async def cog_load(self) -> None:
        """Start reading the keys."""
        if self._is_one_of_several:
            self._look.start()

    async def cog_unload(self) -> None:
        """Stop reading the keys."""
        self._look.cancel()

    @tasks.loop(seconds=_LOOK_EVERY_S)
    async def _look(self) -> None:
        await self.look()

    async def look(self) -> None:
        """Drop the conversations of people whose keys are new since the last call."""
        found = await self._breaker.read(
            lambda: self._key_values.starting_with(_FORGET), otherwise=self._known
        )
        for person, at in found.items():
            if self._known.get(person) != at:
                self._pipeline.forget_person(person)
            if datetime.now(UTC) - datetime.fromisoformat(at) > _KEPT_FOR:
                await self._breaker.write(
                    partial(self._key_values.remove, f"{_FORGET}{person}"), otherwise=None
                )
        self._known = found


async def forget_everywhere(runtime: Runtime, pipeline: QuestionPipeline, person: str) -> None:
    """Drop a person's conversations, given their pseudonym, in all processes of this bot.

    Raises:
        DatabaseError: The other processes could not be told.
    """
    pipeline.forget_person(person)
    if runtime.settings.shard_ids is None:
        return
    asked_at = datetime.now(UTC).isoformat()
    await runtime.database.key_values.put(f"{_FORGET}{person}", asked_at)
    await asyncio.sleep(_ALL_HAVE_LOOKED_S)
