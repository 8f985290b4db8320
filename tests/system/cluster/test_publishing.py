"""Publishing: all of a build or nothing, one at a time, and copies that are the same bytes."""

import shutil
import threading
import time
from typing import Any

import pytest

from index import (
    IndexMissingError,
    IndexUnusableError,
    Searcher,
    Tier,
    WeightedText,
    build_index,
)
from index.cluster.documents import passage_documents
from index.cluster.documents.schema import lock_index_name
from index.cluster.publishing import alias, bulk, publish_lock
from index.cluster.publishing import publish as publishing
from index.cluster.publishing.copy_back import copy_to_files
from index.cluster.publishing.publish import publish
from index.cluster.reading.live import LiveClusterSearcher
from index.cluster.reading.open_cluster import open_cluster
from index.errors import ClusterBusyError, ClusterFullError, ClusterWriteError
from index.storage.manifest import read_manifest
from tests.system.cluster.node import on_opensearch

pytestmark = on_opensearch


def _indexes(connection):
    names = connection.call(
        lambda client, options: client.indices.get(
            index=f"{connection.address.prefix}-*", params=options
        )
    )
    return {name for name in names if name != lock_index_name(connection.address.prefix)}


def _change_texts(corpus, index_dir, text):
    (corpus / "new.txt").write_text(f"New\n\n{text}", encoding="utf-8")
    build_index(corpus, index_dir)


def _best(searcher, question):
    return [hit.passage.text for hit in searcher.search([WeightedText(question)], 1)]


def test_index_is_published_once(harbour_index, connection):
    """What is published already is not published again."""
    assert publish(harbour_index, connection)
    assert not publish(harbour_index, connection)
    assert len(_indexes(connection)) == 1


def test_missing_index_is_named(connection, tmp_path):
    """Before the first publication there is none, and the line says what to do."""
    with pytest.raises(IndexMissingError, match="no index yet; build it with 'pullquote rebuild'"):
        open_cluster(connection, tmp_path / "tables")


