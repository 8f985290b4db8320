"""What words answer at once, the encoder reads in the background."""

import asyncio
import logging
from dataclasses import replace
from types import SimpleNamespace

import pytest
from filelock import FileLock

from bot.config.settings import FolderSettings, Settings
from bot.indexing import background_encoding
from bot.indexing.background_encoding import BackgroundEncoding
from bot.indexing.build import BuildProgress, BuildStoppedError, build, encoder_choice
from bot.indexing.server_indexes import ServerIndexes
from index import EncoderUnavailableError, LiveSearcher, Tier, WeightedText, add_vectors
from index.progress import silently
from index.vectors import encode_passages, write_vectors
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
    build(settings, silently, within_s=0)
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
    own = FolderSettings.of(bot.settings, bot.indexes.server_dir(GUILD))
    build(own, silently, within_s=0)


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


def test_progress_is_told_while_vectors_are_missing(bot, monkeypatch):
    """Nothing is told of a server whose texts, and the shared ones, have vectors."""
    told = _told_percents(bot, monkeypatch)
    assert bot.encoding.percent_done(GUILD) == 0
    asyncio.run(_run_until(bot, lambda: bot.indexes.shared().tier is Tier.ENCODER))
    assert told == sorted(told)
    assert any(0 < percent < 100 for percent in told)
    assert bot.encoding.percent_done(GUILD) is None
    _add_server_text(bot)
    assert (bot.encoding.percent_done(GUILD), bot.encoding.percent_done(None)) == (0, None)


def test_progress_goes_on_after_a_restart(bot, monkeypatch):
    """Passages whose vectors were kept before count as done."""
    monkeypatch.setattr(write_vectors, "ENOUGH_TOKENS", 1)
    told = _told_percents(bot, monkeypatch)
    with monkeypatch.context() as patches:
        patches.setattr(BuildProgress, "__call__", _stopped_at_half)
        with pytest.raises(BuildStoppedError):
            add_vectors(bot.settings.index_dir, _choice(bot), progress=BuildProgress())
    told.clear()
    asyncio.run(_run_until(bot, lambda: bot.indexes.shared().tier is Tier.ENCODER))
    assert next(percent for percent in told if percent) == 80  # one of five is left


def _told_percents(bot, monkeypatch):
    """Return a list that gets the progress whenever a passage is encoded, one at a time."""
    monkeypatch.setattr(encode_passages, "_SAMPLE", 1)
    monkeypatch.setattr(encode_passages, "_MAX_SUBMITTED", 1)
    told, encode = [], WordEncoder.encode_passage

    def telling(self, text):
        if (percent := bot.encoding.percent_done(None)) is not None:
            told.append(percent)
        return encode(self, text)

    monkeypatch.setattr(WordEncoder, "encode_passage", telling)
    return told


def _stopped_at_half(_, things, _what):
    yield from things[: len(things) // 2]
    raise BuildStoppedError


def _choice(bot):
    return encoder_choice(bot.settings, bot.settings.models_dir)


def test_texts_that_another_process_encodes_are_not_reported_as_read(bot, caplog):
    """As long as it holds the lock nothing is done and nothing is said."""
    caplog.set_level(logging.INFO, "bot")
    lock = FileLock(bot.settings.index_dir / "encoding.lock")
    looks, look = [], bot.encoding._pending

    def looking():
        looks.append(1)
        return look()

    bot.encoding._pending = looking
    with lock:
        asyncio.run(_run_until(bot, lambda: len(looks) > 3))
    assert caplog.records == []
    assert bot.indexes.shared().tier is Tier.LEXICAL


def test_unforeseen_error_is_reported_and_the_next_text_is_read(bot, monkeypatch, caplog):
    """An odd text or model does not end the encoding of all others."""
    _add_server_text(bot)

    def failing(index_dir, *arguments, **options):
        if index_dir == bot.settings.index_dir:
            raise ZeroDivisionError
        return add_vectors(index_dir, *arguments, **options)

    monkeypatch.setattr(background_encoding, "add_vectors", failing)
    asyncio.run(_run_until(bot, lambda: bot.indexes.own(GUILD).tier is Tier.ENCODER))
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert "ZeroDivisionError" in caplog.text


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

    ended = []

    def until_the_end(*arguments, **options):
        try:
            return add_vectors(*arguments, **options)
        finally:
            ended.append(1)

    monkeypatch.setattr(WordEncoder, "encode_passage", remove_and_encode)
    monkeypatch.setattr(background_encoding, "add_vectors", until_the_end)
    asyncio.run(_run_until(bot, lambda: ended))
    assert not folder.exists()
    assert not folder.exists()


def test_encoder_leaves_the_files_of_a_shared_index_alone_that_a_cluster_holds(bot):
    """The next rebuild reads them; servers' own texts are read as always."""
    assert list(bot.encoding._index_dirs()) == [bot.settings.index_dir]
    settings = replace(bot.settings, index_url="opensearch://host:9200/quotes")
    assert list(BackgroundEncoding(settings, bot.indexes)._index_dirs()) == []
