"""What is stored about a person, and that deleting leaves nothing that should be gone."""

from datetime import timedelta

import pytest

from bot.database import ChannelSettings, DeletionCounts, ServerSettings, VoteCounts
from index import PassageRef
from tests.support.data.questions import ADA, BEN, CYD, asked
from tests.support.postgres import NOON

PLACE = PassageRef("harbour.txt", 4, 1)


def test_nothing_is_stored_about_a_stranger(on_database):
    """Somebody who never asked has no data, and deleting it deletes nothing."""

    async def play(database, _):
        await database.questions.record(asked())
        stored = await database.privacy.stored_about(BEN)
        assert (stored.questions, stored.votes, stored.taught) == ((), 0, 0)
        assert (stored.oldest, stored.newest) == (None, None)
        assert await database.privacy.delete_about(BEN) == DeletionCounts(0, 0, 0, 0)

    on_database(play)


async def _fill(database, clock):
    """Record two questions of Ada's and one of Ben's, votes of both, and a lesson of each."""
    first = await database.questions.record(asked("first"))
    clock.now += timedelta(days=1)
    await database.questions.record(asked("second", private=True, guild_id=None))
    bens = await database.questions.record(asked("of Ben", asker=BEN))
    for voter in (ADA, BEN):
        await database.questions.vote(first, voter, 1)
        await database.questions.vote(bens, voter, -1)
    await database.taught.add(1, "by Ada", PLACE, taught_by=ADA)
    await database.taught.add(1, "by Ben", PLACE, taught_by=BEN)
    return first, bens


def test_person_sees_all_that_is_stored_about_them(on_database):
    """Questions in every place, newest first, the number of votes and lessons, and since when."""

    async def play(database, clock):
        await _fill(database, clock)
        stored = await database.privacy.stored_about(ADA)
        assert [question.question for question in stored.questions] == ["second", "first"]
        assert (stored.votes, stored.taught) == (2, 1)
        assert (stored.oldest, stored.newest) == (NOON, NOON + timedelta(days=1))

    on_database(play)


def test_deleted_person_leaves_no_trace(on_database):
    """Questions and votes are gone, lessons stay without their teacher, others keep theirs."""

    async def play(database, clock):
        first, bens = await _fill(database, clock)
        assert await database.privacy.delete_about(ADA) == DeletionCounts(
            questions=2, votes=2, taught=1
        )
        stored = await database.privacy.stored_about(ADA)
        assert (stored.questions, stored.votes, stored.taught) == ((), 0, 0)
        assert await database.questions.get(first) is None
        assert await database.questions.votes(bens) == VoteCounts(0, 1)
        lessons = {entry.question: entry.taught_by for entry in await database.taught.all(1)}
        assert lessons == {"by Ada": "", "by Ben": BEN}

    on_database(play)


def test_deleted_person_leaves_no_words_behind_others(on_database):
    """Their question goes from what others' were understood from, and from confirmed lessons."""

    async def play(database, _):
        await database.questions.record(asked("of Ada"))
        bens = await database.questions.record(
            asked("of Ben", asker=BEN, context=("of Ada", "of Cyd"))
        )
        elsewhere = await database.questions.record(
            asked("in another channel", asker=BEN, channel_id=3, context=("of Ada",))
        )
        for question, kind in (("of Ada", "confirmed"), ("of Cyd", "confirmed")):
            await database.taught.add(1, question, PLACE, taught_by=BEN, kind=kind)
        await database.taught.add(2, "of Ada", PLACE, taught_by=BEN, kind="confirmed")
        version = await database.taught.version(1)
        deleted = await database.privacy.delete_about(ADA)
        assert deleted == DeletionCounts(questions=1, lessons=1)
        assert (await database.questions.get(bens)).context == ("of Cyd",)
        assert (await database.questions.get(elsewhere)).context == ("of Ada",)
        assert [entry.question for entry in await database.taught.all(1)] == ["of Cyd"]
        assert [entry.question for entry in await database.taught.all(2)] == ["of Ada"]
        assert await database.taught.version(1) != version

    on_database(play)


