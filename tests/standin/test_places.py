"""Tests of the stand-in's permissions, members, roles, threads and deletions."""

import time
from typing import Any

import discord as discord_py
import pytest
from discord.ext import commands

from tests.standin import DiscordStandIn
from tests.standin.model.permission_names import BITS, GUILD_WIDE
from tests.support.small_bot import EchoBot, do, running


class WatchingBot(EchoBot):
    """A small bot that records the events it gets."""

    def __init__(self, *, members: bool = False) -> None:
        super().__init__()
        self._connection._intents.members = members
        self.events: list[tuple[str, Any]] = []

    async def on_raw_message_delete(self, event: discord_py.RawMessageDeleteEvent) -> None:
        self.events.append(("deleted", event.message_id))

    async def on_raw_bulk_message_delete(self, event: discord_py.RawBulkMessageDeleteEvent) -> None:
        self.events.append(("deleted together", event.message_ids))

    async def on_guild_channel_delete(self, channel: discord_py.abc.GuildChannel) -> None:
        self.events.append(("channel deleted", channel.id))

    async def on_raw_thread_delete(self, event: discord_py.RawThreadDeleteEvent) -> None:
        self.events.append(("thread deleted", event.thread_id))

    async def on_raw_thread_update(self, event: discord_py.RawThreadUpdateEvent) -> None:
        archived = event.data["thread_metadata"]["archived"]
        self.events.append(("archived" if archived else "awake", event.thread_id))

    async def on_guild_update(self, _: discord_py.Guild, after: discord_py.Guild) -> None:
        self.events.append(("locale", str(after.preferred_locale)))

    async def on_member_update(self, _: discord_py.Member, after: discord_py.Member) -> None:
        self.events.append(("roles", [role.name for role in after.roles]))

    async def on_guild_role_update(self, _: discord_py.Role, after: discord_py.Role) -> None:
        self.events.append(("role", after.permissions.manage_guild))

    async def on_guild_role_delete(self, role: discord_py.Role) -> None:
        self.events.append(("role deleted", role.name))

    async def on_member_join(self, member: discord_py.Member) -> None:
        self.events.append(("joined", member.name))

    async def on_raw_member_remove(self, event: discord_py.RawMemberRemoveEvent) -> None:
        self.events.append(("left", event.user.name))


def heard(discord: DiscordStandIn, client: WatchingBot, *event: Any) -> None:
    """Wait until the bot got an event."""
    discord.wait_until(lambda: event in client.events, 5, f"{event} in {client.events}")


class PowersBot(EchoBot):
    """A small bot that records its own and the asker's permissions at /ask."""

    async def ask(self, interaction: discord_py.Interaction, question: str) -> None:  # noqa: ARG002
        assert isinstance(interaction.user, discord_py.Member)
        channel: Any = interaction.channel
        self.told = interaction.permissions, interaction.app_permissions
        self.computed = [
            channel.permissions_for(who) for who in (interaction.user, channel.guild.me)
        ]
        await interaction.response.send_message("seen", ephemeral=True)


def test_names_of_permissions_are_discords():
    """Every bit of discord.py is known by its number, guild-wide or of a channel."""
    assert sum(1 << bit for bit in BITS.values()) == discord_py.Permissions.all().value
    channel_bits = sum(1 << BITS[name] for name in set(BITS) - GUILD_WIDE)
    assert channel_bits == discord_py.Permissions.all_channel().value


