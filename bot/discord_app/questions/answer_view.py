"""An answer as people see it, in their language."""

from bot.discord_app.messages.message_view import present_message
from bot.discord_app.messages.send import Shown, line
from bot.discord_app.questions.answer_buttons import answer_buttons
from bot.discord_app.questions.models import Found
from bot.languages import Catalogue
from bot.rendering.discord_message import answer_message


def present(
    found: Found,
    say: Catalogue,
    question_id: int | None,
    asker_id: int,
    *,
    plain: bool,
    show_question: bool = False,
    ephemeral: bool = False,
) -> Shown:
    """Return an answer as it is sent.

    Args:
        found: What to show.
        say: The language of the bot's own words.
        question_id: The recorded question, or None.
        asker_id: Who asked, and so may delete it.
        plain: Whether the server wants plain text.
        show_question: Whether to put the question on top, where Discord does not show it.
        ephemeral: Whether only the asker sees it, and so needs no copy of it.
    """
    message = answer_message(
        found.answer,
        say,
        show_question=show_question,
        words=found.hints.words,
        headings=found.hints.headings,
    )
    if found.answer.reason in ("small_talk", "empty_question"):
        return line(message.plain)
    buttons = answer_buttons(found.answer, question_id, asker_id, say, ephemeral=ephemeral)
    return present_message(message, buttons, plain=plain)
