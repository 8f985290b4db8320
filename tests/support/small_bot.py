"""A small discord.py bot that runs against the stand-in in a thread."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import discord as discord_py
import pytest
import yarl
from discord import app_commands

from tests.standin import DiscordStandIn

T = TypeVar("T")
NO_PINGS = discord_py.AllowedMentions.none()


class EchoBot(discord_py.Client):
    """A small bot that repeats what it is told and does what its messages say."""

    def __init__(self, *, content: bool = True, **options: Any) -> None:
        intents = discord_py.Intents.default()
        intents.message_content = content
        options.setdefault("allowed_mentions", NO_PINGS)
        super().__init__(intents=intents, guild_ready_timeout=0.05, **options)
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="ask", description="Ask")(self.ask)
        self.tree.context_menu(name="Quote")(self.quote)
        self.heard: list[str] = []
        self.errors: list[discord_py.HTTPException] = []

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def ask(self, interaction: discord_py.Interaction, question: str) -> None:
        await interaction.response.defer(ephemeral=question.startswith("secret"))
        await interaction.edit_original_response(content=f"quote: {question}")

    async def quote(self, interaction: discord_py.Interaction, message: discord_py.Message) -> None:
        await interaction.response.send_message(message.content, view=pager())

    async def on_interaction(self, interaction: discord_py.Interaction) -> None:
        if interaction.type is discord_py.InteractionType.component:
            await interaction.response.edit_message(content="page 2", view=None)

    async def on_message(self, message: discord_py.Message) -> None:
        if message.author.bot:
            return
        self.heard.append(message.content)
        text = message.content.removeprefix("echo ")
        try:
            if text == "over-long":
                text = "x" * 2001
            if text == "big embed":
                await message.reply(embed=discord_py.Embed(description="x" * 4097))
            elif text == "ping":
                await message.channel.send(
                    "@everyone", allowed_mentions=discord_py.AllowedMentions.all()
                )
            elif message.content.startswith("echo "):
                await message.reply(text, mention_author=False)
        except discord_py.HTTPException as error:
            self.errors.append(error)


def pager() -> discord_py.ui.View:
    """Return a view with one button."""
    view = discord_py.ui.View(timeout=None)
    view.add_item(discord_py.ui.Button(label="More", custom_id="more:1"))
    return view


@contextmanager
def pointed_at(discord: DiscordStandIn) -> Iterator[None]:
    """Let discord.py talk to the stand-in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(discord_py.http.Route, "BASE", discord.api_base)
        gateway = yarl.URL(discord.world.websocket_url)
        patch.setattr(discord_py.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
        yield


@contextmanager
def running(client: discord_py.Client, discord: DiscordStandIn) -> Iterator[None]:
    """Run a client in a thread and close it afterwards."""
    thread = threading.Thread(target=asyncio.run, args=(start(client, discord.token),))
    with pointed_at(discord):
        thread.start()
        try:
            discord.wait_ready(timeout=10)
            yield
        finally:
            do(client, client.close())
            thread.join(timeout=10)
            discord.wait_disconnected()


def do(client: discord_py.Client, coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in the client's thread."""
    return asyncio.run_coroutine_threadsafe(coroutine, client.loop).result(timeout=10)


async def start(client: discord_py.Client, token: str) -> None:
    """Run a client until it is closed or fails."""
    async with client:
        await client.start(token)