def test_deleted_person_leaves_no_words_in_threads_that_began_elsewhere(on_database):
    """What they asked in the channel goes from what others asked in a thread of theirs, too."""

    async def play(database, _):
        await database.questions.record(asked("in the channel"))
        await database.questions.record(
            asked("in the thread", channel_id=7, context=("in the channel",))
        )
        bens = await database.questions.record(
            asked("of Ben", asker=BEN, channel_id=7, context=("in the channel", "in the thread"))
        )
        await database.privacy.delete_about(ADA)
        assert (await database.questions.get(bens)).context == ()

    on_database(play)


def test_servers_are_those_of_which_anything_is_stored(on_database):
    """Questions, lessons and settings count; direct messages belong to no server."""

    async def play(database, _):
        assert await database.privacy.servers() == set()
        await database.questions.record(asked(guild_id=None))
        await database.questions.record(asked(guild_id=1))
        await database.taught.add(2, "by Ben", PLACE, taught_by=BEN)
        await database.settings.set_server(3, ServerSettings(plain=True))
        await database.settings.set_channel(4, 5, ChannelSettings("off"))
        assert await database.privacy.servers() == {1, 2, 3, 4}

    on_database(play)


def test_questions_that_thumbs_confirmed_are_deleted_with_who_asked_them(on_database):
    """They are the person's own words; those of others stay, and the search learns of it."""

    async def play(database, _):
        for asker in (ADA, BEN):
            for guild_id in (1, 2):
                question = f"of {asker[0]}"
                await database.taught.add(
                    guild_id, question, PLACE, taught_by=asker, kind="confirmed"
                )
        versions = [await database.taught.version(guild_id) for guild_id in (1, 2)]
        assert await database.privacy.delete_about(ADA) == DeletionCounts(lessons=2)
        for guild_id, version in zip((1, 2), versions, strict=True):
            assert [one.question for one in await database.taught.all(guild_id)] == ["of b"]
            assert await database.taught.version(guild_id) != version

    on_database(play)


@pytest.mark.parametrize("old", [0, 1, 50, 120])
def test_purge_deletes_what_is_older_in_batches(on_database, monkeypatch, old):
    """Questions before the moment go with their votes, however many; one of that moment stays."""
    monkeypatch.setattr("bot.database.stores.privacy._BATCH", 50)

    async def play(database, clock):
        clock.now = NOON - timedelta(microseconds=1)
        for number in range(old):
            question_id = await database.questions.record(asked(f"old {number}"))
        if old:
            await database.questions.vote(question_id, BEN, 1)
        clock.now = NOON
        kept = await database.questions.record(asked("kept"))
        assert await database.privacy.delete_older_than(NOON) == old
        stored = await database.privacy.stored_about(ADA)
        assert [question.id for question in stored.questions] == [kept]
        assert (await database.privacy.stored_about(BEN)).votes == 0

    on_database(play)


def test_purge_forgets_who_taught_long_ago(on_database):
    """A lesson outlives its teacher's name."""

    async def play(database, clock):
        await database.taught.add(1, "long ago", PLACE, taught_by=ADA)
        clock.now = NOON + timedelta(days=31)
        await database.taught.add(1, "lately", PLACE, taught_by=CYD)
        assert await database.privacy.delete_older_than(NOON + timedelta(days=1)) == 0
        lessons = {entry.question: entry.taught_by for entry in await database.taught.all(1)}
        assert lessons == {"long ago": "", "lately": CYD}

    on_database(play)


def test_deleted_server_leaves_other_servers_alone(on_database):
    """Settings, questions, votes and lessons of that server are gone, and of no other."""

    async def play(database, _):
        for guild_id in (1, 2):
            question_id = await database.questions.record(asked(guild_id=guild_id))
            await database.questions.vote(question_id, BEN, 1)
            await database.taught.add(guild_id, "by Ben", PLACE, taught_by=BEN)
            await database.settings.set_server(guild_id, ServerSettings(plain=True))
            await database.settings.set_channel(guild_id, 3, ChannelSettings("off"))
        await database.privacy.delete_server(1)
        assert (await database.privacy.stored_about(BEN)).votes == 1
        assert len((await database.privacy.stored_about(ADA)).questions) == 1
        assert await database.taught.all(1) == []
        assert await database.taught.version(1) == ""
        assert len(await database.taught.all(2)) == 1
        assert await database.settings.server(1) == ServerSettings()
        assert await database.settings.channel(1, 3) == ChannelSettings()
        assert await database.settings.server(2) == ServerSettings(plain=True)
        assert await database.settings.channel(2, 3) == ChannelSettings("off")

    on_database(play)
