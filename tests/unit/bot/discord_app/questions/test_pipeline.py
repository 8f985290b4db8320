"""The way of a question through a real index and a real database, to a port that records it."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from bot.config.settings import Settings
from bot.database import ChannelSettings, Pseudonyms, ServerSettings
from bot.discord_app.context.origin import Origin
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.questions.models import IncomingQuestion
from bot.discord_app.questions.pipeline import QuestionPipeline, ReplyPort
from bot.discord_app.questions.state.deletions import (
    DeletedMessage,
)
from bot.operations.health.monitor import Monitor
from index import LiveSearcher
from tests.support.health_page import figure

ADA, BEN = 1, 2

EVERY = ChannelSettings("every", confidence="hesitant")

SERVER = 1

THREAD = Origin(SERVER, 2, private=False, language="en-US")

POST = THREAD.channel_id  # the first message of a forum post has the id of its thread

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch."


@pytest.fixture
def pipeline_on(harbour_index, tmp_path):
    """A function that makes the bot's pipeline over the harbour text and a database."""

    def make(database):
        settings = Settings.from_mapping({"DATA_DIR": str(tmp_path)})
        monitor = Monitor(LiveSearcher(harbour_index))
        runtime = Runtime.make(settings, database, Pseudonyms(b"k" * 32), monitor)
        return QuestionPipeline(runtime), runtime

    return make


@dataclass
class RecordingPort(ReplyPort):
    """Notes what it is told, in order.

    Attributes:
        answer_id: The id of the message that it pretends to send.
        on_found: Called once the search is over.
    """

    answer_id: int = 101
    on_found: Any = None
    said: list[str] = field(default_factory=list)

    async def acknowledge(self):
        """Note it."""
        self.said.append("acknowledged")

    async def thread_port(self, question):
        """Open no thread, as most channels."""
        del question
        if self.on_found is not None:
            await self.on_found()

    async def send(self, shown):
        """Note the text and return a message."""
        self.said.append(shown.plain)
        return SimpleNamespace(
            id=self.answer_id, channel=SimpleNamespace(id=2), delete=self._delete
        )

    async def withhold(self):
        """Note it."""
        self.said.append("withheld")

    async def refuse(self, refused):
        """Note the reason."""
        self.said.append(f"refused: {refused.reason}")

    async def _delete(self):
        self.said.append("deleted")


def incoming(text, user_id=ADA, **fields):
    """Return a question in a thread in which all are in one conversation."""
    defaults: dict[str, Any] = {
        "trigger": "addressed",
        "server": ServerSettings(),
        "channel": ChannelSettings(),
        "message_id": 7,
        "shared": True,
    }
    asker: Any = SimpleNamespace(id=user_id)
    return IncomingQuestion(text=text, origin=THREAD, asker=asker, **(defaults | fields))


@pytest.mark.parametrize("user_id", [ADA, BEN])
def test_deletion_also_counts_for_questions_under_way(pipeline_on, on_database, user_id):
    """An answer that began before the deletion stores nothing of the person."""

    async def play(database, _):
        pipeline, runtime = pipeline_on(database)
        ada = runtime.pseudonyms.hashed(ADA)

        async def delete_ada():
            pipeline.forget_person(ada)
            await database.privacy.delete_about(ada)

        await pipeline.answer(incoming("who dug the harbour?"), RecordingPort(101))
        last = incoming("and when was that?", user_id, message_id=8)
        port = RecordingPort(102, on_found=delete_ada)
        await pipeline.answer(last, port)
        assert CAPTAIN in port.said[-1]
        assert await database.questions.by_message(8) is None
        assert not pipeline.conversations.is_answer(102)
        await pipeline.answer(incoming("why the bell?", BEN, message_id=9), RecordingPort(103))
        assert (await database.questions.by_message(9)).context == ()

    on_database(play)


def test_question_written_down_during_the_deletion_is_deleted_again(pipeline_on, on_database):
    """The database may be busy deleting while the question waits to be written."""

    async def play(database, _):
        pipeline, runtime = pipeline_on(database)
        ada, record = runtime.pseudonyms.hashed(ADA), database.questions.record

        async def record_late(asked):
            pipeline.forget_person(ada)
            await database.privacy.delete_about(ada)
            return await record(asked)

        database.questions.record = record_late
        await pipeline.answer(incoming("who dug the harbour?"), RecordingPort(101))
        assert (await database.privacy.stored_about(ada)).questions == ()

    on_database(play)


