"""Folders of files in the database: whole versions, shared bytes, nothing of another server."""

import asyncio
import hashlib

import pytest

from bot.database import FolderChangedError, StoredFile, open_database
from bot.errors import DatabaseError

MILL = {"texts/mill.md": b"The mill was built in 1790."}


def _stored(contents):
    """Return files as they are stored."""
    return {
        path: StoredFile(hashlib.sha256(data).hexdigest(), len(data))
        for path, data in contents.items()
    }


async def _put(database, guild_id, former, contents):
    """Replace a folder by files with these bytes, in chunks of ten bytes."""

    def read(path):
        data = contents[path]
        return iter([data[at : at + 10] for at in range(0, len(data), 10)])

    return await database.files.replace(guild_id, former, _stored(contents), read)


async def _contents(database, guild_id):
    """Return the bytes of a folder's files."""
    folder = await database.files.folder(guild_id)
    return {
        path: b"".join([one async for one in database.files.chunks(guild_id, file.digest)])
        for path, file in folder.files.items()
    }


def test_files_come_back_byte_for_byte(on_database):
    """Files of many chunks, of one, and empty ones; two with the same bytes."""
    contents = MILL | {"texts/a/b.md": b"", "removed/17/c.md": bytes(range(256)), "texts/d": b"x"}
    contents["texts/e"] = contents["texts/d"]

    async def play(database, _):
        version = await _put(database, 5, None, contents)
        assert (await database.files.folder(5)).version == version
        assert await _contents(database, 5) == contents

    on_database(play)


def test_folder_is_replaced_as_a_whole(on_database):
    """Changed, removed and added files at once; what stays is not read again."""

    async def play(database, _):
        first = await _put(database, 5, None, MILL | {"texts/old.md": b"old", "texts/x": b"1"})

        def read(path):
            assert path != "texts/mill.md"
            return iter([{"texts/new.md": b"new", "texts/x": b"2"}[path]])

        later = MILL | {"texts/new.md": b"new", "texts/x": b"2"}
        second = await database.files.replace(5, first, _stored(later), read)
        assert second != first
        assert await database.files.versions() == {5: second}
        assert await _contents(database, 5) == later

    on_database(play)


def test_bytes_that_no_file_has_any_more_are_deleted(on_database):
    """A removed text leaves nothing in the database."""

    async def play(database, _):
        version = await _put(database, 5, None, MILL)
        (file,) = _stored(MILL).values()
        await _put(database, 5, version, {})
        assert [one async for one in database.files.chunks(5, file.digest)] == []
        assert (await database.files.folder(5)).files == {}

    on_database(play)


def test_change_of_another_version_is_refused(on_database):
    """What another process stored meanwhile stays."""

    async def play(database, _):
        version = await _put(database, 5, None, MILL)
        for former in (None, version + 1):
            with pytest.raises(FolderChangedError):
                await _put(database, 5, former, {"texts/other.md": b"other"})
        with pytest.raises(FolderChangedError):
            await _put(database, 6, version, MILL)
        assert await _contents(database, 5) == MILL
        assert await database.files.folder(6) is None

    on_database(play)


def test_failed_change_leaves_the_former_files(on_database):
    """A file that cannot be read halfway changes nothing."""

    def broken(_path):
        yield b"half"
        raise OSError("the disk failed")

    async def play(database, _):
        version = await _put(database, 5, None, MILL)
        later = {"texts/other.md": b"other"}
        with pytest.raises(DatabaseError, match="the disk failed"):
            await database.files.replace(5, version, _stored(later), broken)
        assert await _contents(database, 5) == MILL
        assert await database.files.versions() == {5: version}

    on_database(play)


@pytest.mark.parametrize("written", [b"The mill was built in 1791.", b"The mill", b""])
def test_file_that_changes_while_it_is_stored_is_refused(on_database, written):
    """Nobody could fetch bytes that are not those of the hash."""

    async def play(database, _):
        version = await _put(database, 5, None, {"texts/old.md": b"old"})
        with pytest.raises(FolderChangedError):
            await database.files.replace(5, version, _stored(MILL), lambda _: iter([written]))
        assert await _contents(database, 5) == {"texts/old.md": b"old"}
        assert await database.files.versions() == {5: version}

    on_database(play)


def test_servers_share_nothing(on_database):
    """A hash of another server's file gives nothing; a deleted server takes all of its own."""

    async def play(database, _):
        await _put(database, 5, None, MILL)
        await _put(database, 6, None, {"texts/other.md": b"other"})
        (file,) = _stored(MILL).values()
        assert [one async for one in database.files.chunks(6, file.digest)] == []
        await database.privacy.delete_server(5)
        assert await database.files.folder(5) is None
        assert [one async for one in database.files.chunks(5, file.digest)] == []
        assert await _contents(database, 6) == {"texts/other.md": b"other"}

    on_database(play)


def test_of_two_changes_at_once_one_is_refused(migrated_url):
    """Two processes that begin with the same version do not both succeed."""

    async def run():
        one, other = await open_database(migrated_url), await open_database(migrated_url)
        version = await _put(one, 5, None, MILL)
        results = await asyncio.gather(
            _put(one, 5, version, {"texts/a": b"a"}),
            _put(other, 5, version, {"texts/b": b"b"}),
            return_exceptions=True,
        )
        kept = await _contents(one, 5)
        await one.close()
        await other.close()
        return results, kept

    results, kept = asyncio.run(run())
    refused = [isinstance(one, FolderChangedError) for one in results]
    assert sorted(refused) == [False, True]
    assert kept == ({"texts/b": b"b"} if refused[0] else {"texts/a": b"a"})
