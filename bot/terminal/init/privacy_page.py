"""Write a privacy page that the host of a bot can publish."""

from pathlib import Path

from bot.config.settings import Settings
from bot.errors import BotError
from bot.rendering.plain_text import counted
from bot.terminal.init.dialogue import Dialogue
from bot.terminal.init.given import Given

PAGE = Path("PRIVACY.md")

_TEXT = """\
# Privacy: {name}

{name} is a bot on Discord that answers questions with quotes from texts. This page says what it
keeps about you. It is run by: {contact}

## What is kept

- A question that you ask the bot, with the earlier questions of the conversation, the time, the ids
  of the server, the channel and the messages, the quotes that answered it and how long that took:
  for {days}, or until you delete it.
- Your thumbs on answers: as long as the question.
- Lessons, which are questions with the paragraph that answers them: until they are removed.
- The settings and texts of a server: until {days} after it removed the bot.

Your name and your id are not stored. Beside a question, a thumb or a lesson that you taught stands
a code, which is made from your id with a secret key. Messages that ask the bot nothing are not
stored. Nothing is passed on: questions are answered on the computer that the bot runs on. Backups
may hold what was deleted later, for at most {days}. What Discord keeps is up to Discord.

## See and delete it

- `/privacy show` shows you what is kept about you, with all your questions in a file.
- `/privacy delete` deletes your questions and thumbs at once, in all servers.
- If you delete the message with a question, the question is deleted, too.
- The bot's answers are messages on Discord: the bin below an answer deletes it.

Other requests: {contact}
"""


def offer_page(dialogue: Dialogue, settings: Settings, given: Given, name: str) -> None:
    """Write the page if it is wanted.

    Raises:
        BotError: Another page is there, and nobody can be asked whether to replace it.
    """
    contact = given.privacy_contact
    if contact is None:
        if not dialogue.confirm(f"Write a privacy page ({PAGE}) that you can publish?", None):
            return
        contact = dialogue.ask("Whom do people write to about their data (name, address)?")
    page = _TEXT.format(
        name=name or "Pullquote", contact=contact, days=counted(settings.retention_days, "day")
    )
    if PAGE.exists() and PAGE.read_text(encoding="utf-8", errors="replace") != page:
        may = dialogue.may_replace(str(PAGE))
        if may is None:
            raise BotError(f"{PAGE} is there and differs; --force replaces it")
        if not may:
            dialogue.tell(f"{PAGE} stays as it was.")
            return
    PAGE.write_text(page, encoding="utf-8")
    dialogue.tell(
        f"Wrote {PAGE}. Read it, publish it, and name its address in the portal (General "
        "Information page, Privacy Policy URL)."
    )