def test_question_of_a_server_whose_data_is_deleted_is_not_kept(pipeline_on, on_database):
    """Its answer is sent, and leaves no trace of the server."""

    async def play(database, _):
        pipeline, _ = pipeline_on(database)

        async def delete_server():
            pipeline.forget_server(SERVER)
            await database.privacy.delete_server(SERVER)

        port = RecordingPort(101, on_found=delete_server)
        await pipeline.answer(incoming("who dug the harbour?"), port)
        assert CAPTAIN in port.said[-1]
        assert await database.questions.by_message(7) is None
        assert not pipeline.conversations.is_answer(101)

    on_database(play)


def played(pipeline_on, on_database, question, port, before=None):
    """Answer a question; return what the port heard, and the kept row with the metrics."""
    kept = {}

    async def play(database, _):
        pipeline, runtime = pipeline_on(database)
        if before is not None:
            await before(pipeline, port)
        await pipeline.answer(question, port)
        kept["row"] = await database.questions.by_message(question.message_id or 7)
        kept["metrics"] = runtime.monitor.metrics

    on_database(play)
    return port.said, kept["row"], kept["metrics"]


def test_question_off_topic_is_answered_that_nothing_was_found(pipeline_on, on_database):
    """It is kept as unanswered and counted as such."""
    question = incoming("how do I bake sourdough?")
    said, row, metrics = played(pipeline_on, on_database, question, RecordingPort())
    assert said[0] == "acknowledged"
    assert CAPTAIN not in said[1]
    assert row.outcome == "nothing_found"
    assert figure(metrics, "pullquote_questions_total", outcome="nothing_found") == 1


@pytest.mark.parametrize(
    ("trigger", "channel"),
    [("overheard", ChannelSettings("every")), ("thread", ChannelSettings()), (None, None)],
)
def test_question_to_nobody_that_finds_nothing_meets_silence(
    pipeline_on, on_database, trigger, channel
):
    """The bot neither answers nor stores a message that was not for it."""
    question = incoming(
        "how do I bake sourdough?", trigger=trigger, channel=channel or ChannelSettings()
    )
    said, row, metrics = played(pipeline_on, on_database, question, RecordingPort())
    assert said == ["acknowledged", "withheld"]
    assert row is None
    assert figure(metrics, "pullquote_questions_total", outcome="silent") == 1


@pytest.mark.parametrize(
    ("trigger", "follows", "is_answered"),
    [
        ("overheard", False, False),
        ("overheard", True, True),
        ("addressed", False, True),
        ("thread", False, True),
    ],
)
def test_question_to_the_people_around_meets_silence(
    pipeline_on, on_database, trigger, follows, is_answered
):
    """The text mentions a bell, but nobody asks it for their own, unless the talk is about it."""

    async def ask_before(pipeline, port):
        if follows:
            before = incoming("why the bell?", message_id=6, trigger=trigger, shared=False)
            await pipeline.answer(before, RecordingPort())
        port.said.clear()

    question = incoming("where is my bell?", trigger=trigger, channel=EVERY, shared=False)
    said, row, _ = played(pipeline_on, on_database, question, RecordingPort(102), ask_before)
    assert ("bell rang early" in said[-1]) is is_answered
    assert (row is not None) is is_answered


def test_opening_post_that_finds_nothing_is_kept_as_unanswered(pipeline_on, on_database):
    """The owner sees what the texts lack."""
    question = incoming("how do I bake sourdough?", trigger="post", message_id=POST)
    said, row, _ = played(pipeline_on, on_database, question, RecordingPort())
    assert said == ["acknowledged", "withheld"]
    assert row.outcome == "nothing_found"


def test_later_question_in_a_post_that_meets_silence_is_not_kept(pipeline_on, on_database):
    """The author may talk to others there, and the bot keeps nothing that it passes over."""
    question = incoming("how do I bake sourdough?", trigger="post", message_id=8)
    said, row, _ = played(pipeline_on, on_database, question, RecordingPort())
    assert said == ["acknowledged", "withheld"]
    assert row is None


def test_question_during_a_cooldown_is_refused_before_it_is_acknowledged(pipeline_on, on_database):
    """The reason says how long to wait; nothing is searched or kept."""
    server = ServerSettings(cooldown_questions=1, cooldown_seconds=60)

    async def ask_first(pipeline, _):
        first = incoming("why the bell?", server=server, message_id=6)
        await pipeline.answer(first, RecordingPort(100))

    question = incoming("who dug the harbour?", server=server)
    said, row, metrics = played(pipeline_on, on_database, question, RecordingPort(), ask_first)
    assert [line.partition(":")[0] for line in said] == ["refused"]
    assert row is None
    assert figure(metrics, "pullquote_questions_total", outcome="refused") == 1


