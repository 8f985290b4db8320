"""Chooses the buttons below an answer, in their order."""

from typing import Any

from bot.answering import Answer
from bot.discord_app.messages.persistent_items import NoState
from bot.discord_app.questions.buttons.answer_button import AnswerItem
from bot.discord_app.questions.buttons.message_buttons import AskedBy, CopyButton, DeleteButton
from bot.discord_app.questions.buttons.more_button import MoreButton, ShownQuotes
from bot.discord_app.questions.buttons.others_button import OthersButton, UnansweredQuestion
from bot.discord_app.questions.buttons.quote_buttons import (
    ContextButton,
    DownButton,
    UpButton,
    Voted,
)
from bot.discord_app.questions.buttons.quoted_at import QuotedAt
from bot.discord_app.questions.buttons.version_items import version_items
from bot.languages import Catalogue
from bot.rendering import wording


def answer_buttons(
    answer: Answer,
    question_id: int | None,
    asker_id: int,
    say: Catalogue,
    *,
    ephemeral: bool = False,
    has_others: bool = False,
    versions_of: int | None = None,
) -> list[AnswerItem[Any]]:
    """Return the buttons below an answer; buttons without use are left out.

    Args:
        answer: The answer.
        question_id: The id of the question's row; None if the question is not stored, so that
            **More** and the thumbs are left out, and the button for other texts.
        asker_id: The person who asked.
        say: The language.
        ephemeral: Whether only the asker sees the answer; they dismiss it in Discord's client, so
            it has no button to copy or delete it.
        has_others: Whether there are other texts to ask, if nothing was found.
        versions_of: The id of the row of the question that other versions may be asked; None
            without such a row.
    """
    buttons: list[AnswerItem[Any]] = []
    if answer.quotes:
        quoted_at = QuotedAt.of(answer.quotes[0])
        if question_id is not None and answer.turn is not None:
            shown = ShownQuotes(question_id, answer.turn.n_seen, asker_id)
            buttons.append(MoreButton.make(shown, say(wording.MORE)))
        if versions_of is not None:
            others = answer.quotes[0].other_versions
            buttons += version_items(others, versions_of, asker_id, say)
        buttons.append(ContextButton.make(quoted_at, say(wording.IN_CONTEXT)))
        if not ephemeral:
            buttons.append(CopyButton.make(NoState(), say(wording.PRIVATE_COPY)))
        if question_id is not None:
            voted = Voted.on(question_id, quoted_at)
            buttons.append(UpButton.make(voted, emoji="\N{THUMBS UP SIGN}"))
            buttons.append(DownButton.make(voted, emoji="\N{THUMBS DOWN SIGN}"))
    elif has_others and question_id is not None:
        state = UnansweredQuestion(question_id, asker_id)
        buttons.append(OthersButton.make(state, say(wording.OTHER_TEXTS)))
    if not ephemeral:
        buttons.append(DeleteButton.make(AskedBy(asker_id), emoji="\N{WASTEBASKET}"))
    return buttons
