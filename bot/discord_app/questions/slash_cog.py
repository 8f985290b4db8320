"""The cog of `/ask` and of the message menu "Find this in the texts": both call the pipeline."""

import asyncio

import discord
from discord import app_commands

from bot.discord_app.context.access import may_ask
from bot.discord_app.context.feature_cog import FeatureCog, message_menu
from bot.discord_app.context.origin import installed_guild_id, settings_channel_id
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.messages.choices import MAX_CHOICE_CHARS
from bot.discord_app.messages.respond import acknowledge, answer
from bot.discord_app.messages.send import Shown, respond
from bot.discord_app.questions.addressing import channel_names, is_own_thread, words_in
from bot.discord_app.questions.admission import RefusedError
from bot.discord_app.questions.models import IncomingQuestion
from bot.discord_app.questions.pipeline import QuestionPipeline, ReplyPort
from bot.discord_app.questions.suggestions import Completer
from bot.indexing.scope import Scope
from bot.rendering import notices
from bot.rendering.discord_markdown import escape, shorten

# Longer texts are hardly questions; Discord's client enforces the limit.
_MAX_QUESTION_CHARS = 1000


class SlashCog(FeatureCog):
    """Answers questions that come as commands, also in servers without the bot."""

    def __init__(self, bot: AnyBot, runtime: Runtime, pipeline: QuestionPipeline) -> None:
        super().__init__(bot, runtime)
        self._pipeline = pipeline
        self._completer = Completer(
            runtime.server_indexes, runtime.database.questions.well_answered
        )
        self._preparing: asyncio.Task[list[str]] | None = None

    async def cog_load(self) -> None:
        """Add the commands, and prepare the suggestions in the background."""
        await super().cog_load()
        self._preparing = asyncio.create_task(self._completer.suggest(None, ""))

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        question="What do you want to know?",
        within="Ask only this text, or the texts of this folder",
        private="Show the answer only to you",
    )
    @app_commands.rename(within="in")
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, _MAX_QUESTION_CHARS],
        within: app_commands.Range[str, 1, MAX_CHOICE_CHARS] | None = None,
        private: bool = False,
    ) -> None:
        """Find the paragraphs that answer a question."""
        guild_id, channel = installed_guild_id(interaction), interaction.channel
        private = private or await self.runtime.answers_privately(guild_id, channel)
        await self._answer(interaction, question, within, private=private)

    @ask.autocomplete("question")
    async def _complete(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest questions, if the person may ask."""
        scope = await self._scope(interaction)
        if scope is None:
            return []
        found = await self._completer.suggest(installed_guild_id(interaction), current, scope)
        return [app_commands.Choice(name=question, value=question) for question in found]

    @ask.autocomplete("within")
    async def _complete_within(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest folders and texts that may be read there, if the person may ask."""
        scope = await self._scope(interaction)
        if scope is None:
            return []
        found = await self._completer.suggest_texts(installed_guild_id(interaction), current, scope)
        return [app_commands.Choice(name=name, value=value) for name, value in found]

    async def _scope(self, interaction: discord.Interaction) -> Scope | None:
        """Return the texts that may be suggested there; None if the person may not ask."""
        guild_id = installed_guild_id(interaction)
        if not may_ask(interaction.user, await self.runtime.settings_cache.server(guild_id)):
            return None
        return await self.runtime.scope(guild_id, interaction.channel)

    @message_menu("Find this in the texts")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def find_this(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Search for the text of a message; only the person who chose the menu sees the answer."""
        await self._answer(interaction, message.content[:_MAX_QUESTION_CHARS], None, private=True)

    async def _answer(
        self, interaction: discord.Interaction, typed: str, within: str | None, *, private: bool
    ) -> None:
        """Answer a question; the answer shows it above the quotes, as it was typed."""
        settings = self.runtime.settings_cache
        origin = await self.runtime.origin(interaction, private=private)
        channel_id = settings_channel_id(interaction.channel)
        names = channel_names(typed, interaction.channel, interaction.user)
        question = IncomingQuestion(
            text=words_in(typed, names),
            origin=origin,
            asker=interaction.user,
            trigger="command",
            server=await settings.server(origin.guild_id),
            channel=await settings.channel(origin.guild_id, channel_id),
            shared=not private and self._is_in_own_thread(interaction),
            private=private,
            typed=typed,
            within=within,
            locale=str(interaction.locale),
        )
        if may_ask(interaction.user, question.server) and not await self._names_texts(question):
            name = escape(shorten(within or "", MAX_CHOICE_CHARS))
            await respond(interaction, origin.say(notices.NO_SUCH_TEXT, name=name))
            return
        await self._pipeline.answer(question, InteractionPort(interaction, question))

    async def _names_texts(self, question: IncomingQuestion) -> bool:
        """Return whether there are texts of the name that a person typed, if they typed one."""
        origin, within = question.origin, question.within
        if within is None:
            return True
        indexes = self.runtime.server_indexes

        def n_passages() -> int:
            return len(indexes.searcher(origin.guild_id, origin.scope, within).passages)

        return await asyncio.to_thread(n_passages) > 0

    def _is_in_own_thread(self, interaction: discord.Interaction) -> bool:
        """Return whether a command was used in a thread that the bot opened for a question."""
        me = self.bot.user
        return me is not None and is_own_thread(interaction.channel, me)


class InteractionPort(ReplyPort):
    """Answers a command with its deferred response, or in the channel if that is lost."""

    def __init__(self, interaction: discord.Interaction, question: IncomingQuestion) -> None:
        self._interaction = interaction
        self._private = question.private
        self._card = not question.server.plain
        self._is_deferred = False

    async def acknowledge(self) -> None:
        """Tell Discord within its 3 s that an answer follows."""
        self._is_deferred = await acknowledge(self._interaction, ephemeral=self._private)

    async def send(self, shown: Shown) -> discord.Message | None:
        """Send the response; a private answer that comes too late is not sent."""
        return await answer(
            self._interaction,
            shown,
            card=self._card,
            is_deferred=self._is_deferred,
            private=self._private,
        )

    async def refuse(self, refused: RefusedError) -> None:
        """Tell the person why; nobody else sees it."""
        await respond(self._interaction, refused.reason)
