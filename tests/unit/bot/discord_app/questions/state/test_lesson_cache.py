"""What a server was taught, known without reading all of it for each question."""

from bot.database.connection.circuit_breaker import CircuitBreaker
from bot.discord_app.questions.state.lesson_cache import LessonCache
from bot.errors import DatabaseError
from index import PassageRef
from tests.support.data.questions import ADA

PLACE = PassageRef("harbour.txt", 4, 1)


def counted(database):
    """Return the servers whose lessons were read, as that happens."""
    read, everything = [], database.taught.all

    async def reading(guild_id):
        read.append(guild_id)
        return await everything(guild_id)

    database.taught.all = reading
    return read


async def questions(known, guild_id):
    """Return the questions that a server was taught."""
    return [one.question for one in await known.taught(guild_id)]


def test_lessons_are_read_once_for_each_change(on_database):
    """Lessons change by teaching, removal, and the deletion of a server."""

    async def play(database, _):
        read, known = counted(database), LessonCache(database, CircuitBreaker())
        assert await questions(known, 1) == []
        first = await database.taught.add(1, "first", PLACE, taught_by=ADA)
        await database.taught.add(2, "of another server", PLACE, taught_by=ADA)
        for _ in range(2):
            assert await questions(known, 1) == ["first"]
        await database.taught.add(1, "second", PLACE, taught_by=ADA)
        await database.taught.remove(1, first)
        for _ in range(2):
            assert await questions(known, 1) == ["second"]
        await database.privacy.delete_server(1)
        assert await questions(known, 1) == []
        assert read == [1, 1, 1]
        assert await questions(known, 2) == ["of another server"]

    on_database(play)


def test_last_known_lessons_hold_while_the_database_fails(on_database):
    """A server that was never asked about has no lessons then."""

    async def play(database, _):
        known = LessonCache(database, CircuitBreaker())
        await database.taught.add(1, "first", PLACE, taught_by=ADA)
        assert await questions(known, 1) == ["first"]

        async def fail(guild_id):
            raise DatabaseError("here", f"no server {guild_id}")

        database.taught.version = fail
        assert await questions(known, 1) == ["first"]
        assert await questions(known, 2) == []

    on_database(play)
