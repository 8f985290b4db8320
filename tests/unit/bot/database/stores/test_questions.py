"""Questions and votes: what is kept, found, replaced, deleted and counted."""

import asyncio
import dataclasses
from datetime import UTC, timedelta

import pytest

from bot.database import StoredQuestion, VoteCounts
from bot.errors import DatabaseError
from tests.support.data.questions import ADA, BELL, BEN, CYD, QUESTION, TIDE, asked
from tests.support.postgres import NOON


def test_recorded_question_is_read_as_it_was(on_database):
    """Every field comes back, with the id and the moment, aware and in UTC."""

    async def play(database, _):
        question_id = await database.questions.record(QUESTION)
        kept = await database.questions.get(question_id)
        fields = {f.name: getattr(QUESTION, f.name) for f in dataclasses.fields(QUESTION)}
        assert kept == StoredQuestion(**fields, id=question_id, asked_at=NOON)
        assert kept.asked_at.tzinfo is UTC or kept.asked_at.utcoffset() == timedelta(0)
        assert await database.questions.by_message(QUESTION.message_id) == kept
        assert await database.questions.by_answer(QUESTION.answer_id) == kept

    on_database(play)


def test_unknown_question_is_none(on_database):
    """What was never recorded is not found."""

    async def play(database, _):
        await database.questions.record(QUESTION)
        assert await database.questions.get(99) is None
        assert await database.questions.by_message(99) is None
        assert await database.questions.by_answer(99) is None

    on_database(play)


def test_message_asked_about_twice_gives_the_newest_question(on_database):
    """Two people may ask about one message; the later question is found by it."""

    async def play(database, _):
        await database.questions.record(QUESTION)
        second = await database.questions.record(asked(asker=BEN))
        assert (await database.questions.by_message(QUESTION.message_id)).id == second

    on_database(play)


def test_all_questions_of_a_message_go_with_it(on_database):
    """A deleted message leaves none of its rows, and takes no other's."""

    async def play(database, _):
        for message_id in (QUESTION.message_id, QUESTION.message_id, 98):
            await database.questions.record(dataclasses.replace(QUESTION, message_id=message_id))
        await database.questions.delete_message(QUESTION.message_id)
        assert await database.questions.by_message(QUESTION.message_id) is None
        assert await database.questions.by_message(98) is not None

    on_database(play)


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("a" * 5000, "a" * 4000),
        ("nul \x00 and half \ud83d", "nul \ufffd and half \ufffd"),
        ("שלום 🦑 ' \" \\ %s {x} :y", "שלום 🦑 ' \" \\ %s {x} :y"),
    ],
)
def test_any_text_can_be_asked(on_database, question, kept):
    """Questions are cut at 4,000 characters, and what no database stores is replaced."""

    async def play(database, _):
        context = ("half \ud83d nul \x00",)
        question_id = await database.questions.record(asked(question, context=context))
        read = await database.questions.get(question_id)
        assert (read.question, read.context) == (kept, context)

    on_database(play)


def test_edited_question_keeps_its_time_and_loses_its_votes(on_database):
    """The new wording and outcome replace the old ones, and the thumbs were for the old answer."""

    async def play(database, clock):
        question_id = await database.questions.record(QUESTION)
        await database.questions.vote(question_id, BEN, 1)
        clock.now = NOON + timedelta(minutes=2)
        edited = asked("Why did it sink?", outcome="nothing_found", places=())
        assert await database.questions.update(question_id, edited)
        kept = await database.questions.get(question_id)
        assert (kept.question, kept.outcome, kept.asked_at) == (
            "Why did it sink?",
            "nothing_found",
            NOON,
        )
        assert await database.questions.votes(question_id) == VoteCounts(0, 0)
        assert not await database.questions.update(question_id + 1, edited)

    on_database(play)


def test_answer_is_noted_once_it_is_sent(on_database):
    """The answer's message is found after it was noted."""

    async def play(database, _):
        question_id = await database.questions.record(asked(answer_id=None))
        await database.questions.set_answer(question_id, 77)
        assert (await database.questions.by_answer(77)).id == question_id

    on_database(play)


def test_deleted_question_takes_its_votes_along(on_database):
    """A deleted question is gone with its votes, and its id is not given again."""

    async def play(database, _):
        question_id = await database.questions.record(QUESTION)
        await database.questions.vote(question_id, BEN, 1)
        assert await database.questions.delete(question_id)
        assert not await database.questions.delete(question_id)
        assert await database.questions.get(question_id) is None
        assert await database.questions.votes(question_id) == VoteCounts(0, 0)
        assert await database.questions.record(QUESTION) > question_id

    on_database(play)


