"""Rebuilds, a watch, a bot and an upload at once: each index ends whole, with all its vectors."""

import json
import subprocess

from index import IndexMissingError, Searcher, Tier, WeightedText
from index.storage.build_files import verify_build
from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess
from tests.support.command import COMMAND

WAIT_S = 60.0


def _start(*command):
    return subprocess.Popen(
        [COMMAND, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _finds_by_meaning(index_dir, question, source):
    """Return whether an index has its vectors, and they lead to a text that shares no word."""
    try:
        searcher = Searcher.open(index_dir)
    except IndexMissingError:
        return False
    hits = searcher.search([WeightedText(question)], 1)
    return searcher.tier is Tier.ENCODER and [hit.passage.source for hit in hits] == [source]


def test_two_rebuilds_a_watch_and_an_upload_at_once(harbour_corpus, tmp_path, monkeypatch):
    """None is lost or mixed up; who comes second is told to wait."""
    monkeypatch.setenv("RETRIEVAL", "auto")
    data = tmp_path / "data"
    folders = ("--corpus", str(harbour_corpus), "--data", str(data))
    with DiscordStandIn() as discord:
        guild = discord.add_guild("Lowmere")
        channel = discord.add_channel(guild, "harbour")
        with BotProcess(discord, harbour_corpus, data) as bot:
            discord.wait_ready()
            discord.wait_for_commands("pullquote")
            watch = _start("rebuild", "--watch", "--json", *folders)
            try:
                assert json.loads(watch.stdout.readline())["documents"] == 1
                file = discord.attachment("physician.txt", b"The physician cured the ill child.")
                discord.slash(channel, guild.owner, "pullquote add", file=file)
                for number in range(3):
                    text = f"The miller grinds barley on day {number}."
                    (harbour_corpus / f"mill{number}.txt").write_text(text, encoding="utf-8")
                    rebuilds = [_start("rebuild", "--json", *folders) for _ in range(2)]
                    for rebuild in rebuilds:
                        said, problem = rebuild.communicate(timeout=WAIT_S)
                        if rebuild.returncode:
                            assert problem.endswith("try again when it is done\n")
                            assert problem.count("\n") == 1
                        else:
                            assert problem == ""
                            assert json.loads(said)["documents"] == number + 2
                own = data / "servers" / str(guild.id) / "index"
                discord.wait_until(
                    lambda: (
                        _finds_by_meaning(data / "index", "Did fire hit the beacon?", "harbour.txt")
                        and _finds_by_meaning(own, "Which medicine helps?", "physician.txt")
                    ),
                    WAIT_S,
                    "all vectors",
                )
                assert watch.poll() is None
            finally:
                watch.kill()
                watch.communicate()
            assert bot.stop() == 0
            assert "Traceback" not in bot.log
    for index_dir, n_passages in ((data / "index", 8), (own, 1)):
        assert verify_build(index_dir, thorough=True).passages == n_passages
