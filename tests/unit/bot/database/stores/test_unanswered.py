"""Open questions: which they are, how alike ones merge, how they are settled."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.database import Span
from bot.database.stores.unanswered import UnansweredQuestion, merge
from index import PassageRef
from tests.support.data.questions import BELL, BEN, TIDE, asked
from tests.support.postgres import NOON

OLD = PassageRef("old.txt", 1, 3)


async def _ask(database, clock, *questions):
    """Record open questions a minute apart and return their ids."""
    ids = []
    for question in questions:
        clock.now += timedelta(minutes=1)
        ids.append(await database.questions.record(question))
    return ids


def _open(question, likeness, **changes):
    """Return a question that found nothing, with some fields changed."""
    return asked(
        question, **{"outcome": "nothing_found", "places": (), "likeness": likeness, **changes}
    )


def test_open_questions_are_those_that_found_nothing_or_were_disliked(on_database):
    """Answered, private, foreign and settled questions are not listed."""

    async def play(database, clock):
        ids = await _ask(
            database,
            clock,
            _open("nothing", "noth"),
            _open("private", "privat", private=True),
            _open("elsewhere", "elsewher", guild_id=9),
            _open("answered", "answer", outcome="answered"),
            _open("disliked", "dislik", outcome="answered"),
            _open("unsure", "unsur", outcome="hesitant"),
        )
        await database.questions.vote(ids[4], BEN, -1)
        groups = await database.unanswered.groups(1)
        assert [group.questions for group in groups] == [("disliked",), ("nothing",)]

    on_database(play)


def test_alike_questions_are_one_group(on_database):
    """Questions with the same stems, or with a typo in them, merge under the newest one."""

    async def play(database, clock):
        ids = await _ask(
            database,
            clock,
            _open("When was the harbour dug?", "dug harbour", channel_id=4, message_id=40),
            _open("Who drowned?", "drown"),
            _open("when was the harbor dug", "dug harbor", channel_id=5, message_id=50),
            _open("When was the harbour dug?", "dug harbour", channel_id=4, message_id=41),
        )
        first, second = await database.unanswered.groups(1)
        assert first.questions == ("When was the harbour dug?", "when was the harbor dug")
        assert first.ids == (ids[3], ids[2], ids[0])
        assert (first.id, first.count) == (ids[3], 3)
        assert first.newest_at == NOON + timedelta(minutes=4)
        assert (first.channel_id, first.message_id) == (4, 41)
        assert first.channel_ids == {4, 5}
        assert second.questions == ("Who drowned?",)

    on_database(play)


def test_questions_that_are_not_to_be_listed_are_left_out_of_groups(on_database):
    """They neither head a group nor count in it; the words and the conversation decide."""

    async def play(database, clock):
        ids = await _ask(
            database,
            clock,
            _open("When was the harbour dug?", "dug harbour", context=()),
            _open("and when was the harbour dug?", "dug harbour", context=()),
            _open("When was it dug?", "dug", context=("Is there a harbour?",)),
        )

        def is_listed(question, *, follows):
            return not question.startswith("and") and not follows

        (group,) = await database.unanswered.groups(1, is_listed=is_listed)
        assert group.questions == ("When was the harbour dug?",)
        assert (group.id, group.ids, group.count) == (ids[0], (ids[0],), 1)

    on_database(play)


@pytest.mark.parametrize("other", ["harbour", "burn harbour", "dug harbour tunnel where"])
def test_different_questions_stay_apart(on_database, other):
    """A question within a longer one is another question."""

    async def play(database, clock):
        await _ask(database, clock, _open("one", "dug harbour"), _open("other", other))
        assert len(await database.unanswered.groups(1)) == 2

    on_database(play)


def test_questions_without_stems_given_merge_by_their_words(on_database):
    """Where the caller gives no stems, order and case of the words do not matter."""

    async def play(database, clock):
        await _ask(database, clock, _open("Who sank it", ""), _open("who SANK it", ""))
        (group,) = await database.unanswered.groups(1)
        assert group.count == 2

    on_database(play)


def test_settled_questions_leave_the_list_until_they_are_asked_again(on_database):
    """Settling takes a whole group off, of this server only, and a new question comes on."""

    async def play(database, clock):
        unanswered = database.unanswered
        await _ask(database, clock, _open("bell?", "bell"), _open("bell!", "bell"))
        (group,) = await unanswered.groups(1)
        assert await unanswered.settle(9, group.ids) == 0
        assert await unanswered.settle(1, group.ids) == 2
        assert await unanswered.settle(1, group.ids) == 0
        assert await unanswered.groups(1) == []
        assert await unanswered.settle(1, []) == 0
        (again,) = await _ask(database, clock, _open("bell again", "bell"))
        assert [group.ids for group in await unanswered.groups(1)] == [(again,)]

    on_database(play)


def test_group_is_found_by_any_of_its_questions(on_database):
    """A button that carries one question's id leads to its group, until that is settled."""

    async def play(database, clock):
        older, newer = await _ask(database, clock, _open("bell?", "bell"), _open("bell!", "bell"))
        group = await database.unanswered.group(1, older)
        assert group == await database.unanswered.group(1, newer)
        assert group.ids == (newer, older)
        assert await database.unanswered.group(9, older) is None
        await database.unanswered.settle(1, group.ids)
        assert await database.unanswered.group(1, older) is None

    on_database(play)


