"""The queue of questions: whose turn is next, and what cannot be taken."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.discord_app.questions.state.fair_queue import FairQueue, QueueFullError, QueueLimits

SERVERS, PEOPLE = st.integers(1, 4), st.integers(1, 3)
ARRIVAL = st.tuples(st.just("arrive"), SERVERS, PEOPLE)
END = st.tuples(st.just("end"), st.integers(0, 9), st.just(0))
CANCEL = st.tuples(st.just("cancel"), st.integers(0, 30), st.just(0))
ACTIONS = st.lists(st.one_of(ARRIVAL, ARRIVAL, END, CANCEL), max_size=60)


@dataclass
class Question:
    """A question, and when it had its turn: the number of turns given before."""

    server: int
    person: int
    came_at: int
    ahead: int
    task: Any = None
    over: asyncio.Event = field(default_factory=asyncio.Event)
    turns: list[int] = field(default_factory=list)
    cancelled: bool = False


class Play:
    """Questions that come, have their turns and are cancelled, as told."""

    def __init__(self, n_at_once):
        self.queue = FairQueue(n_at_once)
        self.n_at_once = n_at_once
        self.questions: list[Question] = []
        self.given: list[Question] = []
        self.active: list[Question] = []

    async def act(self, action, first, second):
        """Do one thing and let everybody react; sometimes several things happen at once."""
        if action == "arrive":
            await settle()
            waiting = [one for one in self.questions if not one.turns and not one.cancelled]
            ahead = sum((one.server, one.person) == (first, second) for one in waiting)
            question = Question(first, second, len(self.given), ahead)
            question.task = asyncio.create_task(self._ask(question))
            self.questions.append(question)
        elif action == "end" and self.active:
            self.active[first % len(self.active)].over.set()
            return  # the one that is cancelled next may have been given this turn just now
        elif action == "cancel" and self.questions:
            question = self.questions[first % len(self.questions)]
            if not question.turns:
                question.cancelled = True
                question.task.cancel()
                return
        await settle()

    async def finish(self):
        """Let all turns end that are left."""
        await settle()
        while self.active:
            self.active[0].over.set()
            await settle()
        await asyncio.gather(*(one.task for one in self.questions), return_exceptions=True)

    async def _ask(self, question):
        async with self.queue.slot(question.server, question.person):
            question.turns.append(len(self.given))
            self.given.append(question)
            self.active.append(question)
            assert len(self.active) <= self.n_at_once
            try:
                await question.over.wait()
            finally:
                self.active.remove(question)


async def settle():
    """Let every task run until it waits."""
    for _ in range(5):
        await asyncio.sleep(0)


def play(actions, n_at_once):
    """Return the queue and its questions after some actions."""

    async def run():
        acted = Play(n_at_once)
        for action in actions:
            await acted.act(*action)
        await acted.finish()
        return acted

    return asyncio.run(run())


@settings(deadline=None)
@given(ACTIONS, st.integers(1, 3))
def test_every_question_has_one_turn_but_for_the_cancelled(actions, n_at_once):
    """Nothing is lost or done twice, whatever is cancelled, and the queue ends empty."""
    acted = play(actions, n_at_once)
    assert acted.queue.n_waiting == 0
    for question in acted.questions:
        assert len(question.turns) == (0 if question.cancelled and not question.turns else 1)
        failed = None if question.task.cancelled() else question.task.exception()
        assert failed is None
    # All turns are free again.
    again = [("arrive", server, 1) for server in range(1, n_at_once + 1)]
    assert len(play([*again], n_at_once).given) == n_at_once


# A question that is cancelled between its slot and its turn.
CANCELLED_AT_ITS_TURN = [
    *[("arrive", 1, 1)] * 5,
    ("arrive", 2, 1),
    ("arrive", 1, 1),
    ("arrive", 2, 2),
    ("end", 0, 0),
    ("arrive", 1, 1),
    ("end", 0, 0),
    ("cancel", 14, 0),
]


@settings(deadline=None)
@given(ACTIONS, st.integers(1, 3))
@example(CANCELLED_AT_ITS_TURN, 1)
def test_nobody_waits_for_more_than_one_turn_of_each_other(actions, n_at_once):
    """Other people of the server go first once at most, other servers once for each of its turns.

    That holds for a person who has no earlier question waiting; their own stay in order.
    """
    acted = play(actions, n_at_once)
    for question in acted.questions:
        if question.ahead or not question.turns:
            continue
        before = acted.given[question.came_at : question.turns[0]]
        own = Counter(one.person for one in before if one.server == question.server)
        others = Counter(one.server for one in before if one.server != question.server)
        assert all(count <= 1 for person, count in own.items() if person != question.person)
        assert own[question.person] <= 1  # the one that was given when this one came
        assert all(count <= own.total() + 1 for count in others.values())
    by_person: dict[tuple[int, int], list[int]] = {}
    for question in acted.questions:
        by_person.setdefault((question.server, question.person), []).extend(question.turns)
    assert all(turns == sorted(turns) for turns in by_person.values())


def test_flood_of_one_server_lets_another_one_go_next():
    """A hundred questions wait in one server; the only one of another is third of all."""
    flood = [("arrive", 1, person % 3) for person in range(100)]
    acted = play([*flood, ("arrive", 2, 9)], 1)
    assert [one.server for one in acted.given[:4]] == [1, 1, 2, 1]


def test_flood_of_one_person_lets_another_one_go_next():
    """The same holds for people of one server."""
    flood = [("arrive", 1, 1)] * 20
    acted = play([*flood, ("arrive", 1, 2)], 1)
    assert [one.person for one in acted.given[:4]] == [1, 1, 2, 1]


@pytest.mark.parametrize(
    ("limits", "own"),
    [
        (QueueLimits(person=2, server=9, total=9), True),
        (QueueLimits(person=9, server=2, total=9), False),
        (QueueLimits(person=9, server=9, total=2), False),
    ],
)
def test_more_open_questions_than_allowed_are_refused(limits, own):
    """The third is, until one is answered; a refused one leaves nothing behind."""
    queue = FairQueue(1, limits)
    with queue.reserve(1, 1):
        with queue.reserve(1, 1):
            for _ in range(2):
                with pytest.raises(QueueFullError) as full, queue.reserve(1, 1):
                    pass
                assert full.value.own is own
        with queue.reserve(1, 1):
            pass


def test_limits_of_one_leave_the_others_alone():
    """A person at their limit keeps nobody else from asking, and a server no other server."""
    queue = FairQueue(1, QueueLimits(person=1, server=2, total=9))
    with queue.reserve(1, 1), queue.reserve(1, 2):
        with pytest.raises(QueueFullError), queue.reserve(1, 3):
            pass
        with pytest.raises(QueueFullError), queue.reserve(2, 1):
            pass
        with queue.reserve(2, 3):
            pass


def test_question_that_is_cancelled_with_its_slot_costs_its_server_no_turn():
    """The slot that it no longer needs goes to the next question of its server."""
    order = []

    async def ask(queue, name, server, person):
        async with queue.slot(server, person):
            order.append(name)

    async def run():
        queue = FairQueue(1)
        async with queue.slot(1, 1):
            waiting = [("first", 2, 1), ("other server", 1, 1), ("same server", 2, 2)]
            tasks = [asyncio.create_task(ask(queue, *one)) for one in waiting]
            await settle()
        tasks[0].cancel()  # the slot was passed on to it, and it has not run since
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())
    assert order == ["same server", "other server"]
