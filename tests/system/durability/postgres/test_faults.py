"""The real bot on a PostgreSQL that fails: questions are answered, and a line says why."""

import re
import shutil
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bot.database import ServerSettings
from tests.standin import DiscordStandIn
from tests.support.health_page import fetch, free_port
from tests.support.scenes import CAPTAIN, STORM, chosen, running_world
from tests.support.small_disk import small_disk
from tests.system.durability.postgres.cluster import Proxy

LOCKS = "A second process for this bot's shards would not be noticed"
DATABASE = "Answering without the database: The database "


@contextmanager
def bot_on(url, folder, **settings):
    """Run a bot on a database, and give a server of it."""
    with (
        DiscordStandIn() as discord,
        running_world(discord, folder, DATABASE_URL=url, **settings) as world,
    ):
        yield started(world.settle())


def started(scene):
    """Wait until a bot is ready and has deleted what is too old, which it does once a day."""
    scene.bot.wait_for_log("Ready as")
    time.sleep(0.5)
    return scene


def warnings(scene):
    """Return the messages of the bot's own warnings and errors; time that jumps makes others."""
    lines = scene.log().splitlines()
    found = [re.search(r" (?:WARNING|ERROR) +bot\.[^:]+: (.*)", line) for line in lines]
    return [one[1] for one in found if one]


def let_time_pass(scene, seconds):
    """Let the bot's time pass faster, but not so fast that a sound database is late."""
    scene.bot.set_speed(6)
    time.sleep(seconds / 6)
    scene.bot.set_speed(1)


def n_questions(cluster):
    """Return how many questions are stored."""
    return cluster.value("SELECT count(*) FROM questions", "quotes")


def apologises(invocation):
    """Return whether somebody is told, in either language, that something went wrong."""
    return any(word in invocation.wait_for_response().seen for word in ("Sorry", "Entschuldigung"))


def wait_for_questions(cluster, number):
    """Wait until so many questions are stored."""
    cluster.wait_until("SELECT count(*) FROM questions", number, "quotes")


def test_database_goes_away_and_comes_back(primary, tmp_path):
    """Settings hold meanwhile, votes apologise, and one line each says what is missing."""
    with bot_on(f"{primary.address}quotes", tmp_path) as scene:
        scene.set_server(ServerSettings(language="de"))
        first = scene.ask()
        wait_for_questions(primary, 1)
        primary.stop()
        assert STORM in scene.ask("when did the storm come?").seen
        assert apologises(scene.press(first, "\N{THUMBS UP SIGN}", scene.bob))
        let_time_pass(scene, 30)
        assert CAPTAIN in scene.ask().seen
        lines = warnings(scene)
        primary.start()
        let_time_pass(scene, 20)
        assert STORM in scene.ask("and the storm?").seen
        scene.wait_for_log("The database works again")
        scene.wait_for_log("This bot's shards are locked on")
        assert chosen(scene.panel(), "language") == ["de"]
        wait_for_questions(primary, 2)
    assert sorted(line[:45] for line in lines) == sorted([LOCKS[:45], DATABASE[:45]])


def test_database_that_vanishes_and_comes_back(primary, tmp_path):
    """The network is cut, so that nothing is refused: answers wait for a moment, not for ever."""
    with Proxy(primary.host) as proxy:
        url = f"{primary.address}quotes".replace(primary.host, f"127.0.0.1:{proxy.port}")
        with bot_on(url, tmp_path) as scene:
            scene.ask()
            wait_for_questions(primary, 1)
            proxy.is_silent = True
            for _ in range(3):
                assert STORM in scene.ask("when did the storm come?").seen
            let_time_pass(scene, 30)
            lines = warnings(scene)
            proxy.is_silent = False
            let_time_pass(scene, 30)
            scene.ask()
            scene.wait_for_log("The database works again")
            scene.wait_for_log("This bot's shards are locked on")
    assert sorted(line[:45] for line in lines) == sorted([LOCKS[:45], DATABASE[:45]])


def test_database_that_is_silent_from_the_start_delays_neither_start_nor_end(primary, tmp_path):
    """The bot is ready after some seconds, answers, and ends within ten."""
    with Proxy(primary.host) as proxy:
        proxy.is_silent = True
        url = f"{primary.address}quotes".replace(primary.host, f"127.0.0.1:{proxy.port}")
        with bot_on(url, tmp_path) as scene:
            assert STORM in scene.ask("when did the storm come?").seen
            assert scene.bot.log.count("Starting without the database") == 1