@pytest.mark.parametrize("inside_thread", [False, True], ids=["channel", "thread"])
def test_permissions_agree_with_discord_py(discord, place, inside_thread):
    """Roles and overwrites give the same permissions as discord.py computes."""
    channel, alice = place
    guild, client = channel.guild, PowersBot()
    reader = discord.add_role(guild, "reader", "MANAGE_MESSAGES")
    keeper = discord.add_role(guild, "keeper", "MANAGE_GUILD")
    muted = discord.add_role(guild, "muted")
    spot = discord.start_thread(channel, alice, "on it") if inside_thread else channel
    steps = [
        lambda: discord.set_roles(guild, alice, reader, keeper),
        lambda: discord.overwrite(channel, guild, deny=["ATTACH_FILES", "MANAGE_MESSAGES"]),
        lambda: discord.overwrite(channel, reader, allow=["ATTACH_FILES"], deny=["ADD_REACTIONS"]),
        lambda: discord.overwrite(channel, alice, allow=["ADD_REACTIONS"]),
        lambda: discord.overwrite(channel, discord.bot, deny=["EMBED_LINKS", "SEND_MESSAGES"]),
        lambda: discord.set_roles(guild, alice, muted),
        lambda: discord.overwrite(channel, muted, deny=["SEND_MESSAGES_IN_THREADS"]),
        lambda: discord.set_permissions(
            guild, guild.everyone, "VIEW_CHANNEL", "SEND_MESSAGES", "USE_APPLICATION_COMMANDS"
        ),
        lambda: discord.set_permissions(guild, muted, "ADMINISTRATOR"),
    ]
    voice = discord_py.Permissions.voice().value  # discord.py hides them in text channels
    with running(client, discord):
        discord.wait_for_commands("ask")
        for step in steps:
            step()
            discord.slash(spot, alice, "ask", question="?").wait_for_response()
            assert [p.value & ~voice for p in client.computed] == [
                p.value & ~voice for p in client.told
            ]
    assert client.told[0].administrator


def test_private_channel_is_seen_by_its_role_only(discord, place):
    """A person or bot that does not see a channel cannot talk, use commands or get events there."""
    channel, alice = place
    guild = channel.guild
    role = discord.add_role(guild, "inner")
    bella = discord.add_user("bella", guild, roles=[role])
    discord.overwrite(channel, guild, deny=["VIEW_CHANNEL"])
    discord.overwrite(channel, role, allow=["VIEW_CHANNEL"])
    with pytest.raises(LookupError, match="alice may not VIEW_CHANNEL"):
        discord.say(channel, alice, "hello")
    with running(EchoBot(), discord):
        discord.wait_for_commands("ask")
        with pytest.raises(LookupError, match="alice may not VIEW_CHANNEL"):
            discord.slash(channel, alice, "ask", question="?")
        assert discord.say(channel, bella, "echo unheard")
        discord.set_roles(guild, discord.bot, role)
        question = discord.say(channel, bella, "echo now")
        assert discord.wait_for_answer(question).content == "now"
    assert len(discord.messages(channel)) == 3


def test_unknown_permission_is_a_mistake_of_the_test(discord, place):
    """A misspelt permission raises, and so does an overwrite on a thread."""
    channel, alice = place
    with pytest.raises(KeyError):
        discord.overwrite(channel, alice, deny=["SEND_MESSAGE"])
    with pytest.raises(ValueError, match="threads take"):
        discord.overwrite(discord.start_thread(channel, alice, "t"), alice, deny=[])


def test_members_and_roles_change():
    """With the members intent a bot gets events of members; without it only of its own roles."""
    with DiscordStandIn(members_intent=True, identify_interval=0) as discord:
        guild = discord.add_guild("Readers")
        role = discord.add_role(guild, "keeper")
        for client in (WatchingBot(members=True), WatchingBot()):
            with running(client, discord):
                do(client, client.wait_until_ready())
                bella = discord.add_user("bella", guild)
                discord.set_roles(guild, bella, role)
                discord.leave(guild, bella)
                discord.set_roles(guild, discord.bot, role)
                heard(discord, client, "roles", ["@everyone", "keeper"])
                discord.set_roles(guild, discord.bot)
                heard(discord, client, "roles", ["@everyone"])
            told = [event for event in client.events if event[0] != "roles"]
            assert told == (
                [("joined", "bella"), ("left", "bella")] if client.intents.members else []
            )
        with running(client := WatchingBot(), discord):
            do(client, client.wait_until_ready())
            discord.set_permissions(guild, role, "MANAGE_GUILD")
            heard(discord, client, "role", True)
            discord.remove_role(guild, role)
            heard(discord, client, "role deleted", "keeper")
            discord.set_locale(guild, "de")
            heard(discord, client, "locale", "de")


