"""The forms in which `pullquote ask` prints an answer."""

from unittest.mock import create_autospec

from rich.console import Console

from bot.answering.answer import Answer
from bot.terminal.answer_forms import print_discord, print_text
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


def test_text_offers_words_and_headings(capsys):
    """Where nothing is found, people in a terminal get them, too."""
    searcher = create_autospec(AnySearcher, instance=True)
    searcher.did_you_mean.return_value = ["harbour"]
    searcher.nearest_headings.return_value = ["Storms"]
    print_text(Answer("harbuor?", (), "nothing_found", 1.0), None, Console(), searcher)
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Did you mean: harbour?",
        "Nearest headings: Storms",
    ]
