"""What was taught: kept for each server, replaced, removed, with a version of its own."""

from dataclasses import replace
from datetime import timedelta

from bot.database import Lesson
from index import PassageRef
from tests.support.data.questions import ADA, BEN
from tests.support.postgres import NOON

PLACE = PassageRef("harbour.txt", 4, 2**32 - 1)


async def _teach(
    database, guild_id=1, question="Why the bell?", taught_by=ADA, kind="taught", **changes
):
    passage = replace(PLACE, **changes)
    return await database.taught.add(guild_id, question, passage, taught_by=taught_by, kind=kind)


def test_taught_question_is_read_as_it_was(on_database):
    """Every field comes back."""

    async def play(database, _):
        taught_id = await _teach(database)
        assert await database.taught.all(1) == [
            Lesson(
                id=taught_id,
                guild_id=1,
                question="Why the bell?",
                passage=PLACE,
                taught_by=ADA,
                kind="taught",
                at=NOON,
            )
        ]

    on_database(play)


def test_taught_questions_belong_to_their_server(on_database):
    """No server reads or removes what another was taught, and direct messages are apart."""

    async def play(database, _):
        here = await _teach(database)
        await _teach(database, guild_id=2)
        await _teach(database, guild_id=None)
        for guild_id in (1, 2, None):
            assert [entry.guild_id for entry in await database.taught.all(guild_id)] == [guild_id]
        assert not await database.taught.remove(2, here)
        assert await database.taught.remove(1, here)
        assert not await database.taught.remove(1, here)
        assert await database.taught.all(1) == []

    on_database(play)


def test_question_taught_again_replaces_the_entry(on_database):
    """The same question for the same place, in any case, is one entry: the later one."""

    async def play(database, clock):
        first = await _teach(database, kind="confirmed")
        clock.now = NOON + timedelta(days=1)
        assert (
            await _teach(database, question="why THE bell?", fingerprint=5, taught_by=BEN) == first
        )
        (entry,) = await database.taught.all(1)
        assert (entry.passage.fingerprint, entry.taught_by, entry.kind) == (5, BEN, "taught")
        assert entry.at == clock.now
        await _teach(database, paragraph=5)
        await _teach(database, source="other.txt")
        assert len(await database.taught.all(1)) == 3

    on_database(play)


def test_version_changes_with_what_is_taught(on_database):
    """Each change of a server's entries gives another version, and only that server's."""

    async def play(database, _):
        assert await database.taught.version(1) == ""
        taught_id = await _teach(database)
        versions = [await database.taught.version(1)]
        await _teach(database, fingerprint=5)
        versions.append(await database.taught.version(1))
        await database.taught.remove(1, taught_id)
        versions.append(await database.taught.version(1))
        assert len({"", *versions}) == 4
        await _teach(database, guild_id=2)
        assert await database.taught.version(1) == versions[-1]
        assert await database.taught.version(None) == ""

    on_database(play)


def test_longest_question_can_be_taught(on_database):
    """4,000 characters of the widest kind fit, and the rest is cut."""

    async def play(database, _):
        await _teach(database, question="🦑" * 4001, source="ö" * 3000)
        (entry,) = await database.taught.all(1)
        assert (entry.question, entry.passage.source) == ("🦑" * 4000, "ö" * 3000)

    on_database(play)


def test_thumbs_neither_replace_nor_remove_what_a_person_taught(on_database):
    """A confirmed entry gives way to a taught one, never the other way round."""

    async def play(database, _):
        taught_id = await _teach(database)
        assert await _teach(database, taught_by=BEN, kind="confirmed") == taught_id
        (entry,) = await database.taught.all(1)
        assert (entry.kind, entry.taught_by) == ("taught", ADA)
        assert not await database.taught.unconfirm(1, "Why the bell?", PLACE)
        await _teach(database, question="other", kind="confirmed")
        assert not await database.taught.unconfirm(2, "other", PLACE)
        assert await database.taught.unconfirm(1, "OTHER", PLACE)
        assert [one.question for one in await database.taught.all(1)] == ["Why the bell?"]

    on_database(play)
