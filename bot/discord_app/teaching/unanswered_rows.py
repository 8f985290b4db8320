"""Questions that are open: as rows of a list, and as a table for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable, Mapping

from bot.database import UnansweredGroup
from bot.discord_app.teaching.strings import SHOW_MESSAGE
from bot.languages import Catalogue
from bot.rendering.discord_markdown import escape, link, shorten

# Five rows, with every sign escaped, fit a message (4,000 characters) with its title.
_QUESTION_ROOM = 200
_OTHERS_ROOM = 80

# With this bound the 2,000 questions of a full list stay below Discord's 10 MB.
_CELL_ROOM = 1000

# Spreadsheets run cells that begin like this, also with wide forms and after blanks and quotes; see
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"[\s\"']*[=+\-@|%\uff0b\uff0d\uff1d\uff20]|[\t\r\n]")

# Read by programs, so not translated.
_COLUMNS = ("question", "also asked as", "times", "last asked", "channel", "link")


def open_question(group: UnansweredGroup, guild_id: int, say: Catalogue) -> str:
    """Return a group as Markdown: its newest wording, the others, when and where it was asked."""
    lines = wordings(group, say)
    details = [times_asked(group, say), f"<#{group.channel_id}>"]
    if address := message_address(group, guild_id):
        details.append(link(say(SHOW_MESSAGE), address))
    lines.append("-# " + " \u00b7 ".join(details))
    return "\n".join(lines)


def wordings(
    group: UnansweredGroup,
    say: Catalogue,
    *,
    room: int = _QUESTION_ROOM,
    others_room: int = _OTHERS_ROOM,
) -> list[str]:
    """Return lines of Markdown: the newest wording of a group, and the others in small print.

    Args:
        group: The group.
        say: The language.
        room: The most characters of the newest wording, before they are escaped.
        others_room: The same for all others together.
    """
    question, *others = group.questions
    lines = [f"**{escape(say.isolated(shorten(question, room)))}**"]
    if others:
        also = escape(say.isolated(shorten(" \u00b7 ".join(others), others_room)))
        lines.append(f"-# {also}")
    return lines


def times_asked(group: UnansweredGroup, say: Catalogue) -> str:
    """Return how often a group was asked, and when it last was, in Discord's notation."""
    when = f"<t:{int(group.newest_at.timestamp())}:R>"
    return say.many(
        "asked {count} time, last {time}",
        "asked {count} times, last {time}",
        group.count,
        time=when,
    )


def open_questions_csv(
    groups: Iterable[UnansweredGroup], guild_id: int, channel_names: Mapping[int, str]
) -> bytes:
    """Return the questions as CSV in UTF-8, with the byte order mark that spreadsheets expect.

    Args:
        groups: In the order of the rows.
        guild_id: The server of the questions.
        channel_names: By id.
    """
    table = io.StringIO(newline="")
    rows = csv.writer(table)
    rows.writerow(_COLUMNS)
    for group in groups:
        question, *others = group.questions
        cells = (
            question,
            " | ".join(others),
            str(group.count),
            group.newest_at.isoformat(timespec="seconds"),
            channel_names.get(group.channel_id, ""),
            message_address(group, guild_id) or "",
        )
        rows.writerow([_inert(cell) for cell in cells])
    return table.getvalue().encode("utf-8-sig", "replace")


def message_address(group: UnansweredGroup, guild_id: int) -> str | None:
    """Return the address of the newest question's message; None if a command asked it."""
    if group.message_id is None:
        return None
    return f"https://discord.com/channels/{guild_id}/{group.channel_id}/{group.message_id}"


def _inert(cell: str) -> str:
    """Return a cell on one line that no spreadsheet runs as a formula."""
    text = shorten(cell.replace("\0", ""), _CELL_ROOM)
    return f"'{text}" if _FORMULA.match(cell.replace("\0", "")) else text
