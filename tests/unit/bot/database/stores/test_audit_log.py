"""The audit log: each server's changes, newest first, until they are too old."""

from dataclasses import replace
from datetime import timedelta

from bot.database import Change, DeletionCounts
from tests.support.data.questions import ADA, BEN
from tests.support.postgres import NOON

ADDED = Change(1, "text_added", "mill.md")
TAUGHT = Change(1, "lesson_taught", "mill.md", paragraph=3)
CHOSEN = Change(1, "setting_changed", "texts", channel_id=2**62, before=("v1", "\u00e9*"))


async def _add(database, change, person=ADA):
    await database.audit_log.add(change, person=person, sealed=person[:16])


async def _subjects(database, guild_id=1, kind=None):
    return [change.subject for change in await database.audit_log.changes(guild_id, kind)]


def test_changes_are_listed_newest_first_for_their_server_only(on_database):
    """All that was stored is there, with who and when; another server has none of it."""

    async def play(database, clock):
        await _add(database, ADDED)
        clock.now += timedelta(hours=1)
        await _add(database, CHOSEN, BEN)
        await _add(database, replace(ADDED, guild_id=2, subject="theirs.md"))
        newest, oldest = await database.audit_log.changes(1)
        assert (newest.action, newest.subject, newest.channel_id) == (
            "setting_changed",
            "texts",
            2**62,
        )
        assert (newest.before, newest.after) == (("v1", "\u00e9*"), ())
        assert (newest.person, newest.at) == (BEN, NOON + timedelta(hours=1))
        assert (oldest.subject, oldest.person, oldest.sealed) == ("mill.md", ADA, ADA[:16])
        assert await _subjects(database, 2) == ["theirs.md"]
        assert await database.audit_log.changes(3) == []

    on_database(play)


def test_changes_are_listed_by_kind(on_database):
    """Texts, lessons and settings can be listed alone."""

    async def play(database, _):
        for change in (ADDED, replace(ADDED, action="text_removed"), TAUGHT, CHOSEN):
            await _add(database, change)
        assert len(await database.audit_log.changes(1, "text")) == 2
        (lesson,) = await database.audit_log.changes(1, "lesson")
        assert (lesson.subject, lesson.paragraph) == ("mill.md", 3)
        assert await _subjects(database, kind="setting") == ["texts"]

    on_database(play)


def test_only_old_changes_are_deleted_by_age(on_database):
    """What was changed before a time goes, in all servers; the rest stays."""

    async def play(database, clock):
        await _add(database, ADDED)
        await _add(database, replace(ADDED, guild_id=2))
        clock.now += timedelta(days=1)
        await _add(database, TAUGHT)
        moment = NOON + timedelta(hours=1)
        assert await database.audit_log.delete_older_than(moment) == 2
        assert await database.audit_log.delete_older_than(moment) == 0
        assert [change.action for change in await database.audit_log.changes(1)] == [
            "lesson_taught"
        ]
        assert await database.audit_log.changes(2) == []

    on_database(play)


def test_deleted_person_is_in_no_change_any_more(on_database):
    """The changes stay for the others who manage the server, without who made them."""

    async def play(database, _):
        await _add(database, ADDED)
        await _add(database, TAUGHT, BEN)
        stored = await database.privacy.stored_about(ADA)
        assert [change.subject for change in stored.changes] == ["mill.md"]
        assert await database.privacy.delete_about(ADA) == DeletionCounts(changes=1)
        taught, added = await database.audit_log.changes(1)
        assert (added.person, added.sealed) == ("", "")
        assert taught.person == BEN
        assert (await database.privacy.stored_about(ADA)).changes == ()

    on_database(play)


def test_changes_of_a_deleted_server_go_with_it(on_database):
    """A server whose only data are its changes is known, and loses them; another keeps its own."""

    async def play(database, _):
        await _add(database, ADDED)
        await _add(database, replace(ADDED, guild_id=2))
        assert await database.privacy.servers() == {1, 2}
        await database.privacy.delete_server(1)
        assert await database.audit_log.changes(1) == []
        assert await _subjects(database, 2) == ["mill.md"]

    on_database(play)
