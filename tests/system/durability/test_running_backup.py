"""A real bot is backed up while it runs, and another bot continues from the backup."""

from dataclasses import replace

import pytest

from index import PassageRef, fingerprint
from tests.support.command import run_pullquote
from tests.support.data.data_folder import store, write
from tests.support.forks import run_forked
from tests.support.postgres import new_database, on_postgres
from tests.support.scenes import chosen, running_world

THORNE = "The mill belonged to the Thorne family for two hundred years."
VISITORS = "Visitors come in June to hear the choir sing on the pier."


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=on_postgres)])
def new_settings(request):
    """A function that returns the settings for a new database of a kind."""
    if request.param == "sqlite":
        return dict
    server = request.getfixturevalue("postgres_server")
    return lambda: {"DATABASE_URL": new_database(server)}


def test_restored_bot_knows_what_the_former_one_did(discord, tmp_path, monkeypatch, new_settings):
    """Lessons, settings and a server's own text, saved beside the running bot."""
    former, new = tmp_path / "former", tmp_path / "new"
    former.mkdir()
    new.mkdir()
    settings = new_settings()
    with running_world(discord, former, **settings) as world:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        scene = world.settle()
        mill = {"texts/mill.md": f"# The mill of Arden\n\n{THORNE}\n".encode()}
        if settings:
            scene.on_database(lambda database: store(database, scene.guild.id, mill))
        else:
            write(scene.data / "servers" / str(scene.guild.id), mill)
        teach(scene)
        assert chosen(scene.set_up("language", "de"), "language") == ["de"]
        assert VISITORS in scene.ask("can i buy ice creams").seen.replace("**", "")
        saved = run_forked("backup", "--data", str(scene.data), "a.zip")
        assert saved.returncode == 0, saved.stderr
        refused = run_forked("restore", "--data", str(scene.data), "a.zip", "--force")
        assert (refused.returncode, refused.stdout) == (5, "")
        assert f"serves the data folder {scene.data}" in refused.stderr

    settings = new_settings()
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    restored = run_pullquote("restore", "--data", str(new / "data"), "a.zip")
    assert restored.returncode == 0, restored.stderr
    discord.expect_restart()
    with running_world(discord, new, **settings) as world:
        world.bot.wait_for_log("Ready as")
        scene = replace(scene, bot=world.bot, folder=new, database=world.database)
        assert chosen(scene.panel(), "language") == ["de"]
        assert VISITORS in scene.ask("can i buy ice creams").seen.replace("**", "")

        def answer():
            return scene.ask("who did the mill belong to?").seen.replace("**", "")

        discord.wait_until(lambda: THORNE in answer(), 20, "the mill")


def teach(scene):
    """Store a lesson of the server, as another process does."""
    at = PassageRef("harbour.txt", 5, fingerprint(VISITORS))
    scene.on_database(
        lambda database: database.taught.add(
            scene.guild.id, "do they sell ice cream?", at, taught_by="c" * 32
        )
    )
