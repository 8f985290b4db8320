"""A real bot is backed up while it runs, and another bot continues from the backup."""

import asyncio
from functools import partial

from bot.database import open_database
from index import PassageRef, fingerprint
from tests.support.bot_process import BotProcess
from tests.support.command import run_pullquote
from tests.support.scenes import scene as scene
from tests.support.scenes import world as world
from tests.system.discord.admin.test_setup import ask, chosen, panel, set_up
from tests.system.discord.texts.test_texts import MILL, THORNE

VISITORS = "Visitors come in June to hear the choir sing on the pier."


async def _teach(url, guild_id):
    database = await open_database(url)
    try:
        await database.taught.add(
            guild_id,
            "do they sell ice cream?",
            PassageRef("harbour.txt", 5, fingerprint(VISITORS)),
            taught_by="c" * 32,
        )
    finally:
        await database.close()


def test_restored_bot_knows_what_the_former_one_did(world, scene, tmp_path):
    """Lessons, settings and a server's own text, saved beside the running bot."""
    discord = world.discord
    texts = world.data / "servers" / str(scene.guild.id) / "texts"
    texts.mkdir(parents=True)
    (texts / "mill.md").write_text(MILL, encoding="utf-8")
    asyncio.run(_teach(f"sqlite:///{world.data}/pullquote.db", scene.guild.id))
    assert chosen(set_up(discord, scene, "language", "de"), "language") == ["de"]
    assert VISITORS in ask(discord, scene, "can i buy ice creams").seen.replace("**", "")
    saved = run_pullquote("backup", "--data", str(world.data), "a.zip")
    assert saved.returncode == 0, saved.stderr
    refused = run_pullquote("restore", "--data", str(world.data), "a.zip", "--force")
    assert (refused.returncode, refused.stdout) == (5, "")
    assert f"serves the data folder {world.data}" in refused.stderr
    world.bot.stop()

    restored = run_pullquote("restore", "--data", str(tmp_path / "new"), "a.zip")
    assert restored.returncode == 0, restored.stderr
    discord.expect_restart()
    with BotProcess(discord, world.corpus, tmp_path / "new") as bot:
        discord.wait_ready()
        bot.wait_for_log("Ready as")
        assert chosen(panel(discord, scene), "language") == ["de"]
        assert VISITORS in ask(discord, scene, "can i buy ice creams").seen.replace("**", "")
        asked_mill = partial(ask, discord, scene, "who did the mill belong to?")
        discord.wait_until(lambda: THORNE in asked_mill().seen.replace("**", ""), 20, "the mill")
        assert "Traceback" not in bot.log