def test_edited_question_is_open_again(on_database):
    """A settled question that is edited and finds nothing is listed."""

    async def play(database, clock):
        (question_id,) = await _ask(database, clock, _open("bell?", "bell"))
        await database.unanswered.settle(1, [question_id])
        await database.questions.update(question_id, _open("anchor?", "anchor"))
        assert [group.id for group in await database.unanswered.groups(1)] == [question_id]

    on_database(play)


def test_questions_of_other_channels_are_left_out_when_channels_are_named(on_database):
    """Neither their words nor their number show in a group; each channel is named once."""

    async def play(database, clock):
        older, _, newer = await _ask(
            database,
            clock,
            _open("bell?", "bell", channel_id=4),
            _open("secret bell", "bell", channel_id=5),
            _open("bell!", "bell", channel_id=4),
        )
        unanswered = database.unanswered
        assert await unanswered.channels(1) == [4, 5]
        assert await unanswered.channels(9) == []
        (group,) = await unanswered.groups(1, {4})
        assert (group.ids, group.questions) == ((newer, older), ("bell!", "bell?"))
        assert group.channel_ids == {4}
        assert await unanswered.groups(1, set()) == []

    on_database(play)


def test_groups_of_a_span_have_its_questions_only(on_database):
    """The span has its beginning and not its end; the channels are those of its questions."""

    async def play(database, clock):
        words = "bells", "cargo", "docks", "ebb"
        questions = [_open(word, word, channel_id=n) for n, word in enumerate(words)]
        await _ask(database, clock, *questions)
        span = Span(NOON + timedelta(minutes=2), NOON + timedelta(minutes=4))
        groups = await database.unanswered.groups(1, span=span)
        assert [group.questions for group in groups] == [("docks",), ("cargo",)]
        assert await database.unanswered.channels(1, span) == [2, 1]

    on_database(play)


def test_group_says_what_was_quoted(on_database):
    """The best quote is that of the newest question; the texts are those of all."""

    async def play(database, clock):
        ids = await _ask(
            database,
            clock,
            _open("when does it ring", "ring", outcome="answered", places=(OLD,)),
            _open("when does it ring?", "ring", outcome="answered", places=(TIDE, BELL)),
            _open("who drowned", "drown"),
        )
        for number in ids[:2]:
            await database.questions.vote(number, BEN, -1)
        nothing, disliked = await database.unanswered.groups(1)
        assert (disliked.quoted, disliked.sources) == (TIDE, {"harbour.txt", "old.txt"})
        assert (nothing.quoted, nothing.sources) == (None, frozenset())

    on_database(play)


def test_question_is_settled_with_those_that_are_alike(on_database):
    """Others, those of other channels and servers, and answered ones, stay."""

    async def play(database, clock):
        unanswered = database.unanswered
        ids = await _ask(
            database,
            clock,
            _open("When was the harbour dug?", "dug harbour"),
            _open("when was the harbor dug", "dug harbor"),
            _open("Who drowned?", "drown"),
            _open("When was the harbour dug?", "dug harbour", channel_id=5),
            _open("When was the harbour dug?", "dug harbour", guild_id=9),
        )
        assert await unanswered.settle_alike(1, ids[4], [2]) == 0
        assert await unanswered.settle_alike(1, ids[3], [2]) == 0
        assert await unanswered.settle_alike(1, ids[0], [2]) == 2
        assert await unanswered.settle_alike(1, ids[0], [2]) == 0
        assert [group.ids for group in await unanswered.groups(1)] == [(ids[3],), (ids[2],)]
        assert [group.ids for group in await unanswered.groups(9)] == [(ids[4],)]

    on_database(play)


@settings(max_examples=200, derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["dug harbour", "dug harbor", "drown", "bell ring", "bell rung"]),
            st.integers(0, 3),
        ),
        max_size=12,
    )
)
def test_grouping_loses_nothing_and_is_the_same_each_time(asked_like):
    """Each question is in one group, groups and their members stand newest first."""
    questions = [
        UnansweredQuestion(
            id=len(asked_like) - n,
            question=f"{likeness}?",
            likeness=likeness,
            asked_at=NOON - timedelta(minutes=n),
            channel_id=channel_id,
            message_id=None,
            context=[],
            places=[],
        )
        for n, (likeness, channel_id) in enumerate(asked_like)
    ]
    groups = merge(questions, None)
    ids = [number for group in groups for number in group.ids]
    assert sorted(ids) == sorted(question.id for question in questions)
    assert sum(group.count for group in groups) == len(questions)
    assert all(list(group.ids) == sorted(group.ids, reverse=True) for group in groups)
    assert [group.id for group in groups] == sorted((g.id for g in groups), reverse=True)
    assert merge(list(questions), None) == groups
