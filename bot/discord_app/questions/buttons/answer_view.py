"""Make the message that shows an answer, in the language of its reader."""

from dataclasses import replace

from bot.answering import Answer
from bot.discord_app.messages.message_view import present_message
from bot.discord_app.messages.send import Shown, line
from bot.discord_app.questions.buttons.answer_buttons import answer_buttons
from bot.discord_app.questions.models import Hints, IncomingQuestion, SearchResult
from bot.languages import Catalogue
from bot.rendering.discord_message import answer_message


def present_to(question: IncomingQuestion, result: SearchResult, row_id: int | None) -> Shown:
    """Return the answer to a question, as its asker sees it.

    Args:
        question: A question typed in a command stands above the answer, as Discord does not show
            it.
        result: What to show.
        row_id: The recorded question; None where it is not kept.
    """
    answer = result.answer
    if question.typed is not None:
        answer = replace(answer, question=question.typed)
    return present(
        answer,
        question.origin.say,
        row_id,
        question.asker.id,
        hints=result.hints,
        plain=question.server.plain,
        show_question=question.typed is not None,
        ephemeral=question.alone,
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
) -> Shown:
    """Return an answer as it is sent.

    Args:
        answer: What to show.
        say: The language of the bot's own words.
        question_id: The recorded question, or None.
        asker_id: The person who asked, and so may delete it.
        hints: For an answer that found nothing.
        plain: Whether the server wants plain text.
        show_question: Whether to put the question on top, where Discord does not show it.
        ephemeral: Whether only the asker sees it, and so needs no copy of it.
    """
    message = answer_message(
        answer,
        say,
        show_question=show_question,
        words=hints.words,
        headings=hints.headings,
    )
    if answer.reason in ("small_talk", "empty_question"):
        return line(message.plain)
    buttons = answer_buttons(answer, question_id, asker_id, say, ephemeral=ephemeral)
    return present_message(message, buttons, plain=plain)