def test_running_reader_takes_over_a_new_index(harbour_index, harbour_corpus, connection, tmp_path):
    """It answers from the former index until the new one is open; that one is removed later."""
    publish(harbour_index, connection)
    live = LiveClusterSearcher(connection, tmp_path / "tables", every_s=0.1)
    assert _best(live.current(), "who paints the buoys") == []
    former = _indexes(connection)
    _change_texts(harbour_corpus, harbour_index, "Greta paints the buoys in spring.")
    publish(harbour_index, connection)
    deadline = time.monotonic() + 10
    while not (found := _best(live.current(), "who paints the buoys")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert found == ["Greta paints the buoys in spring."]
    assert live.problem is None
    # Questions that are being answered may still read the former one.
    assert former < _indexes(connection)


def test_replaced_index_is_removed_after_a_while(
    harbour_index, harbour_corpus, connection, monkeypatch
):
    """The process that replaced it does so, or else the next publication."""
    monkeypatch.setattr(publishing, "REMOVE_AFTER_S", 0.2)
    publish(harbour_index, connection)
    former = _indexes(connection)
    _change_texts(harbour_corpus, harbour_index, "Greta paints the buoys in spring.")
    publish(harbour_index, connection)
    deadline = time.monotonic() + 10
    while former & _indexes(connection):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert len(_indexes(connection)) == 1


def test_build_that_dies_leaves_an_unused_index_that_the_next_one_removes(
    harbour_index, connection, monkeypatch, tmp_path
):
    """Nothing is published, and the folder of the index is as it was."""

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(publishing, "move_alias", die)
        dying.setattr(publishing, "_remove", lambda *_: None)  # it had no time to tidy up
        with pytest.raises(KeyboardInterrupt):
            publish(harbour_index, connection)
    left = _indexes(connection)
    assert len(left) == 1
    with pytest.raises(IndexMissingError):
        open_cluster(connection, tmp_path / "tables")
    assert publish(harbour_index, connection)
    assert not left & _indexes(connection)


def test_refused_document_is_noticed(harbour_index, connection, monkeypatch):
    """An answer of status 200 may hold failures; then nothing is published or left over."""
    original = passage_documents.passage_documents

    def with_a_wrong_one(folder):
        for identifier, content in original(folder):
            yield identifier, content | ({"colour": "red"} if identifier == "2" else {})

    monkeypatch.setattr(publishing, "passage_documents", with_a_wrong_one)
    with pytest.raises(ClusterWriteError, match="strict_dynamic_mapping_exception"):
        publish(harbour_index, connection)
    assert alias.aliased_indexes(connection) == []
    assert not _indexes(connection)


def test_missing_document_is_noticed(harbour_index, connection, monkeypatch):
    """What was stored is counted before it is published."""
    original = bulk.write_documents

    def without_one(connection, index, documents):
        original(connection, index, list(documents)[:-1])

    monkeypatch.setattr(publishing, "write_documents", without_one)
    with pytest.raises(ClusterWriteError, match="documents were stored"):
        publish(harbour_index, connection)


def test_second_of_two_rebuilds_is_refused_in_one_line(harbour_index, connection):
    """The line names the machine and the process of the first, and since when it builds."""
    lock = publish_lock.PublishLock(connection)
    with pytest.raises(ClusterBusyError, match=r"another rebuild is running \(.+, since 20"):
        publish(harbour_index, connection)
    lock.release()
    assert publish(harbour_index, connection)


def test_lock_of_a_dead_process_is_taken_over(connection, monkeypatch):
    """It has not renewed its lock; one that lives notices that it has lost it."""
    monkeypatch.setattr(publish_lock, "_RENEW_EVERY_S", 3600.0)
    lock = publish_lock.PublishLock(connection)
    assert lock.renew()
    lock.check()
    monkeypatch.setattr(publish_lock, "STALE_AFTER_S", 0.0)
    with publish_lock.publish_lock(connection) as taken:
        assert not lock.renew()
        with pytest.raises(ClusterBusyError):
            lock.check()
        lock.release()
        assert taken.renew()


def test_rebuild_whose_lock_was_taken_publishes_nothing(harbour_index, connection, monkeypatch):
    """A process that was stopped for a minute must not undo what another has published."""
    keep = publish_lock.PublishLock.__init__

    def lost(self, of):
        keep(self, of)
        self._is_lost = True

    monkeypatch.setattr(publish_lock.PublishLock, "__init__", lost)
    with pytest.raises(ClusterBusyError):
        publish(harbour_index, connection)
    assert alias.aliased_indexes(connection) == []


def test_full_disk_is_named(harbour_index, harbour_corpus, connection, tmp_path):
    """The engine makes its indexes read-only; questions are answered all the same."""
    publish(harbour_index, connection)
    block = {"index.blocks.read_only_allow_delete": True}
    names = f"{connection.address.prefix}-*"
    connection.call(
        lambda client, options: client.indices.put_settings(index=names, body=block, params=options)
    )
    _change_texts(harbour_corpus, harbour_index, "Greta paints the buoys in spring.")
    with pytest.raises(ClusterFullError, match="read-only, because the disk of a node is full"):
        publish(harbour_index, connection)
    cluster = Searcher(open_cluster(connection, tmp_path / "tables"), None)
    assert _best(cluster, "harbour")


def test_name_of_somebody_else_is_left_alone(harbour_index, connection, address, tmp_path):
    """An alias or an index that this program has not made is neither searched nor replaced."""
    foreign = f"{address.prefix}-foreign"
    body: dict[str, Any] = {"aliases": {address.prefix: {}}}
    connection.call(
        lambda client, options: client.indices.create(index=foreign, body=body, params=options)
    )
    for use in (
        lambda: publish(harbour_index, connection),
        lambda: open_cluster(connection, tmp_path / "tables"),
    ):
        with pytest.raises(IndexUnusableError, match="something else in the cluster has this name"):
            use()
    assert foreign in _indexes(connection)


def test_copy_is_the_same_bytes_both_ways(harbour_index, connection, tmp_path):
    """Every file has its checksum, and the copy is searched like the original."""
    publish(harbour_index, connection)
    copied = copy_to_files(connection, tmp_path / "copy")
    assert copied.files == read_manifest(harbour_index).files
    query = [WeightedText("when does the harbour close")]
    expected = Searcher.open(harbour_index, Tier.LEXICAL).search(query, 5)
    assert Searcher.open(tmp_path / "copy", Tier.LEXICAL).search(query, 5) == expected


def test_damaged_copy_is_not_published(harbour_index, connection, tmp_path, monkeypatch):
    """A line that is not the one that was published is noticed."""
    publish(harbour_index, connection)
    monkeypatch.setattr(
        "index.cluster.reading.row_reader.to_bytes", lambda text: text.encode() + b"\n"
    )
    with pytest.raises(IndexUnusableError, match="checksum of the passages is wrong"):
        copy_to_files(connection, tmp_path / "copy")
    with pytest.raises(IndexMissingError):
        read_manifest(tmp_path / "copy")


def test_tables_are_fetched_once(harbour_index, connection, tmp_path):
    """The next start finds them in the folder; those of former indexes are removed."""
    publish(harbour_index, connection)
    tables = tmp_path / "tables"
    (tables / "former").mkdir(parents=True)
    open_cluster(connection, tables)
    (folder,) = tables.iterdir()
    kept = (folder / "languages.json").stat().st_ino
    opened = open_cluster(connection, tables)
    assert (folder / "languages.json").stat().st_ino == kept
    opened.check()
    (folder / "languages.json").write_text("{}")
    with pytest.raises(IndexUnusableError, match=r"languages\.json is not as it was fetched"):
        opened.check()
    shutil.rmtree(tables)


def test_several_threads_share_a_reader(harbour_index, connection, tmp_path):
    """Questions at the same time have the answers of questions one after the other."""
    publish(harbour_index, connection)
    cluster = Searcher(open_cluster(connection, tmp_path / "tables"), None)
    questions = ["when does the harbour close", "who has the key", "boats", "the captain"] * 5
    expected = [_best(Searcher.open(harbour_index, Tier.LEXICAL), one) for one in questions]
    found = dict[int, list[str]]()
    threads = [
        threading.Thread(target=lambda n=n, one=one: found.update({n: _best(cluster, one)}))
        for n, one in enumerate(questions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[n] for n in range(len(questions))] == expected
