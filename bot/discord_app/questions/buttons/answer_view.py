"""Makes the message that shows an answer, in the language of its reader."""

from dataclasses import replace

from bot.answering import Answer
from bot.discord_app.messages.message_view import present_message
from bot.discord_app.messages.send import Shown, line
from bot.discord_app.questions.buttons.answer_buttons import answer_buttons
from bot.discord_app.questions.models import Hints, IncomingQuestion, SearchResult
from bot.languages import Catalogue
from bot.rendering.discord_message import answer_message


def present_to(question: IncomingQuestion, result: SearchResult, question_id: int | None) -> Shown:
    """Return the message that shows the asker the answer to a question.

    Args:
        question: The question. The message shows one that was typed in a command, because Discord
            does not.
        result: The answer, with hints.
        question_id: The id of the question's row; None if it is not stored.
    """
    answer = result.answer
    if question.typed is not None:
        answer = replace(answer, question=question.typed)
    return present(
        answer,
        question.origin.say,
        question_id,
        question.asker.id,
        hints=result.hints,
        plain=question.server.plain,
        show_question=question.typed is not None,
        ephemeral=question.private,
    )


def present(
    answer: Answer,
    say: Catalogue,
    question_id: int | None,
    asker_id: int,
    *,
    hints: Hints = Hints(),  # noqa: B008  # frozen
    plain: bool,
    show_question: bool = False,
    ephemeral: bool = False,
    versions_of: int | None = None,
) -> Shown:
    """Return the message that shows an answer.

    Args:
        answer: The answer.
        say: The language of the bot's own words.
        question_id: The id of the question's row; None if it is not stored.
        asker_id: The person who asked, who may delete the message.
        hints: Suggestions for an answer that found nothing, and what it searched.
        plain: Whether the server wants plain text.
        show_question: Whether the question stands above the answer.
        ephemeral: Whether only the asker sees it; it then has no buttons for a copy or deletion.
        versions_of: The id of the row of the question that other versions may be asked; None for
            `question_id`.
    """
    message = answer_message(
        answer,
        say,
        show_question=show_question,
        words=hints.words,
        headings=hints.headings,
        looked_in=hints.looked_in,
    )
    if answer.reason in ("small_talk", "empty_question"):
        return line(message.plain)
    buttons = answer_buttons(
        answer,
        question_id,
        asker_id,
        say,
        ephemeral=ephemeral,
        has_others=hints.has_others,
        versions_of=question_id if versions_of is None else versions_of,
    )
    return present_message(message, buttons, plain=plain)
