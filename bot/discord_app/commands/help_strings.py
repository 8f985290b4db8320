"""What `/help` says."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bot.languages import Catalogue, to_translate
from bot.rendering import wording
from bot.rendering.discord_message import Block, Message, sections_message

TITLE = to_translate("What I can do")

ABOUT = to_translate(
    "I answer only with quotes. I find the paragraphs of my texts that answer your question, and "
    "quote them word for word with their source. If my texts don't answer it, I say so."
)

ASK = to_translate("Ask")
FOLLOW_UP = to_translate("Follow up")
BUTTONS = to_translate("Below an answer")
DATA = to_translate("Your data")
COMMANDS = to_translate("Commands")
ADMINS = to_translate("For admins of this server")

# Where a person asks for help: in a server of the bot, in a direct message to it, or elsewhere with
# the bot as a user app.
Audience = Literal["server", "direct", "guest"]

HOW_TO_ASK: dict[Audience, str] = {
    "server": to_translate(
        "Mention me with your question, reply to me, use /ask, or write to me directly."
    ),
    "direct": to_translate("Write your question here, or use /ask."),
    "guest": to_translate("Use /ask, here and wherever you are."),
}
MENU = to_translate(
    "The menu of any message has \u201cFind this in the texts\u201d under \u201cApps\u201d."
)

HOW_TO_FOLLOW_UP = to_translate(
    "Reply to an answer, or ask again within ten minutes: \u201cand why?\u201d, \u201cmore\u201d, "
    "\u201cthe second one\u201d. If you edit your question within five minutes, I change my "
    "answer. If you delete your question, I delete my answer, too."
)

WHAT_BUTTONS_DO = to_translate(
    "{more} shows the next paragraphs. {context} shows the paragraphs before and after. {copy} "
    "shows the answer only to you. The thumbs help me find better paragraphs. The bin deletes the "
    "answer; only the person who asked and moderators can use it."
)


def guide(audience: Audience, days: int, say: Catalogue) -> Message:
    """Return the part of the help that everybody sees.

    Args:
        audience: Where the person asks for help.
        days: How long questions are kept.
        say: The language.
    """
    buttons = say(
        WHAT_BUTTONS_DO,
        more=say(wording.MORE),
        context=say(wording.IN_CONTEXT),
        copy=say(wording.PRIVATE_COPY),
    )
    kept = say.many(
        "I keep questions for {count} day, without your name. /privacy shows and deletes yours.",
        "I keep questions for {count} days, without your name. /privacy shows and deletes yours.",
        days,
    )
    blocks = [Block("heading", f"### {say(TITLE)}"), Block("line", say(ABOUT))]
    for title, text in (
        (ASK, f"{say(HOW_TO_ASK[audience])} {say(MENU)}"),
        (FOLLOW_UP, say(HOW_TO_FOLLOW_UP)),
        (BUTTONS, buttons),
        (DATA, kept),
    ):
        blocks += Block("heading", f"**{say(title)}**"), Block("line", text)
    in_parts = Message(tuple(blocks), "")
    return replace(in_parts, plain="\n\n".join(in_parts.parts))


def command_list(
    commands: Sequence[tuple[str, str]], admins: Sequence[tuple[str, str]], say: Catalogue
) -> Message:
    """Return the message that lists commands.

    Args:
        commands: Each one's name as it is typed, and its description in English.
        admins: The same for the admin commands; empty if the reader is not an admin.
        say: The language.
    """
    lines = [f"`{name}` {say(description)}" for name, description in commands]
    if admins:
        lines.append(f"**{say(ADMINS)}**")
        lines += (f"`{name}` {say(description)}" for name, description in admins)
    return sections_message(say(COMMANDS), lines, say)
