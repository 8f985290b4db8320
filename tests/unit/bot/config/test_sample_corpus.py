"""The sample text that comes with the program."""

from pathlib import Path

import pytest

from bot.config import sample_corpus
from bot.errors import BotError


def test_sample_is_copied_alone_and_replaces_nothing(monkeypatch):
    """Neither its page nor what an owner put beside it in a checkout is a sample."""
    own = Path("checkout")
    own.mkdir()
    for name in ("README.md", "us-israel-2023.md", "minutes.md"):
        (own / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(sample_corpus, "_FOLDERS", (Path("nowhere"), own))
    target = Path("texts")
    target.mkdir()
    copy = sample_corpus.copy_sample(target)
    assert copy == target / "us-israel-2023.md"
    assert list(target.iterdir()) == [copy]
    copy.write_text("mine", encoding="utf-8")
    assert sample_corpus.copy_sample(target) is None
    assert copy.read_text(encoding="utf-8") == "mine"


def test_sample_comes_with_the_program():
    """In a checkout it is the text of the folder `corpus`."""
    Path("texts").mkdir()
    assert sample_corpus.copy_sample(Path("texts"))


def test_installation_without_a_sample_says_so(monkeypatch):
    """It is an error for people, not a traceback."""
    monkeypatch.setattr(sample_corpus, "_FOLDERS", (Path("nowhere"),))
    with pytest.raises(BotError, match="put in a text of yours"):
        sample_corpus.copy_sample(Path())
