"""Servers' indexes: opened as they are asked, followed as they change, never mixed up."""

import gc
import shutil
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.indexing.scope import Scope
from bot.indexing.server_indexes import ServerIndexes
from index import LiveSearcher, WeightedText, build_index


@pytest.fixture
def texts(harbour_index, tmp_path):
    """The harbour shared by all, and a data folder."""
    return ServerIndexes(LiveSearcher(harbour_index), tmp_path / "data")


@pytest.fixture
def few_texts(harbour_index, tmp_path):
    """The same, but at most two servers' own indexes are open at once."""
    return ServerIndexes(LiveSearcher(harbour_index), tmp_path / "data", max_open=2)


def publish(texts, guild_id, *contents):
    """Give a server texts of its own."""
    folder = texts.corpus_dir(guild_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for n, content in enumerate(contents):
        (folder / f"own{n}.txt").write_text(content, encoding="utf-8")
    build_index(folder, texts.index_dir(guild_id))


def found(texts, guild_id, question="who keeps the mill?"):
    """Return the sources of what a server's question finds."""
    hits = texts.searcher(guild_id).search([WeightedText(question, 1.0)], 3)
    return {hit.passage.source for hit in hits}


def test_each_server_has_the_shared_texts_and_its_own(texts):
    """Outside of servers there are the shared ones only."""
    publish(texts, 1, "The mill is kept by Thorne.")
    publish(texts, 2, "The mill is kept by Hawley.", "The fair is in August.")
    listed = {
        guild_id: [info.source for info in texts.searcher(guild_id).sources()]
        for guild_id in (None, 1, 2, 3)
    }
    assert listed[None] == listed[3] == ["harbour.txt"]
    assert listed[1] == ["harbour.txt", "own0.txt"]
    assert listed[2] == ["harbour.txt", "own0.txt", "own1.txt"]
    assert texts.own(3) is None
    assert texts.guild_ids() == [1, 2]
    own = texts.searcher(2).passage_at("own0.txt", 1)
    assert own is not None
    assert own.text == "The mill is kept by Hawley."


def test_what_is_published_and_removed_holds_from_the_next_question_on(texts):
    """That holds for an index that is removed and for another one in its place."""
    assert "own0.txt" not in found(texts, 1)
    publish(texts, 1, "The mill is kept by Thorne.")
    assert "own0.txt" in found(texts, 1)
    before = texts.built_at(1)
    shutil.rmtree(texts.index_dir(1))
    assert "own0.txt" not in found(texts, 1)
    assert texts.own(1) is None
    publish(texts, 1, "The fair is in August.", "The mill is kept by Hawley.")
    assert "own1.txt" in found(texts, 1)
    assert texts.built_at(1) >= before


def test_searcher_is_the_same_as_long_as_nothing_is_published(texts):
    """What was made for it, such as suggestions, serves again."""
    publish(texts, 1, "The mill is kept by Thorne.")
    first = texts.searcher(1)
    assert texts.searcher(1) is first
    publish(texts, 1, "The mill is kept by Hawley.")
    assert texts.searcher(1) is not first
    assert texts.searcher(None) is texts.searcher(2) is texts.shared()


def test_damaged_index_is_left_out_and_reported_once(texts, caplog):
    """The shared texts answer; a new build is taken over."""
    publish(texts, 1, "The mill is kept by Thorne.")
    (texts.index_dir(1) / "manifest.json").write_text("{}")
    for _ in range(3):
        assert found(texts, 1) <= {"harbour.txt"}
    assert caplog.text.count("left out") == 1
    publish(texts, 1, "The mill is kept by Hawley.")
    assert "own0.txt" in found(texts, 1)


def test_number_of_open_indexes_is_bounded(few_texts):
    """Those not asked for longest are closed, and opened again when they are."""
    texts = few_texts
    for guild_id in (1, 2, 3):
        publish(texts, guild_id, f"The mill is kept by number {guild_id}.")
    first = texts.own(1)
    assert texts.own(1) is first
    texts.own(2)
    texts.own(3)
    assert texts.own(1) is not first
    passage = texts.searcher(1).passage_at("own0.txt", 1)
    assert passage is not None
    assert passage.text == "The mill is kept by number 1."


def test_threads_share_it(few_texts):
    """Many ask at once while indexes come, go and are closed; each sees its own server's."""
    texts = few_texts
    for guild_id in range(1, 5):
        publish(texts, guild_id, f"The mill is kept by number {guild_id}.")

    def ask(n):
        guild_id = n % 4 + 1
        if n % 10 == 0:
            texts.forget(guild_id)
        passage = texts.searcher(guild_id).passage_at("own0.txt", 1)
        return passage is not None and passage.text == f"The mill is kept by number {guild_id}."

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(200)))


def test_replaced_shared_index_is_closed_for_servers_that_do_not_ask(texts, harbour_corpus):
    """The one that a server's people were last answered from is let go with the next question."""
    publish(texts, 1, "The mill is kept by Thorne.")
    texts.searcher(1)
    former = weakref.ref(texts.shared())
    (harbour_corpus / "fair.txt").write_text("The fair is in August.", encoding="utf-8")
    build_index(harbour_corpus, harbour_corpus.parent / ".pullquote" / "index")
    assert "fair.txt" in found(texts, 2, "when is the fair?")
    gc.collect()
    assert former() is None


def test_some_of_the_texts_are_one_searcher_until_an_index_is_published(texts):
    """Callers cache by it; own texts stay where the shared ones are off."""
    publish(texts, 1, "The mill is kept by Thorne.", "The fair is in August.")
    some = texts.searcher(1, Scope(("own*", "harbour.txt")))
    assert some is texts.searcher(1, Scope(("own*", "harbour.txt")))
    named = texts.searcher(1, Scope(("own*",)), "own1.txt")
    assert named is texts.searcher(1, Scope(("own*",)), "own1.txt")
    assert sources(named) == ["own1.txt"]
    assert sources(texts.searcher(1, Scope(("own*",)), "harbour.txt")) == []
    assert sources(texts.searcher(1, Scope(shared=False))) == ["own0.txt", "own1.txt"]
    assert sources(texts.searcher(1, Scope(("harbour.txt",), shared=False))) == []
    assert sources(texts.searcher(2, Scope(shared=False))) == []
    publish(texts, 1, "The mill is kept by Thorne.")
    assert sources(texts.searcher(1, Scope(("own*",)))) == ["own0.txt"]


def test_choice_of_texts_keeps_no_replaced_index_open(texts):
    """Its files can be deleted once nobody searches it."""
    publish(texts, 1, "The mill is kept by Thorne.")
    some = weakref.ref(texts.searcher(1, Scope(("own0.txt",)), "own0.txt"))
    publish(texts, 1, "The mill is kept by Hawley.")
    texts.searcher(1)
    gc.collect()
    assert some() is None


def sources(searcher):
    """Return the names of the texts of a searcher."""
    return [info.source for info in searcher.sources()]
