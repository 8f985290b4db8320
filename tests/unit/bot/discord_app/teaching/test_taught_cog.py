"""The list of taught questions."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.database import Lesson
from bot.discord_app.messages.list_pages import list_page
from bot.discord_app.teaching.taught_cog import Entry, RemoveButton, TaughtPageButton
from bot.discord_app.teaching.taught_rows import taught_question
from index import PassageRef
from tests.standin.rules.message_rules import message_problems
from tests.standin.rules.rules import V2_FLAG
from tests.support.data.questions import ADA
from tests.support.data.strategies import languages, typed_text

MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@given(st.lists(typed_text, min_size=1, max_size=12), st.integers(-1, 9), languages, st.booleans())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_page_of_taught_questions_keeps_discords_limits(texts, page, say, holds):
    """A page can be sent for any questions and any names of texts."""

    def row(taught, number):
        buttons = [RemoveButton.make(Entry(taught.id, number), "remove")]
        return taught_question(taught, say, holds=holds), buttons

    taught = [
        Lesson(n, 1, text, PassageRef(text[::-1], 10**6, 0), ADA, "confirmed", MOMENT)
        for n, text in enumerate(texts)
    ]
    view = list_page(TaughtPageButton, "t", taught, page, row, say)
    assert message_problems({"flags": V2_FLAG, "components": view.to_components()}) == []
