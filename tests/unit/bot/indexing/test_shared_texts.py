"""The shared texts of a bot: its own folder with SQLite, a copy of those in PostgreSQL."""

import asyncio
import shutil

import pytest

from bot.config.settings import Settings
from bot.database import SHARED_FOLDER, Pseudonyms, open_database
from bot.errors import DatabaseError
from bot.indexing import shared_texts
from bot.indexing.shared_texts import following, store_in_database
from index import EmptyCorpusError, Tier, build_index
from tests.support.health_page import free_port
from tests.support.postgres import on_postgres
from tests.support.scenes import write_texts

# All machines have the same.
KEY = "5" * 64


def _machine(url, folder, texts=None):
    """Return the settings of a machine with these shared texts of its own."""
    if texts is not None:
        shutil.rmtree(folder / "corpus", ignore_errors=True)
        write_texts(folder, texts)
    return Settings(
        corpus_dir=folder / "corpus",
        data_dir=folder / "data",
        database_url=url,
        people_key=KEY,
        retrieval=Tier.LEXICAL,
    )


def _prepare(settings):
    return shared_texts.prepare(settings, Pseudonyms(bytes.fromhex(KEY)))


def _texts(settings):
    """Return the texts that a bot indexes."""
    folder = settings.texts_dir
    return {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_nothing_changes_beside_sqlite(tmp_path):
    """The index of the data folder is built from the folder of texts."""
    settings = _machine(None, tmp_path, {"mill.md": "The mill."})
    assert _prepare(settings) is settings
    store_in_database(settings)
    assert not settings.data_dir.exists()


@on_postgres
def test_first_machine_stores_its_texts(postgres_url, tmp_path):
    """With what lies in folders; another one without texts gets them. Hidden files are none."""
    texts = {"mill.md": "The mill.", "town/hall.md": "The hall.", "synonyms.txt": "mill = windmill"}
    one = _machine(postgres_url, tmp_path / "one", texts)
    (one.corpus_dir / ".hidden.md").write_text("hidden")
    (one.corpus_dir / "picture.png").write_bytes(b"\x89PNG")
    other = _machine(postgres_url, tmp_path / "other")
    names = {"mill.md": "The mill.", "hall.md": "The hall.", "synonyms.txt": "mill = windmill"}
    for settings in (one, other):
        assert _texts(_prepare(settings)) == names


@on_postgres
def test_only_the_machine_that_stored_them_stores_them_again_at_a_start(postgres_url, tmp_path):
    """Another one has texts of its own, which a rebuild stores."""
    one = _machine(postgres_url, tmp_path / "one", {"mill.md": "The mill."})
    other = _machine(postgres_url, tmp_path / "other", {"ferry.md": "The ferry."})
    _prepare(one)
    assert _texts(_prepare(other)) == {"mill.md": "The mill."}
    one = _machine(postgres_url, tmp_path / "one", {"mill.md": "The mill burnt down."})
    assert _texts(_prepare(one)) == {"mill.md": "The mill burnt down."}
    store_in_database(other)
    for settings in (one, other):
        assert _texts(_prepare(settings)) == {"ferry.md": "The ferry."}


@on_postgres
def test_texts_that_were_taken_away_stay_in_the_database(postgres_url, tmp_path):
    """An empty folder on the machine that stored them removes nothing."""
    one = _machine(postgres_url, tmp_path / "one", {"mill.md": "The mill."})
    _prepare(one)
    (one.corpus_dir / "mill.md").unlink()
    assert _texts(_prepare(one)) == {"mill.md": "The mill."}
    with pytest.raises(EmptyCorpusError):
        store_in_database(one)


@on_postgres
def test_no_text_anywhere_is_one_line(postgres_url, tmp_path):
    """It says where the texts come from."""
    with pytest.raises(EmptyCorpusError, match="no such folder"):
        _prepare(_machine(postgres_url, tmp_path / "one"))
    (tmp_path / "one/corpus").mkdir(parents=True)
    with pytest.raises(EmptyCorpusError, match="run `pullquote rebuild` on the machine that has"):
        _prepare(_machine(postgres_url, tmp_path / "one"))


@on_postgres
def test_index_of_this_machine_is_used_again(postgres_url, tmp_path):
    """The vectors of what was indexed before do not have to be made again."""
    settings = _machine(postgres_url, tmp_path, {"mill.md": "The mill."})
    build_index(settings.corpus_dir, settings.index_dir, encoder=None)
    assert _prepare(settings).index_dir.exists()


def test_texts_of_this_machine_answer_without_the_database(tmp_path, capsys):
    """Those of the last time, or of the first; a line says so."""
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/pullquote"
    settings = _machine(away, tmp_path, {"mill.md": "The mill."})
    for _ in range(2):
        assert _texts(_prepare(settings)) == {"mill.md": "The mill."}
        assert capsys.readouterr().err.count("Answering from the texts of this machine") == 1
    with pytest.raises(DatabaseError):
        store_in_database(settings)


def test_machine_without_texts_needs_the_database(tmp_path):
    """The line is about the database, which has them."""
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/pullquote"
    with pytest.raises(DatabaseError, match="The database postgresql://nobody@"):
        _prepare(_machine(away, tmp_path))


@on_postgres
def test_texts_from_without_the_database_are_replaced(postgres_url, tmp_path):
    """Once it is back, its texts answer; the others are kept aside."""
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/pullquote"
    _prepare(_machine(postgres_url, tmp_path / "one", {"mill.md": "The mill."}))
    other = _machine(away, tmp_path / "other", {"ferry.md": "The ferry."})
    assert _texts(_prepare(other)) == {"ferry.md": "The ferry."}
    back = _machine(postgres_url, tmp_path / "other")
    assert _texts(_prepare(back)) == {"mill.md": "The mill."}
    folder = following(back).texts_dir.parent
    assert [path.name for path in folder.glob("aside-*/texts/*")] == ["ferry.md"]


@on_postgres
def test_texts_are_stored_whole(postgres_url, tmp_path):
    """Byte for byte, and only what was listed."""
    settings = _machine(postgres_url, tmp_path, {"mill.md": "The mill.\r\n\u00e4\ufeff"})
    _prepare(settings)

    async def stored():
        database = await open_database(postgres_url)
        folder = await database.files.folder(SHARED_FOLDER)
        assert folder is not None
        (file,) = folder.files.values()
        chunks = [one async for one in database.files.chunks(SHARED_FOLDER, file.digest)]
        await database.close()
        return list(folder.files), b"".join(chunks)

    content = (settings.corpus_dir / "mill.md").read_bytes()
    assert asyncio.run(stored()) == (["texts/mill.md"], content)
