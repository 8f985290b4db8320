"""Removed texts: kept for some days, in their own room, and given back once."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.discord_app.texts.removed_texts import RemovedTexts

NOON = datetime(2026, 5, 10, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def removed(tmp_path):
    """The removed texts of a server that has removed nothing."""
    (tmp_path / "texts").mkdir()
    return RemovedTexts(tmp_path / "removed")


def take(removed, name, now, content=b"words"):
    """Write a text and remove it."""
    path = removed.folder.parent / "texts" / name
    path.write_bytes(content)
    return removed.take(path, now)


def test_removed_texts_are_listed_newest_first_for_seven_days(removed):
    """Afterwards they cannot be restored, also before they are deleted."""
    assert removed.all(NOON) == []
    first = take(removed, "mill.md", NOON)
    second = take(removed, "fair.txt", NOON + timedelta(days=1))
    assert removed.all(NOON + WEEK) == [second, first]
    assert removed.all(NOON + WEEK + timedelta(seconds=1)) == [second]
    assert removed.find(first.key, NOON + WEEK) == first
    assert removed.find(first.key, NOON + WEEK + timedelta(seconds=1)) is None
    assert removed.newest("mill.md", NOON) == first
    assert removed.newest("other.md", NOON) is None
    assert first.removed_at == NOON


def test_texts_removed_at_the_same_moment_are_both_kept(removed):
    """Neither takes the other's place."""
    one, two = (take(removed, "mill.md", NOON, content) for content in (b"one", b"two"))
    assert one.path.read_bytes() == b"one"
    assert removed.newest("mill.md", NOON) == two


def test_text_is_given_back_once(removed):
    """It is where it was, and nothing is left of it here."""
    text = take(removed, "mill.md", NOON)
    path = removed.folder.parent / "texts" / "mill.md"
    removed.give_back(text, path)
    assert path.read_bytes() == b"words"
    assert not removed.folder.exists()


def test_copy_stays_when_the_text_is_replaced(removed):
    """A file that takes the place of the text does not change the copy."""
    path = removed.folder.parent / "texts" / "mill.md"
    path.write_bytes(b"old")
    text = removed.copy(path, NOON)
    new = path.with_name("new")
    new.write_bytes(b"new")
    new.replace(path)
    assert (text.path.read_bytes(), path.read_bytes()) == (b"old", b"new")


def test_copy_that_fails_leaves_nothing(removed, monkeypatch):
    """A full disk keeps no half of a text."""

    def fail(_, other):
        other.write_bytes(b"wor")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.discord_app.texts.removed_texts.link_or_copy", fail)
    path = removed.folder.parent / "texts" / "mill.md"
    path.write_bytes(b"words")
    with pytest.raises(OSError, match="No space"):
        removed.copy(path, NOON)
    assert not removed.folder.exists()


def test_purge_deletes_what_is_too_old(removed):
    """The last one takes the folder along."""
    take(removed, "mill.md", NOON)
    late = take(removed, "fair.txt", NOON + timedelta(days=1))
    limits = {"room": 2**20, "max_files": 10}
    assert removed.purge(NOON + WEEK, **limits) == 0
    assert removed.purge(NOON + WEEK + timedelta(seconds=1), **limits) == 1
    assert removed.all(NOON + WEEK) == [late]
    assert removed.purge(NOON + 2 * WEEK, **limits) == 1
    assert not removed.folder.exists()


def test_purge_deletes_what_a_crash_left(removed):
    """A copy that was not completed cannot be restored, and does not stay."""
    for key, name in (("1", None), ("2", ".copying")):
        (removed.folder / key).mkdir(parents=True)
        if name:
            (removed.folder / key / name).write_bytes(b"wor")
    assert removed.all(datetime.fromtimestamp(0, UTC)) == []
    assert removed.purge(datetime.fromtimestamp(0, UTC), room=9, max_files=9) == 0
    assert not removed.folder.exists()


@pytest.mark.parametrize("limits", [{"room": 7, "max_files": 9}, {"room": 99, "max_files": 1}])
def test_purge_deletes_the_oldest_without_room(removed, limits):
    """The newest keep their place."""
    take(removed, "mill.md", NOON, b"12345")
    new = take(removed, "fair.txt", NOON + timedelta(days=1), b"12345")
    assert removed.purge(NOON + timedelta(days=1), **limits) == 1
    assert removed.all(NOON + timedelta(days=1)) == [new]
