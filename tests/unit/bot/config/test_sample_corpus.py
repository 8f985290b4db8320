"""The sample text that comes with the program."""

from pathlib import Path

import pytest

from bot.config import sample_corpus
from bot.errors import BotError


def test_sample_is_copied_without_its_readme():
    """What is copied is the text, and what is there stays."""
    target = Path("texts")
    target.mkdir()
    copies = sample_corpus.copy_sample(target)
    assert copies
    assert "README" not in {copy.stem for copy in copies}
    assert sorted(target.iterdir()) == copies
    copies[0].write_text("mine", encoding="utf-8")
    assert sample_corpus.copy_sample(target) == []
    assert copies[0].read_text(encoding="utf-8") == "mine"


def test_installation_without_a_sample_says_so(monkeypatch):
    """It is an error for people, not a traceback."""
    monkeypatch.setattr(sample_corpus, "_FOLDERS", (Path("nowhere"),))
    with pytest.raises(BotError, match="put in a text of yours"):
        sample_corpus.copy_sample(Path())
