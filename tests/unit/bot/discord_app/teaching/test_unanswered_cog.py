"""The list of open questions."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord_app.messages.list_pages import list_page
from bot.discord_app.messages.persistent_items import NoState
from bot.discord_app.teaching.lesson_buttons import ListedQuestion, TeachButton
from bot.discord_app.teaching.unanswered_cog import (
    DismissButton,
    ExportButton,
    OpenQuestion,
    UnansweredPageButton,
)
from bot.discord_app.teaching.unanswered_rows import open_question
from tests.standin.rules.message_rules import message_problems
from tests.standin.rules.rules import V2_FLAG
from tests.support.data.questions import open_group
from tests.support.data.strategies import languages, typed_text


@given(
    st.lists(st.tuples(typed_text, typed_text), min_size=1, max_size=12),
    st.integers(-1, 9),
    languages,
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_page_of_open_questions_keeps_discords_limits(pairs, page, say):
    """Whatever was asked, in each language, a page can be sent."""

    def row(group, number):
        buttons = [
            TeachButton.make(ListedQuestion(group.id), "teach"),
            DismissButton.make(OpenQuestion(group.id, number), "dismiss"),
        ]
        return open_question(group, 2**63 - 1, say), buttons

    groups = [open_group(*pair, id=n) for n, pair in enumerate(pairs)]
    export = ExportButton.make(NoState(), "c")
    view = list_page(UnansweredPageButton, "t", groups, page, row, say, [export])
    assert message_problems({"flags": V2_FLAG, "components": view.to_components()}) == []