def test_each_person_has_one_vote(on_database):
    """A second thumb replaces the first, and 0 takes it back."""

    async def play(database, _):
        question_id = await database.questions.record(QUESTION)
        votes = database.questions
        assert await votes.vote(question_id, ADA, 1) == VoteCounts(1, 0)
        assert await votes.vote(question_id, ADA, 1) == VoteCounts(1, 0)
        assert await votes.vote(question_id, BEN, -1) == VoteCounts(1, 1)
        assert await votes.vote(question_id, ADA, -1) == VoteCounts(0, 2)
        assert await votes.vote(question_id, ADA, 0) == VoteCounts(0, 1)
        assert await votes.vote(question_id, CYD, 0) == VoteCounts(0, 1)
        assert await votes.votes(question_id) == VoteCounts(0, 1)

    on_database(play)


def test_vote_on_a_question_that_is_gone_says_so(on_database):
    """A thumb on a question that was purged counts nowhere and is no failure."""

    async def play(database, _):
        assert await database.questions.vote(99, ADA, 1) is None

    on_database(play)


def test_thumbs_are_people_on_one_quote_however_often_it_was_asked(on_database):
    """A person counts once a side; other words, quotes, servers and private ones do not count."""

    async def play(database, _):
        questions = database.questions
        first, again, private, elsewhere, other = [
            await questions.record(one)
            for one in (
                QUESTION,
                QUESTION,
                asked(private=True),
                asked(guild_id=9),
                asked("Who rang?"),
            )
        ]
        for question_id, voter, value, place in [
            (first, ADA, 1, BELL),
            (first, BEN, 1, TIDE),
            (first, CYD, -1, BELL),
            (again, ADA, 1, BELL),
            (private, BEN, 1, BELL),
            (elsewhere, BEN, 1, BELL),
            (other, BEN, 1, BELL),
        ]:
            await questions.vote(question_id, voter, value, place)
        assert await questions.thumbs(1, QUESTION.question, BELL) == VoteCounts(1, 1)
        await questions.vote(again, BEN, 1, BELL)
        assert await questions.thumbs(1, QUESTION.question, BELL) == VoteCounts(2, 1)
        moved = dataclasses.replace(BELL, fingerprint=1)
        assert await questions.thumbs(1, QUESTION.question, moved) == VoteCounts(0, 0)

    on_database(play)


def test_well_answered_questions_stand_liked_and_newest_first(on_database):
    """Liked ones come first, disliked, private, unanswered and foreign ones not at all."""

    async def play(database, clock):
        questions = database.questions
        for minute, question in enumerate(
            [
                asked("old and liked"),
                asked("twice"),
                asked("disliked"),
                asked("private", private=True),
                asked("open", outcome="nothing_found"),
                asked("unsure", outcome="hesitant"),
                asked("elsewhere", guild_id=9),
                asked("new"),
                asked("twice"),
            ]
        ):
            clock.now = NOON + timedelta(minutes=minute)
            question_id = await questions.record(question)
            if question.question == "old and liked":
                await questions.vote(question_id, BEN, 1)
            if question.question == "disliked":
                await questions.vote(question_id, BEN, -1)
        good = await questions.well_answered(1, 10)
        assert [one.question for one in good] == ["old and liked", "twice", "new"]
        assert {one.sources for one in good} == {frozenset({"harbour.txt"})}
        assert await questions.well_answered(1, 2) == good[:2]
        assert await questions.well_answered(None, 10) == []

    on_database(play)


def test_many_people_ask_and_vote_at_once(on_database):
    """Of 50 people who record and vote at the same time none is lost or counted twice."""

    async def play(database, _):
        shared = await database.questions.record(QUESTION)

        async def take_part(number):
            person = f"{number:032x}"
            own = await database.questions.record(asked(f"question {number}", asker=person))
            await database.questions.vote(shared, person, 1, BELL)
            await database.questions.vote(shared, person, -1 if number % 5 == 0 else 1, BELL)
            return own

        ids = await asyncio.gather(*map(take_part, range(50)))
        assert len(set(ids)) == 50
        assert await database.questions.votes(shared) == VoteCounts(40, 10)
        assert await database.questions.thumbs(1, QUESTION.question, BELL) == VoteCounts(40, 10)

    on_database(play)


def test_moment_without_a_time_zone_is_refused(on_database):
    """A naive time is the caller's mistake, not a moment in whatever zone the server has."""

    async def play(database, clock):
        clock.now = NOON.replace(tzinfo=None)
        with pytest.raises(DatabaseError, match="without its time zone"):
            await database.questions.record(QUESTION)

    on_database(play)
