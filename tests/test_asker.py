"""What is kept of questions on Discord, with a real index and a real database."""

import pytest

from bot.config.settings import Settings
from bot.database import PeopleKey
from bot.discord_app.context.origin import Where
from bot.discord_app.context.services import Services
from bot.discord_app.context.settings_cache import KnownSettings
from bot.discord_app.questions.models import Inquiry
from bot.discord_app.questions.service import Asker
from bot.indexing.server_indexes import ServerTexts
from index import LiveSearcher

ADA, BEN = 1, 2
THREAD = Where(1, 2, private=False, language="en-US")


@pytest.fixture
def asker_on(harbour_index, tmp_path):
    """A function that makes the bot's asker over the harbour text and a database."""

    def make(database):
        services = Services(
            settings=Settings.from_mapping({}),
            texts=ServerTexts(LiveSearcher(harbour_index), tmp_path),
            database=database,
            people=PeopleKey(b"k" * 32),
            known=KnownSettings(database),
        )
        return Asker(services), services

    return make


def inquiry(question, user_id):
    """Return a question in a thread in which all are in one conversation."""
    return Inquiry(question, THREAD, user_id, shared=True)


async def ask(asker, asked, answer_id):
    """Ask, and let the answer be sent."""
    found = await asker.answer(asked)
    question_id = await asker.note(asked, found)
    await asker.sent(asked, found, question_id, answer_id)
    return question_id


@pytest.mark.parametrize("user_id", [ADA, BEN])
def test_deletion_also_counts_for_questions_under_way(asker_on, on_database, user_id):
    """An answer that began before writes down nothing of the person, whoever asked it."""

    async def play(database, _):
        asker, services = asker_on(database)
        ada = services.people.hashed(ADA)
        await ask(asker, inquiry("who dug the harbour?", ADA), 101)
        last = inquiry("and when was that?", user_id)
        found = await asker.answer(last)
        asker.forget_person(ada)
        await database.privacy.delete_about(ada)
        assert await asker.note(last, found) is None
        await asker.sent(last, found, None, 102)
        assert not asker.is_answer(102)
        question_id = await ask(asker, inquiry("why the bell?", BEN), 103)
        assert (await database.questions.get(question_id)).context == ()

    on_database(play)


def test_question_written_down_during_the_deletion_is_deleted_again(asker_on, on_database):
    """The database may be busy deleting while the question waits to be written."""

    async def play(database, _):
        asker, services = asker_on(database)
        ada, record = services.people.hashed(ADA), database.questions.record

        async def record_late(asked):
            asker.forget_person(ada)
            await database.privacy.delete_about(ada)
            return await record(asked)

        database.questions.record = record_late
        assert await ask(asker, inquiry("who dug the harbour?", ADA), 101) is None
        assert (await database.privacy.stored_about(ada)).questions == ()

    on_database(play)