def test_deletions_have_events(discord, place):
    """Single deletions, bulk deletions and deleted channels each have their event."""
    channel, alice = place
    thread = discord.start_thread(channel, alice, "on it")
    client = WatchingBot()
    with running(client, discord):
        one, *more = [discord.say(channel, alice, f"message {number}") for number in range(3)]
        discord.delete(one)
        heard(discord, client, "deleted", one.id)
        discord.bulk_delete(more)
        heard(discord, client, "deleted together", {message.id for message in more})
        last = discord.say(thread, alice, "last")
        discord.remove_channel(channel)
        heard(discord, client, "channel deleted", channel.id)
        heard(discord, client, "thread deleted", thread.id)
    assert (last.deleted, discord.messages(channel)) == (True, [])
    assert thread.id not in discord.world.channels


def test_bot_deletes_several_messages(discord, place):
    """A bulk deletion needs the permission to manage messages."""
    channel, alice = place
    client = EchoBot()
    said = [discord.say(channel, alice, str(number)) for number in range(2)]
    role = discord.add_role(channel.guild, "cleaner", "MANAGE_MESSAGES")
    with running(client, discord):
        do(client, client.wait_until_ready())
        known: Any = client.get_channel(channel.id)
        with pytest.raises(discord_py.Forbidden, match="50013"):
            do(client, known.delete_messages([discord_py.Object(item.id) for item in said]))
        discord.set_roles(channel.guild, discord.bot, role)
        do(client, known.delete_messages([discord_py.Object(item.id) for item in said]))
    assert discord.messages(channel) == []
    discord.forgive("50013")


def test_idle_thread_is_archived_and_wakes(discord, place):
    """A thread is archived after its time without a message, and opens when someone posts."""
    channel, alice = place
    client = WatchingBot()
    with running(client, discord):
        do(client, client.wait_until_ready())
        thread = discord.start_thread(channel, alice, "on it")
        answer = discord.wait_for_answer(discord.say(thread, alice, "echo hi"))
        discord.advance(thread.archive_minutes * 60 + 1)
        heard(discord, client, "archived", thread.id)
        known: Any = client.get_partial_messageable(thread.id)
        for change in ({"content": "late"}, {"content": "later"}):
            with pytest.raises(discord_py.HTTPException, match="50083"):
                do(client, known.get_partial_message(answer.id).edit(**change))
        discord.say(thread, alice, "awake?")
        heard(discord, client, "awake", thread.id)
        do(client, known.get_partial_message(answer.id).edit(content="in time"))
        discord.lock(thread)
        with pytest.raises(discord_py.HTTPException, match="160005"):
            do(client, known.send("refused"))
    assert answer.content == "in time"
    discord.forgive("50083")
    discord.forgive("160005")


def test_advanced_clock_stamps_edits(discord, place):
    """Ids and timestamps made after `advance` are of the later time."""
    channel, alice = place
    message = discord.say(channel, alice, "one")
    discord.advance(360)
    discord.edit(message, "two")
    assert message.edited_at is not None
    assert 350 < message.edited_at - time.time() < 370
    later = discord.say(channel, alice, "three")
    assert (later.id >> 22) - (message.id >> 22) >= 360_000


def test_owner_and_team_of_the_application(discord):
    """The application belongs to a person, or to a team whose members all own it."""
    client = commands.Bot("!", intents=discord_py.Intents.default())
    carol = discord.add_user("carol")
    with running(client, discord):
        alone = do(client, client.application_info())
        discord.set_team(carol)
        shared = do(client, client.application_info())
    assert (alone.owner.id, alone.team) == (discord.owner.id, None)
    assert shared.team is not None
    assert [member.id for member in shared.team.members] == [discord.owner.id, carol.id]
