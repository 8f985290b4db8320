"""What the panel of `/pullquote setup` says."""

from collections.abc import Sequence

from bot.database import ChannelSettings, Mode, ServerSettings
from bot.languages import Catalogue, to_translate
from bot.rendering.discord_markdown import escape, shorten

# Of the 4,000 characters of a card.
_TEXTS_ROOM = 400

TITLE = to_translate("Setup of {channel}")
AT_ONCE = to_translate("Each choice takes effect at once. Only you see this.")

MODE = to_translate("What I answer there")
MODES: dict[Mode, tuple[str, str]] = {
    "off": (to_translate("Nothing"), to_translate("I am turned off in this channel.")),
    "addressed": (
        to_translate("What is addressed to me"),
        to_translate("Mentions, replies to me, /ask"),
    ),
    "every": (
        to_translate("Every question"),
        to_translate(
            "Also questions that are not addressed to me; "
            "I stay silent if my texts don't answer them"
        ),
    ),
}

CONFIDENCE = to_translate("Which answers I give to questions that are not addressed to me")
CONFIDENCES = {
    "sure": to_translate("Only those I am sure of"),
    "hesitant": to_translate("Also the closest paragraphs when I am not sure"),
}

THREADS_ON = to_translate("A thread for each question: on")
THREADS_OFF = to_translate("A thread for each question: off")

PRIVATE_ON = to_translate("Answers to /ask are private: on")
PRIVATE_OFF = to_translate("Answers to /ask are private: off")

TEXTS = to_translate("Which texts answer there")
ALL_TEXTS = to_translate("All texts")
CHOOSE_TEXTS = to_translate("Choose texts")

# The form behind that button
TEXTS_FIELD = to_translate("Folders, paths or titles")
TEXTS_NONE = to_translate("None: as in the category, else all")
TEXTS_HINT = to_translate(
    "One on each line. Empty: as in the category, else all. * stands for any characters."
)

SERVER = to_translate("The whole server")

SHARED_ON = to_translate("Shared texts: on")
SHARED_OFF = to_translate("Shared texts: off")

LANGUAGE = to_translate("The language I speak")
EVERYBODYS_OWN = to_translate("Each person's own language")
EVERYBODYS_OWN_HINT = to_translate(
    "Commands use the person's language; messages use the server's language"
)

ASK_ROLES = to_translate("Who may ask")
ASK_ROLES_EMPTY = to_translate("Everybody")
TRUSTED_ROLES = to_translate("Who may teach me, besides admins")
TRUSTED_ROLES_EMPTY = to_translate("Nobody else")
ADMIN_ROLES = to_translate("Who may administer me, besides those who manage the server")
ADMIN_ROLES_EMPTY = to_translate("No further roles")

DIGEST = to_translate("Weekly digest of open questions (Mondays, 8:00 UTC)")
DIGEST_OFF = to_translate("Off. Choose a channel to turn it on.")
DIGEST_CHANNEL_GONE = to_translate(
    "The channel of the weekly digest is gone. Please choose another one, or none."
)

COOLDOWN_NONE = to_translate("Questions for each person: no limit")
PLAIN_ON = to_translate("Plain text instead of cards: on")
PLAIN_OFF = to_translate("Plain text instead of cards: off")

# The form behind the button for the cooldown
COOLDOWN_TITLE = to_translate("Questions for each person")
COOLDOWN_QUESTIONS = to_translate("Questions (0 for no limit)")
COOLDOWN_SECONDS = to_translate("Time span in seconds")
NOT_A_COOLDOWN = to_translate(
    "Please enter whole numbers: 0 to {questions} questions, and 1 to {seconds} seconds."
)

NOT_SAVED = to_translate("Sorry, that could not be saved. Please try again in a moment.")
NO_CHANNEL = to_translate("I can't find that channel. It may have been deleted, or I can't see it.")

# By the names of discord.py; in other languages as Discord's client shows them.
PERMISSIONS = {
    "view_channel": to_translate("View Channel"),
    "send_messages": to_translate("Send Messages"),
    "read_message_history": to_translate("Read Message History"),
    "create_public_threads": to_translate("Create Public Threads"),
    "send_messages_in_threads": to_translate("Send Messages in Threads"),
    "manage_threads": to_translate("Manage Threads"),
}

LACKING = to_translate(
    "I am missing permissions in {channel}: {permissions}. Please give them to my role."
)
NO_INTENT = to_translate(
    "I can't read messages that don't mention me. The owner of this application must turn on the "
    "Message Content Intent on its Bot page in the developer portal and restart me."
)

# The languages' own names, the same in every language.
LANGUAGE_NAMES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Espa\u00f1ol",
    "fr": "Fran\u00e7ais",
    "he": "\u05e2\u05d1\u05e8\u05d9\u05ea",
    "ar": "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "ja": "\u65e5\u672c\u8a9e",
    "ko": "\ud55c\uad6d\uc5b4",
    "zh-CN": "\u7b80\u4f53\u4e2d\u6587",
    "zh-TW": "\u7e41\u9ad4\u4e2d\u6587",
    "pt-BR": "Portugu\u00eas do Brasil",
    "it": "Italiano",
    "nl": "Nederlands",
    "vi": "Ti\u1ebfng Vi\u1ec7t",
    "pl": "Polski",
    "ru": "\u0420\u0443\u0441\u0441\u043a\u0438\u0439",
    "tr": "T\u00fcrk\u00e7e",
    "uk": "\u0423\u043a\u0440\u0430\u0457\u043d\u0441\u044c\u043a\u0430",
}


def cooldown(settings: ServerSettings, say: Catalogue) -> str:
    """Return the label of the button that shows and changes the cooldown."""
    if settings.cooldown_questions <= 0:
        return say(COOLDOWN_NONE)
    return say(
        "Questions for each person: {questions} in {seconds} s",
        questions=settings.cooldown_questions,
        seconds=settings.cooldown_seconds,
    )


def threads(settings: ChannelSettings, say: Catalogue) -> str:
    """Return the label of the button that turns threads on or off."""
    return say(THREADS_ON if settings.threads else THREADS_OFF)


def texts(settings: ChannelSettings, of_category: Sequence[str] | None, say: Catalogue) -> str:
    """Return which texts answer in a channel, in Markdown.

    Args:
        settings: The channel's settings.
        of_category: What the channel's category has; None for all, and without a category.
        say: The language.
    """
    if settings.texts is not None:
        return _named(settings.texts)
    if of_category is not None:
        return say("As in its category: {texts}", texts=_named(of_category))
    return say(ALL_TEXTS)


def _named(patterns: Sequence[str]) -> str:
    return escape(shorten(" \u00b7 ".join(patterns), _TEXTS_ROOM))


def shared(settings: ServerSettings, say: Catalogue) -> str:
    """Return the label of the button that turns the shared texts on or off."""
    return say(SHARED_ON if settings.shared_texts else SHARED_OFF)


def plain(settings: ServerSettings, say: Catalogue) -> str:
    """Return the label of the button that turns plain text on or off."""
    return say(PLAIN_ON if settings.plain else PLAIN_OFF)
