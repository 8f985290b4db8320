"""The cog of `/ask` and of the message menu "Find this in the texts"."""

import asyncio
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_app.context.access import command_refusal, may_ask
from bot.discord_app.context.origin import installed_guild_id
from bot.discord_app.context.services import AnyBot, Services
from bot.discord_app.messages.respond import acknowledge, answer
from bot.discord_app.messages.send import respond
from bot.discord_app.questions.addressing import words_in
from bot.discord_app.questions.answer_view import present
from bot.discord_app.questions.models import Inquiry
from bot.discord_app.questions.service import Asker
from bot.discord_app.questions.state.fair_queue import QueueFullError
from bot.discord_app.questions.suggestions import Completer
from bot.operations.health.metrics import Outcome
from bot.rendering import notices

# Longer questions are statements; Discord's client stops people there.
_MAX_QUESTION_CHARS = 1000


class AskCommand(commands.Cog):
    """Answers questions that come as commands, also where the bot is not a member."""

    def __init__(self, bot: AnyBot, services: Services, asker: Asker) -> None:
        self._bot = bot
        self._services = services
        self._asker = asker
        self._completer = Completer(services.texts, services.database.questions.well_answered)
        self._preparing: asyncio.Task[list[str]] | None = None
        self._menu = app_commands.ContextMenu(
            name=app_commands.locale_str("Find this in the texts"), callback=self._find_this
        )
        self._menu.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )
        self._menu.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)

    async def cog_load(self) -> None:
        """Add the menu, which cogs do not add by themselves, and make the suggestions ready."""
        self._bot.tree.add_command(self._menu)
        self._preparing = asyncio.create_task(self._completer.suggest(None, ""))

    async def cog_unload(self) -> None:
        """Take the menu away again."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        question="What do you want to know?", private="Show the answer to nobody else"
    )
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, _MAX_QUESTION_CHARS],
        private: bool = False,
    ) -> None:
        """Find the paragraphs that answer a question."""
        await self._answer(interaction, question, private=private)

    @ask.autocomplete("question")
    async def _complete(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest questions to those who may ask them."""
        guild_id = installed_guild_id(interaction)
        if not may_ask(interaction.user, await self._services.known.server(guild_id)):
            return []
        found = await self._completer.suggest(guild_id, current)
        return [app_commands.Choice(name=question, value=question) for question in found]

    async def _find_this(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Search for what a message says, for the person who asked only."""
        await self._answer(interaction, message.content[:_MAX_QUESTION_CHARS], private=True)

    async def _answer(
        self, interaction: discord.Interaction, question: str, *, private: bool
    ) -> None:
        with self._services.metrics.question() as measured:
            where = await self._services.where(interaction, private=private)
            if why := await command_refusal(interaction, self._services, where):
                measured.outcome = "refused"
                await respond(interaction, why)
                return
            inquiry = Inquiry(words_in(question), where, interaction.user.id, alone=private)
            try:
                with self._asker.queue.place(where.crowd_id, interaction.user.id):
                    measured.outcome = await self._search_and_show(interaction, question, inquiry)
            except QueueFullError as full:
                measured.outcome = "busy"
                await respond(interaction, notices.busy(where.say, own=full.own))

    async def _search_and_show(
        self, interaction: discord.Interaction, question: str, inquiry: Inquiry
    ) -> Outcome:
        """Answer a question, shown above the answer as it was typed."""
        where, private = inquiry.where, inquiry.alone
        server = await self._services.known.server(where.guild_id)
        has_place = await acknowledge(interaction, ephemeral=private)
        async with self._asker.turn(inquiry):
            found = await self._asker.answer(inquiry)
            question_id = await self._asker.note(inquiry, found)
            shown = present(
                replace(found, answer=replace(found.answer, question=question)),
                where.say,
                question_id,
                interaction.user.id,
                plain=server.plain,
                show_question=True,
                ephemeral=private,
            )
            sent = await answer(
                interaction, shown, card=not server.plain, has_place=has_place, private=private
            )
            if sent is None:
                return "failed"
            await self._asker.sent(inquiry, found, question_id, sent.id)
        return found.outcome
