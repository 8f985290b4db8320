"""`pullquote discord --watch`: the shared texts change while the bot runs."""

import time

from tests.support.bot_process import BotProcess


class _WatchingBot(BotProcess):
    options = ("--watch",)


def _ask(discord, place, text):
    channel, person = place
    question = discord.say(channel, person, f"{discord.mention} {text}")
    return discord.wait_for_answer(question).seen


def test_watching_bot_answers_from_a_text_that_is_added(discord, place, harbour_corpus, tmp_path):
    """A file is added, changed wrongly and mended; the bot answers all the time, and ends."""
    with _WatchingBot(discord, harbour_corpus, tmp_path / ".pullquote") as bot:
        discord.wait_ready()
        assert "found nothing" in _ask(discord, place, "what does the mill grind?")
        (harbour_corpus / "mill.txt").write_text("The mill\n\nThe mill grinds barley.\n")
        bot.wait_for_log("The texts changed (1 added, 0 changed, 0 removed): indexed 6 passages")
        assert "grinds barley" in _ask(discord, place, "what does the mill grind?")
        (harbour_corpus / "synonyms.txt").write_text("alone\n")
        bot.wait_for_log("synonyms.txt, line 1")
        assert "grinds barley" in _ask(discord, place, "what does the mill grind?")
        (harbour_corpus / "synonyms.txt").unlink()
        (harbour_corpus / "mill.txt").write_text("The mill\n\nThe mill grinds rye.\n")
        bot.wait_for_log("(0 added, 1 changed, 0 removed)")
        assert "grinds rye" in _ask(discord, place, "what does the mill grind?")
        assert bot.stop() == 0
        assert "Traceback" not in bot.log


def test_bot_without_the_option_leaves_its_index_alone(discord, place, harbour_corpus, tmp_path):
    """A rebuild is what the owner asks for."""
    with BotProcess(discord, harbour_corpus, tmp_path / ".pullquote") as bot:
        discord.wait_ready()
        (harbour_corpus / "mill.txt").write_text("The mill\n\nThe mill grinds barley.\n")
        time.sleep(3)  # a watch waits 1.6 s for the end of a burst of changes
        assert "found nothing" in _ask(discord, place, "what does the mill grind?")
        assert "The texts changed" not in bot.log