def test_edit_that_is_refused_counts_as_no_question(pipeline_on, on_database):
    """Its answer stays as people see it."""
    question = incoming("who dug the harbour?", channel=ChannelSettings("off"), is_edit=True)
    said, row, metrics = played(pipeline_on, on_database, question, RecordingPort())
    assert [line.partition(":")[0] for line in said] == ["acknowledged", "refused"]
    assert row is None
    assert figure(metrics, "pullquote_questions_total", outcome="refused") == 0
    assert figure(metrics, "pullquote_questions_total", outcome="silent") == 0


class EditPort(RecordingPort):
    """Takes every other message for one that has no answer to change."""

    async def prepared(self, question):
        """Return the question where its message has an odd id."""
        return question if question.message_id % 2 else None


def test_edit_counts_for_the_cooldown_only_where_there_is_an_answer_to_change(
    pipeline_on, on_database
):
    """Other edits cost the person nothing, and are no questions in the figures."""
    server = ServerSettings(cooldown_questions=1, cooldown_seconds=60)

    async def edit_others(pipeline, _):
        for message_id in (2, 4, 6):
            other = incoming("why?", server=server, message_id=message_id, is_edit=True)
            await pipeline.answer(other, EditPort())

    question = incoming("who dug the harbour?", server=server, is_edit=True)
    said, _, metrics = played(pipeline_on, on_database, question, EditPort(), edit_others)
    assert CAPTAIN in said[1]
    assert figure(metrics, "pullquote_questions_total", outcome="answered") == 1
    assert figure(metrics, "pullquote_questions_total", outcome="silent") == 0

    async def edit_this(pipeline, _):
        await pipeline.answer(question, EditPort())

    said, *_ = played(pipeline_on, on_database, question, EditPort(), edit_this)
    assert [line.partition(":")[0] for line in said] == ["acknowledged", "refused"]


def test_opening_post_that_is_deleted_while_it_is_searched_is_not_kept(pipeline_on, on_database):
    """A deleted post is not listed as unanswered either."""

    async def play(database, _):
        pipeline, _ = pipeline_on(database)
        search = pipeline.search.search

        async def search_and_delete(*arguments):
            pipeline.deletions.note(DeletedMessage(POST))
            return await search(*arguments)

        pipeline.search.search = search_and_delete
        post = incoming("how do I bake?", trigger="post", message_id=POST)
        await pipeline.answer(post, RecordingPort())
        assert await database.questions.by_message(POST) is None

    on_database(play)


def test_question_whose_message_is_deleted_while_it_is_searched_is_not_answered(
    pipeline_on, on_database
):
    """Nothing is sent and nothing is kept."""

    async def delete_later(pipeline, port):
        async def delete():
            pipeline.deletions.note(DeletedMessage(7))

        port.on_found = delete

    question = incoming("who dug the harbour?")
    said, row, metrics = played(pipeline_on, on_database, question, RecordingPort(), delete_later)
    assert said == ["acknowledged"]
    assert row is None
    assert figure(metrics, "pullquote_questions_total", outcome="silent") == 1


def test_answer_whose_question_is_deleted_while_it_is_sent_is_deleted(pipeline_on, on_database):
    """Its row goes with it."""

    async def delete_while_sent(pipeline, port):
        send = port.send

        async def late(shown):
            pipeline.deletions.note(DeletedMessage(7))
            return await send(shown)

        port.send = late

    question = incoming("who dug the harbour?")
    said, row, _ = played(pipeline_on, on_database, question, RecordingPort(), delete_while_sent)
    assert CAPTAIN in said[1]
    assert said[2:] == ["deleted"]
    assert row is None


def test_question_of_a_command_stands_above_its_answer(pipeline_on, on_database):
    """Discord does not show the question of a command, so the answer repeats it as it was typed."""
    question = incoming(
        "who dug the harbour?", trigger="command", typed="who dug **the** harbour?", message_id=None
    )
    said, _, metrics = played(pipeline_on, on_database, question, RecordingPort())
    assert said[0] == "acknowledged"
    assert said[1].index("who dug") < said[1].index(CAPTAIN)
    assert figure(metrics, "pullquote_questions_total", outcome="answered") == 1


def test_questions_of_a_person_follow_one_another_and_leave_nothing_behind(
    pipeline_on, on_database
):
    """One lock serves a conversation while it is needed, and is forgotten then."""

    async def play(database, _):
        pipeline, _ = pipeline_on(database)

        async def hold():
            async with pipeline._conversation_lock(incoming("who?")):
                await asyncio.sleep(0)
                return len(pipeline._locks)

        assert list(await asyncio.gather(hold(), hold())) == [1, 1]
        assert len(pipeline._locks) == 0

    on_database(play)
