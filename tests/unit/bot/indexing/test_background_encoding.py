"""What words answer at once, the encoder reads in the background."""

import asyncio
import logging
from types import SimpleNamespace

import pytest

from bot.config.settings import Settings
from bot.indexing import background_encoding
from bot.indexing.background_encoding import BackgroundEncoding
from bot.indexing.build import build
from bot.indexing.server_indexes import ServerIndexes
from index import EncoderUnavailableError, LiveSearcher, Tier, WeightedText
from index.progress import silently
from index.vectors.write_vectors import EncoderChoice
from tests.support.in_memory import WordEncoder, as_encoder

GUILD = 4711


@pytest.fixture
def encoder(monkeypatch):
    """A made-up encoder in the place of the package's."""
    encoder = WordEncoder()
    monkeypatch.setattr(EncoderChoice, "find", lambda *_: (as_encoder(encoder), "0" * 64))
    monkeypatch.setattr("index.search.searcher.open_encoder", lambda *_: as_encoder(encoder))
    return encoder


@pytest.fixture
def bot(harbour_corpus, tmp_path, monkeypatch, encoder):
    """The shared index, and one of a server, both without vectors yet."""
    monkeypatch.setattr(background_encoding, "_LOOK_EVERY_S", 0.01)
    settings = Settings(corpus_dir=harbour_corpus, data_dir=tmp_path / "data")
    settings.data_dir.mkdir()
    build(settings, settings.models_dir, silently, within_s=0)
    indexes = ServerIndexes(LiveSearcher(settings.index_dir), settings.data_dir)
    return SimpleNamespace(
        settings=settings,
        indexes=indexes,
        encoding=BackgroundEncoding(settings, indexes),
        encoder=encoder,
    )


def _add_server_text(bot):
    corpus = bot.indexes.corpus_dir(GUILD)
    corpus.mkdir(parents=True)
    (corpus / "mill.txt").write_text("The mill\n\nThe mill grinds rye.\n", encoding="utf-8")
    own = Settings(
        corpus_dir=corpus, data_dir=bot.indexes.server_dir(GUILD), retrieval=bot.settings.retrieval
    )
    build(own, bot.settings.models_dir, silently, within_s=0)


async def _run_until(bot, is_done):
    running = asyncio.create_task(bot.encoding.run())
    try:
        async with asyncio.timeout(10):
            while not is_done():
                await asyncio.sleep(0.01)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def test_words_answer_until_the_encoder_has_read_the_texts(bot):
    """The shared texts first, then those of a server; the next question uses the vectors."""
    _add_server_text(bot)
    assert bot.indexes.shared().tier is Tier.LEXICAL
    assert bot.indexes.own(GUILD).tier is Tier.LEXICAL
    assert bot.indexes.shared().search([WeightedText("storm")], 1)
    asyncio.run(_run_until(bot, lambda: bot.indexes.own(GUILD).tier is Tier.ENCODER))
    assert bot.indexes.shared().tier is Tier.ENCODER
    assert bot.indexes.shared().search([WeightedText("storm")], 1)[0].cosine is not None


def test_text_that_is_added_later_is_read_too(bot):
    """The encoder looks for new indexes all the time."""
    asyncio.run(_run_until(bot, lambda: bot.indexes.shared().tier is Tier.ENCODER))
    _add_server_text(bot)
    asyncio.run(_run_until(bot, lambda: bot.indexes.own(GUILD).tier is Tier.ENCODER))


def test_progress_is_told_while_vectors_are_missing(bot):
    """Nothing is told of a server whose texts, and the shared ones, have vectors."""
    assert bot.encoding.percent_done(GUILD) == 0
    asyncio.run(_run_until(bot, lambda: bot.indexes.shared().tier is Tier.ENCODER))
    assert bot.encoding.percent_done(GUILD) is None
    _add_server_text(bot)
    assert (bot.encoding.percent_done(GUILD), bot.encoding.percent_done(None)) == (0, None)


def test_lexical_tier_encodes_nothing(harbour_corpus, tmp_path, bot):
    """With RETRIEVAL=lexical there is nothing to do, so the task ends."""
    settings = Settings(
        corpus_dir=harbour_corpus, data_dir=tmp_path / "data", retrieval=Tier.LEXICAL
    )
    read = len(bot.encoder.read)
    asyncio.run(BackgroundEncoding(settings, bot.indexes).run())
    assert len(bot.encoder.read) == read


def test_encoder_that_fails_is_reported_once_and_tried_again_later(bot, monkeypatch, caplog):
    """The texts stay searchable by words."""
    caplog.set_level(logging.WARNING, "bot")
    tried = []

    def find(*_):
        tried.append(1)
        raise EncoderUnavailableError("the encoder of the package", "it is broken")

    monkeypatch.setattr(EncoderChoice, "find", find)
    asyncio.run(_run_until(bot, lambda: caplog.records))
    asyncio.run(asyncio.sleep(0.05))
    assert [record.getMessage() for record in caplog.records] == [
        "Texts are searched by words only: "
        "the encoder of the package: the encoder cannot be used (it is broken)"
    ]
    assert len(tried) == 1
    assert bot.indexes.shared().tier is Tier.LEXICAL


def test_server_whose_texts_go_meanwhile_leaves_nothing_behind(bot, monkeypatch):
    """Removing a server's folder while its texts are read does not bring it back."""
    asyncio.run(_run_until(bot, lambda: bot.indexes.shared().tier is Tier.ENCODER))
    _add_server_text(bot)
    folder = bot.indexes.server_dir(GUILD)
    encode = WordEncoder.encode_passage

    def remove_and_encode(self, text):
        if folder.exists():
            for path in sorted(folder.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            folder.rmdir()
        return encode(self, text)

    monkeypatch.setattr(WordEncoder, "encode_passage", remove_and_encode)
    asyncio.run(_run_until(bot, lambda: not folder.exists()))
    assert not folder.exists()
