"""The bot that most files on Discord share, and a server in it for each test."""

import pytest

from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess
from tests.support.scenes import running_world


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """One bot over the harbour text; a file that needs another one has its own `world`."""
    folder = tmp_path_factory.mktemp("world")
    with DiscordStandIn() as discord, running_world(discord, folder, BotProcess) as world:
        yield world


@pytest.fixture
def scene(world):
    """A server of the test's own, in which the bot pings nobody and no rule is broken."""
    scene = world.settle()
    yield scene
    assert world.discord.pings == []
    assert world.discord.violations == []
    assert "Traceback" not in scene.log()
