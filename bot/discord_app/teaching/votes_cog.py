"""The cog that learns from votes: two thumbs up bind a question to the paragraph it found."""

import logging

from discord.ext import commands

from bot.answering import asked_in, stands_alone
from bot.database import StoredQuestion
from bot.discord_app.context.runtime import Runtime
from bot.errors import DatabaseError
from index import PassageRef

logger = logging.getLogger(__name__)

# One person may be wrong, or want to be quoted.
_ENOUGH_THUMBS = 2


class VotesCog(commands.Cog):
    """Binds a question to a quote with enough thumbs up; unbinds it if thumbs down prevail."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @commands.Cog.listener()
    async def on_vote(self, asked: StoredQuestion, ref: PassageRef) -> None:
        """Count the thumbs that a question's quote has now.

        Private questions are not learnt, nor are questions that make sense only after the one
        before.
        """
        words = asked_in(asked.question)
        follows = bool(asked.context) and words == asked.question
        if asked.guild_id is None or asked.private or (follows and not stands_alone(words)):
            return
        try:
            await self._weigh(asked.guild_id, asked, words, ref)
        except DatabaseError as error:
            logger.warning("The thumbs on question %d teach nothing: %s", asked.id, error)

    async def _weigh(
        self, guild_id: int, asked: StoredQuestion, words: str, ref: PassageRef
    ) -> None:
        taught = self._runtime.database.taught
        thumbs = await self._runtime.database.questions.thumbs(guild_id, asked.question, ref)
        if thumbs.down > thumbs.up:
            if await taught.unconfirm(guild_id, words, ref):
                logger.info("Thumbs unbound question %d from its paragraph", asked.id)
        elif thumbs.up >= _ENOUGH_THUMBS:
            taught_id = await taught.add(
                guild_id,
                words,
                ref,
                taught_by=asked.asker,  # the asker owns these words and may have them deleted
                kind="confirmed",
            )
            logger.info("Thumbs bound question %d to its paragraph as %d", asked.id, taught_id)
