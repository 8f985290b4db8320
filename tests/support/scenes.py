"""One running bot for all tests of a file, each of which gets a server of its own."""

from types import SimpleNamespace

import pytest

from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess
from tests.support.command import SETTINGS
from tests.support.data.harbour import HARBOUR


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The stand-in and the bot over the harbour corpus; nothing in its log may be a traceback."""
    folder = tmp_path_factory.mktemp("world")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, DiscordStandIn() as discord:
        for variable in SETTINGS:
            patch.delenv(variable, raising=False)
        patch.chdir(folder)
        with BotProcess(discord, corpus, folder / "data") as bot:
            discord.wait_ready()
            discord.wait_for_commands("pullquote", "help")
            yield SimpleNamespace(discord=discord, bot=bot, corpus=corpus, data=folder / "data")
            assert "Traceback" not in bot.log, bot.log


@pytest.fixture
def scene(world):
    """A server with a channel, somebody who manages it (the admin), and a member (Bob)."""
    guild = world.discord.add_guild("Lowmere")
    managers = world.discord.add_role(guild, "managers", "MANAGE_GUILD")
    return SimpleNamespace(
        guild=guild,
        channel=world.discord.add_channel(guild, "harbour"),
        managers=managers,
        admin=world.discord.add_user("ada", guild, roles=[managers]),
        bob=world.discord.add_user("bob", guild),
    )
