"""What the bot says when a server has invited it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.discord_app.commands import help_strings
from bot.languages import Catalogue, to_translate
from bot.rendering.discord_markdown import escape, link, message_length, shorten
from bot.rendering.discord_message import Block, Message
from bot.rendering.wording import THE_TEXTS, left_out
from index import SourceInfo

TITLE = to_translate("Thank you for inviting me")

SETUP = to_translate(
    "If you manage this server, /pullquote setup lets you choose where, how and for whom I answer. "
    "Everybody can use /help."
)

# The names of texts take less than this; in all languages the rest fits a plain message beside it.
_TEXTS_ROOM = 800
_TITLE_ROOM = 80


def welcome_message(texts: Sequence[SourceInfo], say: Catalogue) -> Message:
    """Return the message for a server's members.

    Args:
        texts: What may be quoted in the channel, in order; as many are named as fit.
        say: The language.
    """
    blocks = [
        Block("heading", f"### {say(TITLE)}"),
        Block("line", say(help_strings.ABOUT)),
        Block("heading", f"**{say(help_strings.ASK)}**"),
        Block("line", say(help_strings.HOW_TO_ASK["server"])),
        Block("heading", f"**{say(help_strings.ADMINS)}**"),
        Block("line", say(SETUP)),
    ]
    if texts:
        blocks.append(Block("heading", f"**{say(THE_TEXTS)}**"))
        blocks.append(Block("line", "\n".join(_names(texts, say))))
    message = Message(tuple(blocks), "")
    return replace(message, plain="\n\n".join(message.parts))


def _names(texts: Sequence[SourceInfo], say: Catalogue) -> Iterator[str]:
    """Yield a line for each text as long as there is room, then how many more there are."""
    room = _TEXTS_ROOM
    for number, text in enumerate(texts):
        line = f"- {link(escape(say.isolated(shorten(text.title, _TITLE_ROOM))), text.url)}"
        room -= message_length(line) + len("\n")
        if room < 0:
            yield f"-# {left_out(len(texts) - number, say)}"
            return
        yield line
