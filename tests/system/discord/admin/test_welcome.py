"""The message with which the bot answers an invitation, once, where it may write."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.database import ChannelSettings
from bot.discord_app.admin.welcome.message import TITLE
from bot.languages import catalogue
from tests.standin import DiscordStandIn
from tests.standin.model.world import DISCORD_EPOCH_MS
from tests.support.scenes import running_world

HALL = "hall"


def prepare(discord, name, *, deny=(), locale="en-US"):
    """Add a server without the bot, with a channel for system messages, and return the channel."""
    guild = discord.add_guild(name, with_bot=False, locale=locale)
    guild.system_channel = discord.add_channel(guild, HALL, deny=deny)
    return guild.system_channel


def invite(discord, name, **options):
    """Let a server invite the bot, and return its channel for system messages."""
    channel = prepare(discord, name, **options)
    discord.invite_bot(channel.guild)
    return channel


def greetings(discord, channel):
    """Return what the bot wrote in a channel by itself."""
    return [one for one in discord.messages(channel) if one.author is discord.bot]


def wait_for_greeting(discord, channel, number=1):
    """Wait until the bot has greeted that many times, and return the last message."""
    found = discord.wait_until(
        lambda: len(greetings(discord, channel)) >= number and greetings(discord, channel),
        15,
        "a greeting",
    )
    assert len(found) == number
    return found[-1]


def wait_for_all_greetings(discord):
    """Wait until whoever is greeted before a server that is invited now has been greeted."""
    wait_for_greeting(discord, invite(discord, "Next"))


def test_server_that_invites_the_bot_learns_what_it_does(scene):
    """The message says how to ask, what admins can do, and names the texts; it pings nobody."""
    discord = scene.discord
    seen = wait_for_greeting(discord, invite(discord, "Quay")).seen
    for words in (TITLE, "answer only with quotes", "Mention me with your question", "/ask"):
        assert words in seen
    assert "/pullquote setup" in seen
    assert "The harbour of Lowmere" in seen


def test_server_is_greeted_in_its_language(scene):
    """The commands have the names that clients of that language show."""
    discord = scene.discord
    seen = wait_for_greeting(discord, invite(discord, "Kai", locale="de")).seen
    assert catalogue("de")(TITLE) in seen
    assert "/pullquote einrichten" in seen


@pytest.mark.parametrize("lacking", ["VIEW_CHANNEL", "SEND_MESSAGES"])
def test_bot_that_may_not_write_there_writes_nowhere(scene, lacking):
    """Also a server that chose no channel for system messages hears nothing."""
    discord = scene.discord
    closed = prepare(discord, "Closed", deny=[lacking])
    open_one = discord.add_channel(closed.guild, "open")
    discord.invite_bot(closed.guild)
    bare = prepare(discord, "Bare")
    bare.guild.system_channel = None
    discord.invite_bot(bare.guild)
    wait_for_all_greetings(discord)
    assert [greetings(discord, one) for one in (closed, open_one, bare)] == [[], [], []]
    assert "is not greeted" not in scene.log()


def test_bot_that_is_turned_off_in_the_channel_stays_silent(scene):
    """A server that invites the bot again finds its settings as they were."""
    discord = scene.discord
    channel = prepare(discord, "Again")
    off = ChannelSettings(mode="off")
    scene.on_database(lambda of: of.settings.set_channel(channel.guild.id, channel.id, off))
    discord.invite_bot(channel.guild)
    wait_for_all_greetings(discord)
    assert greetings(discord, channel) == []


def test_message_that_discord_refuses_is_one_line(scene):
    """The bot goes on, and does not try again."""
    discord = scene.discord
    discord.fail_next("POST", "^/channels/{channel}/messages$", status=403, code=50013)
    channel = invite(discord, "Refusing")
    scene.wait_for_log("is not greeted")
    wait_for_all_greetings(discord)
    assert greetings(discord, channel) == []


def test_server_is_greeted_once_for_each_invitation(tmp_path):
    """An outage, a lost session and a restart are no invitations; to be invited again is one."""
    with DiscordStandIn() as discord:
        with running_world(discord, tmp_path) as world:
            channel = invite(discord, "Quay")
            wait_for_greeting(discord, channel)
            gone = {"id": str(channel.guild.id), "unavailable": True}
            discord.send_event("GUILD_DELETE", gone)
            discord.wait_until(lambda: discord.gateway.sessions, 5, "a session")
            come_back(discord, channel.guild)
            wait_for_all_greetings(discord)
            discord.lose_session()
            discord.wait_ready(60)
            wait_for_all_greetings(discord)
        discord.expect_restart()
        with running_world(discord, tmp_path) as world:
            wait_for_all_greetings(discord)
            assert len(greetings(discord, channel)) == 1
            discord.remove_guild(channel.guild)
            world.bot.wait_for_log(f"Removed from server {channel.guild.id}")
            discord.invite_bot(channel.guild)
            wait_for_greeting(discord, channel, 2)


def come_back(discord, guild):
    """Tell the bot that a server is available again after an outage."""
    from tests.standin.model import payloads

    discord.send_event("GUILD_CREATE", payloads.guild_json(discord.world, guild))


def test_server_that_invited_the_bot_while_it_was_off_is_greeted_at_the_start(tmp_path):
    """A server that has had the bot for more than a day is not."""
    with DiscordStandIn() as discord:
        new, old = invite(discord, "New"), invite(discord, "Old")
        before = datetime.now(UTC) - timedelta(hours=25)
        old.guild.bot_joined = (int(before.timestamp() * 1000) - DISCORD_EPOCH_MS) << 22
        with running_world(discord, tmp_path):
            wait_for_greeting(discord, new)
            wait_for_all_greetings(discord)
            assert greetings(discord, old) == []
