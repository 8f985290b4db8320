"""The forms in which `pullquote ask` prints an answer."""

from unittest.mock import create_autospec

from bot.answering.answer import Answer
from bot.terminal.answer_forms import print_discord
from index import AnySearcher


def test_message_of_discord_offers_words_and_headings(capsys):
    """Where nothing is found, people on Discord get them, too."""
    searcher = create_autospec(AnySearcher, instance=True)
    searcher.did_you_mean.return_value = ["harbour"]
    searcher.nearest_headings.return_value = ["Storms"]
    print_discord(Answer("harbuor?", (), "nothing_found", 1.0), searcher)
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Did you mean: harbour?",
        "Nearest headings: Storms",
    ]
