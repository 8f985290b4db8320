"""The line about servers' texts."""

import asyncio

import pytest
from sqlalchemy import text

from bot.config.settings import Settings
from bot.indexing.stored_folder import StoredFolder
from bot.terminal.doctor.texts_checks import check_texts
from tests.support.data.data_folder import store, write
from tests.support.health_page import free_port
from tests.support.postgres import on_postgres
from tests.support.scenes import on_database

MILL = {"texts/mill.md": b"The mill was built in 1790."}


def test_servers_without_texts_are_well(tmp_path):
    """Also where no bot has run yet."""
    check = check_texts(Settings(data_dir=tmp_path / "data"))
    assert (check.status, check.detail) == ("ok", "0 texts of 0 servers, indexed")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("n_servers", [1, 3])
def test_texts_that_are_not_indexed_are_doubtful(tmp_path, n_servers):
    """The line names two of them, JSON has all."""
    for guild_id in range(5, 5 + n_servers):
        write(tmp_path / "servers" / str(guild_id), MILL)
    check = check_texts(Settings(data_dir=tmp_path))
    assert check.status == "warning"
    said = {
        1: "1 text of 1 server; 1 server whose index is not current: servers/5",
        3: "3 texts of 3 servers; 3 servers whose index is not current: servers/5, servers/6, ...",
    }
    assert check.detail == said[n_servers]
    assert check.advice.startswith("start the bot")
    assert len(check.found) == n_servers
    assert check.found[-1].endswith(f"whose index is not current: servers/{4 + n_servers}")


def test_database_that_is_away_is_said_elsewhere(tmp_path):
    """The texts cannot be compared, which is no second failure."""
    address = f"postgresql://nobody@127.0.0.1:{free_port()}/pullquote"
    check = check_texts(Settings(data_dir=tmp_path, database_url=address))
    assert (check.status, check.detail) == ("unknown", "the database cannot be read")


@on_postgres
def test_texts_are_compared_with_the_database(postgres_url, tmp_path):
    """A machine that has what the database has is well; what the database has lost is a failure."""
    settings = Settings(data_dir=tmp_path, database_url=postgres_url)

    async def fill(database):
        await store(database, 5, {"removed/17/old.md": b"old"})
        await StoredFolder(database.files, tmp_path / "servers" / "5", 5).pull()

    async def lose(database):
        async with database.files._sessions.writing() as session:
            await session.execute(text("DELETE FROM file_chunks"))

    asyncio.run(on_database(postgres_url, fill))
    well = check_texts(settings)
    assert (well.status, well.detail) == ("ok", "0 texts of 0 servers, as in the database, indexed")
    asyncio.run(on_database(postgres_url, lose))
    lost = check_texts(settings)
    assert lost.status == "failure"
    assert "1 file damaged in the database: servers/5/removed/17/old.md" in lost.detail
    assert lost.advice.startswith("add the damaged texts again")
