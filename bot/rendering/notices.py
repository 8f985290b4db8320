"""What the bot says on Discord about itself: rules, refusals and thanks, each a line or two."""

from babel.numbers import format_percent

from bot.languages import Catalogue, to_translate

MAY_NOT_ASK = to_translate("Only members with certain roles may ask me here.")

TURNED_OFF = to_translate(
    "I am turned off in this channel. Ask me in another one, or write to me directly."
)

SERVERS_ONLY = to_translate("That only works in servers that I was invited to.")

MAY_NOT = to_translate("You need another role for that here; ask an admin of this server.")

OWNER_ONLY = to_translate("Only the owner of this application can do that.")

NOT_REGISTERED = to_translate("Discord rejected the commands; my log says why.")

NOT_THERE = to_translate("What you chose no longer exists, or I can't see it.")

NO_SUCH_TEXT = to_translate("There is no text named {name} here. /sources lists the texts.")

# Below answers
OUTDATED = to_translate("That was too long ago for me to remember. Please ask again.")

# Of buttons and menus whose ids this version of the bot does not know
NO_LONGER_WORKS = to_translate("This button or menu no longer works.")

TEXTS_CHANGED = to_translate("The texts have changed since. Please ask again.")

# Labels of the buttons that turn a list's page
NEWER = to_translate("Newer")
OLDER = to_translate("Older")

NO_MORE = to_translate("That is all I found.")

THANKS = to_translate("Thank you, noted.")

NOT_YOURS = to_translate("Only the person who asked, or a moderator, can delete this answer.")

PERSON_BUSY = to_translate(
    "I have not answered your earlier questions yet. Please wait for my answers, then ask again."
)

BUSY = to_translate("I am getting more questions than I can answer. Please ask again in a minute.")


def busy(say: Catalogue, *, own: bool) -> str:
    """Return the notice that the queue is full; `own`: by the person's own questions."""
    return say(PERSON_BUSY if own else BUSY)


def wait(say: Catalogue, seconds: float, now: float) -> str:
    """Return the notice that a person asks too fast, and when they may ask again.

    Args:
        say: The language.
        seconds: How long they have to wait.
        now: The time in seconds since 1970, for Discord to show it as "in 20 seconds".
    """
    return say(
        "That was a lot of questions. You can ask again {time}.",
        time=f"<t:{int(now + seconds) + 1}:R>",
    )


def reading_notice(say: Catalogue, percent: int) -> str:
    """Return how much of the texts the encoder has read, from 0 to 100 percent."""
    return say(
        "I have read {percent} of the newest texts closely. Until I am done I find texts by their "
        "words only.",
        percent=format_percent(percent / 100, locale=say.locale),
    )
