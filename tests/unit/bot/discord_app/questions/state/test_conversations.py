"""What the bot remembers of conversations on Discord, and how it forgets."""

from dataclasses import replace

from bot.answering.conversation import Turn
from bot.discord_app.questions.state.conversations import ConversationMemory

ADA, BEN = "a" * 32, "b" * 32
HARBOUR, BELL = Turn("who dug the harbour?", asked_by=ADA), Turn("why the bell?", asked_by=BEN)


class Clock:
    """Seconds that pass when they are told to."""

    now = 0.0

    def __call__(self):
        return self.now


def test_forgotten_person_is_in_no_conversation():
    """Every conversation that the person took part in is gone, and all others stay."""
    memory = ConversationMemory()
    memory.remember(1, 11, 101, [HARBOUR])
    memory.remember(1, 12, 102, [HARBOUR, BELL])
    memory.remember(2, 12, 103, [BELL])
    memory.forget_person(ADA)
    assert [memory.is_answer(answer_id) for answer_id in (101, 102, 103)] == [False, False, True]
    assert memory.history(1, 11, None) == memory.history(1, 12, None) == []
    assert memory.history(2, 12, None) == [BELL]


def test_turn_that_nobody_knows_whose_is_forgotten_with_anybody():
    """A turn without a known asker may have been theirs."""
    memory = ConversationMemory()
    memory.remember(1, 12, 102, [replace(HARBOUR, asked_by=None), BELL])
    memory.forget_person(ADA)
    assert not memory.is_answer(102)


def test_old_conversations_are_forgotten_and_later_ones_go_on():
    """Exchanges from before an answer are forgotten, and those whose ten minutes are over."""
    clock = Clock()
    memory = ConversationMemory(clock)
    memory.remember(1, 11, 101, [HARBOUR])
    clock.now = 500.0
    memory.remember(1, 12, 102, [BELL])
    clock.now = 700.0
    memory.forget_before(102)
    assert not memory.is_answer(101)
    assert memory.history(1, 12, 102) == memory.history(1, 12, None) == [BELL]
    clock.now = 0.0  # back in time, the first exchange would still be there if it were kept
    assert memory.history(1, 11, None) == []


def test_lasting_exchange_outlives_the_ten_minutes():
    """In a thread the conversation goes on whenever somebody comes back; elsewhere it is over."""
    clock = Clock()
    memory = ConversationMemory(clock)
    memory.remember(1, 11, 101, [HARBOUR], lasting=True)
    memory.remember(2, 11, 102, [BELL])
    clock.now = 86_400.0
    assert memory.history(1, 11, None) == [HARBOUR]
    assert memory.history(2, 11, None) == []
    memory.forget_before(101)
    assert memory.history(1, 11, None) == [HARBOUR]
    memory.forget_before(102)
    assert memory.history(1, 11, None) == []


def test_corrected_answer_changes_the_last_exchange_only_where_it_ended_that():
    """A reply to it goes on from the correction; what was asked later stays asked later."""
    memory = ConversationMemory()
    memory.remember(1, 11, 101, [HARBOUR])
    memory.correct(1, 11, 101, [BELL])
    assert memory.history(1, 11, 101) == memory.history(1, 11, None) == [BELL]
    memory.remember(1, 11, 102, [HARBOUR])
    memory.correct(1, 11, 101, [HARBOUR, BELL])
    assert memory.history(1, 11, 101) == [HARBOUR, BELL]
    assert memory.history(1, 11, None) == [HARBOUR]


def test_forgetting_somebody_leaves_the_order_in_which_others_are_forgotten():
    """Beyond the limit the conversation that was continued longest ago goes first."""
    memory = ConversationMemory(max_conversations=3)
    for user_id, answer_id in ((11, 101), (12, 102), (13, 103), (11, 104)):
        memory.remember(1, user_id, answer_id, [BELL])
    memory.forget_person(ADA)
    memory.remember(1, 14, 105, [BELL])
    assert memory.history(1, 11, None) == [BELL]
    assert memory.history(1, 12, None) == []