@pytest.mark.parametrize("delay_s", [0.05, 0.4])
def test_slow_database_delays_answers_for_a_moment_only(primary, tmp_path, delay_s):
    """Where each step takes 0.1 s all is kept; where it takes 0.8 s one line says so."""
    with Proxy(primary.host) as proxy:
        url = f"{primary.address}quotes".replace(primary.host, f"127.0.0.1:{proxy.port}")
        with bot_on(url, tmp_path) as scene:
            scene.ask()
            wait_for_questions(primary, 1)
            proxy.delay_s = delay_s
            for _ in range(5):
                assert STORM in scene.ask("when did the storm come?").seen
            lines = [line[: len(DATABASE)] for line in warnings(scene)]
            proxy.delay_s = 0.0
    if delay_s < 0.1:
        assert lines == []
        wait_for_questions(primary, 6)
    else:
        assert lines == [DATABASE]


def test_read_only_database_is_read(primary, tmp_path):
    """Settings hold from the start on, changes are refused, and the page of health says why."""
    url, port = f"{primary.address}quotes", free_port()
    with DiscordStandIn() as discord:
        with running_world(discord, tmp_path, DATABASE_URL=url) as world:
            scene = started(world.settle())
            scene.set_server(ServerSettings(language="de"))
        primary.run("ALTER DATABASE quotes SET default_transaction_read_only = on")
        discord.advance(6)  # Discord's time between two sessions of a shard
        with running_world(discord, tmp_path, DATABASE_URL=url, HEALTH_PORT=str(port)) as world:
            use_read_only(replace(scene, bot=world.bot, n_logged=0), primary, port)


def use_read_only(scene, primary, port):
    """Ask and administer while the database is read-only, then let it take changes."""
    started(scene)
    assert CAPTAIN in scene.ask().seen
    assert chosen(scene.panel(), "language") == ["de"]
    assert "nicht gespeichert" in scene.set_up("mode", "every").seen
    let_time_pass(scene, 30)
    status, page = fetch(port, "/healthz")
    assert status == 200
    assert "cannot execute INSERT in a read-only transaction; it can be read meanwhile" in page
    lines = [line.partition(": ")[0] for line in warnings(scene)]
    assert sorted(lines) == [
        "A setting could not be saved",
        "Answering without the database",
        "What is too old is deleted tomorrow",
    ]
    primary.run("ALTER DATABASE quotes RESET default_transaction_read_only")
    let_time_pass(scene, 20)
    scene.ask()
    scene.wait_for_log("The database works again")
    wait_for_questions(primary, 1)


def test_failover_is_two_lines(primary, standby, tmp_path):
    """The bot reads from the standby, then writes to it, without a restart."""
    url = f"{primary.address}quotes".replace(primary.host, f"{primary.host},{standby.host}")
    with bot_on(url, tmp_path) as scene:
        scene.set_server(ServerSettings(language="de"))
        scene.ask()
        wait_for_questions(standby, 1)
        primary.stop()
        assert STORM in scene.ask("when did the storm come?").seen
        assert chosen(scene.panel(), "language") == ["de"]
        let_time_pass(scene, 30)
        standby.promote()
        let_time_pass(scene, 20)
        scene.ask()
        scene.wait_for_log("The database works again")
        scene.wait_for_log("This bot's shards are locked on")
        wait_for_questions(standby, 2)
        assert sorted(line[:45] for line in warnings(scene)) == [LOCKS[:45], DATABASE[:45]]


def test_full_disk_of_the_server_is_one_line(primary, new_folder, tmp_path):
    """Questions are answered, and kept again once there is room; settings are read meanwhile."""
    with small_disk(new_folder()) as disk, bot_on(f"{primary.address}quotes", tmp_path) as scene:
        space = disk.folder / "space"
        space.mkdir()
        shutil.chown(space, "postgres")
        primary.run(f"CREATE TABLESPACE small LOCATION '{space}'")
        primary.run("ALTER TABLE questions SET TABLESPACE small", "quotes")
        scene.set_server(ServerSettings(language="de"))
        disk.fill()
        for _ in range(3):
            assert CAPTAIN in scene.ask().seen
        assert chosen(scene.panel(), "language") == ["de"]
        (line,) = warnings(scene)
        assert line.startswith(DATABASE)
        assert "No space left on device; free some space on the disk of its server" in line
        disk.free()
        scene.ask()
        scene.wait_for_log("The database works again")
        wait_for_questions(primary, 1)
        primary.run("ALTER TABLE questions SET TABLESPACE pg_default", "quotes")
        primary.run("DROP TABLESPACE small")
