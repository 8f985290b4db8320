"""Tests of the stand-in with several shards and with many people at once."""

import asyncio
import json
import urllib.request
from typing import Any

import discord as discord_py
from discord.ext import commands

from tests.standin import DiscordStandIn
from tests.support.small_bot import EchoBot, do, running

PEOPLE = 50


class ShardedBot(commands.AutoShardedBot):
    """A bot on the recommended shards, which answers with the shard that got the message."""

    def __init__(self) -> None:
        intents = discord_py.Intents.default()
        intents.message_content = True
        none = discord_py.AllowedMentions.none()
        super().__init__("!", intents=intents, allowed_mentions=none, guild_ready_timeout=0.05)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait: Discord lets both shards identify at once."""

    async def on_message(self, message: discord_py.Message) -> None:
        if not message.author.bot:
            shard = message.guild.shard_id if message.guild else "dm"
            await message.reply(f"shard {shard}", mention_author=False)


def test_sharded_bot_is_told_how_many_shards():
    """Guilds are dealt out to the recommended shards, and each answers for its own."""
    with DiscordStandIn(shards=2, max_concurrency=2) as discord:
        guilds = [discord.add_guild(name) for name in ("even", "odd")]
        guilds.append(discord.add_guild("chosen", shard=1))
        alice = discord.add_user("alice", *guilds)
        channels = [discord.add_channel(guild, "general") for guild in guilds]
        with running(client := ShardedBot(), discord):
            discord.wait_until(lambda: sorted(client.shards) == [0, 1], 10, "both shards")
            channels.append(discord.open_dm(alice))
            answers = [
                discord.wait_for_answer(discord.say(channel, alice, "where?"))
                for channel in channels
            ]
    assert [answer.content for answer in answers] == ["shard 0", "shard 1", "shard 1", "shard dm"]
    assert discord.identifies == 2


def test_gateway_recommends_shards():
    """GET /gateway/bot says how many shards to start, and how many at once."""
    with DiscordStandIn(shards=3, max_concurrency=2) as discord:
        request = urllib.request.Request(
            f"{discord.api_base}/gateway/bot", headers={"Authorization": f"Bot {discord.token}"}
        )
        with urllib.request.urlopen(request) as response:
            data = json.load(response)
    assert (data["shards"], data["session_start_limit"]["max_concurrency"]) == (3, 2)


class PatientBot(EchoBot):
    """A bot that answers only after everybody has asked."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[str] = []

    async def ask(self, interaction: discord_py.Interaction, question: str) -> None:
        await interaction.response.defer(thinking=True)
        self.waiting.append(question)
        while len(self.waiting) < PEOPLE:
            await asyncio.sleep(0.01)
        await interaction.edit_original_response(content=f"to {question}")


def test_fifty_people_ask_at_once(discord, place):
    """Fifty deferred answers are open together, and each reaches its own asker."""
    channel, _ = place
    people = [discord.add_user(f"reader{number}", channel.guild) for number in range(PEOPLE)]
    with running(PatientBot(), discord):
        discord.wait_for_commands("ask")
        asked = [discord.slash(channel, one, "ask", question=one.name) for one in people]
        answers = [ask.wait_for_response(timeout=30) for ask in asked]
    assert [answer.content for answer in answers] == [f"to {one.name}" for one in people]
    assert [ask.interaction.user for ask in asked] == people


def test_fifty_people_talk_at_once(discord, place):
    """Fifty messages sent before any answer have one answer each."""
    channel, _ = place
    people = [discord.add_user(f"reader{number}", channel.guild) for number in range(PEOPLE)]
    with running(client := EchoBot(), discord):
        do(client, client.wait_until_ready())
        discord.advance(1)  # what the start asked for is no longer within the second
        said: list[Any] = [discord.say(channel, one, f"echo {one.name}") for one in people]
        answers = [discord.wait_for_answer(message, timeout=30) for message in said]
    assert [answer.content for answer in answers] == [one.name for one in people]
    assert all(len(discord.answers(message)) == 1 for message in said)
