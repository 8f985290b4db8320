"""`/pullquote stats` where the extra that draws its picture is not installed."""

import asyncio
from datetime import UTC, datetime

from bot.database import Pseudonyms, open_database
from tests.support.bot_process import BotProcess
from tests.support.data.questions import asked


def test_stats_without_the_extra_are_the_figures_as_text(discord, place, harbour_corpus, tmp_path):
    """An admin gets them with a line that says why there is no picture."""
    channel, _ = place
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text("import sys\nsys.modules['matplotlib'] = None\n")
    data = tmp_path / ".pullquote"

    async def record():
        database = await open_database(f"sqlite:///{data}/pullquote.db", lambda: datetime.now(UTC))
        await database.questions.record(asked(guild_id=channel.guild.id))
        await database.close()

    Pseudonyms.load(data)
    asyncio.run(record())
    with BotProcess(discord, harbour_corpus, data, PYTHONPATH=str(site)) as bot:
        discord.wait_ready()
        discord.wait_for_commands("pullquote")
        shown = discord.slash(channel, channel.guild.owner, "pullquote stats").wait_for_response()
        assert "Questions: 1" in shown.seen
        assert "No chart: matplotlib is not installed." in shown.seen
        assert shown.files == {}
        assert "Traceback" not in bot.log
