"""Lessons as rows of a list."""

from bot.database import Lesson
from bot.discord_app.teaching.strings import BY_TEACHER, BY_THUMBS, TEXT_CHANGED
from bot.languages import Catalogue
from bot.rendering.discord_markdown import escape, shorten

# Five rows, with every sign escaped, fit a message (4,000 characters) with its title.
_QUESTION_ROOM = 150
_SOURCE_ROOM = 80


def taught_question(taught: Lesson, say: Catalogue, *, holds: bool) -> str:
    """Return a lesson as Markdown: its question, its paragraph, who taught it and when.

    Args:
        taught: The lesson.
        say: The language.
        holds: Whether the paragraph is unchanged.
    """
    question = escape(say.isolated(shorten(taught.question, _QUESTION_ROOM)))
    source = shorten(taught.passage.source, _SOURCE_ROOM)
    place = say("{place}, paragraph {paragraph}", place=source, paragraph=taught.passage.paragraph)
    came = BY_TEACHER if taught.kind == "taught" else BY_THUMBS
    when = say(came, time=f"<t:{int(taught.at.timestamp())}:D>")
    lines = [f"**{question}**", f"{escape(place)}", f"-# {when}"]
    if not holds:
        lines.append(f"-# {say(TEXT_CHANGED)}")
    return "\n".join(lines)
