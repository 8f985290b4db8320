"""What `/pullquote diagnose` says: what lets the bot answer, and what prevents it, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.database import ChannelSettings, ServerSettings
from bot.discord_app.admin.setup import strings
from bot.languages import Catalogue, to_translate

WOULD = to_translate("I would answer {person} in {channel}")
WOULD_NOT = to_translate("I would not answer {person} in {channel}")

MODES = {
    "off": to_translate("I am turned off in this channel."),
    "addressed": to_translate("I answer what is addressed to me."),
    "every": to_translate(
        "I also answer questions that are not addressed to me, if my texts answer them."
    ),
}
ALL_PERMISSIONS = to_translate("I have all permissions that I need here.")
INTENT = to_translate("I can read all messages, also those that don't mention me.")

MAY_ASK = to_translate("{person} may ask me.")
MAY_NOT_ASK = to_translate("{person} may not ask me. They need one of these roles: {roles}.")
IS_BOT = to_translate("{person} is a bot, and I answer people only.")
CANNOT_SEE = to_translate("{person} can't see this channel.")
NO_LIMIT = to_translate("There is no limit on questions for each person.")
WAIT = to_translate("{person} asked a lot just now and can ask again {time}.")

INDEX_BUILT = to_translate("My index was built {time}.")
NO_TEXTS = to_translate("I have no texts.")

DATABASE = to_translate("My database can be reached.")
NO_DATABASE = to_translate(
    "I can't reach my database: I use the last known settings, and can't save anything."
)
NO_FAILURE = to_translate("No answer has failed here since I was started.")
FAILURE = to_translate("An answer failed here {time}; my log says why.")
REFUSAL = to_translate("Discord refused an answer here {time} (code {code}); my log says more.")

_OK, _WARNING, _BAD = "\u2705", "\u26a0\ufe0f", "\u274c"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that decides whether the bot answers a person in a channel.

    Attributes:
        channel: The mention of the channel.
        channel_name: The channel's name.
        person: The mention of the person.
        person_name: The person's name in the server.
        chosen: The channel's settings.
        server: The server's settings.
        missing: Names of the permissions that the bot is missing.
        can_post: Whether it can answer without them, if not in a thread.
        reads_all: Whether the bot has the Message Content Intent.
        is_bot: Whether the person is a bot.
        sees: Whether the person can see the channel.
        may_ask: Whether the person may ask, by their roles.
        wait_s: How long the person has to wait for the next question.
        texts: The number of texts.
        paragraphs: The number of their paragraphs.
        built_at: When the newest index of them was built.
        database_there: Whether the database can be read.
        failed_at: When the last answer in the channel failed, in seconds since 1970, or None.
        failure_code: Discord's code for that failure, or None.
    """

    channel: str
    channel_name: str
    person: str
    person_name: str
    chosen: ChannelSettings
    server: ServerSettings
    missing: str
    can_post: bool
    reads_all: bool
    is_bot: bool
    sees: bool
    may_ask: bool
    wait_s: float
    texts: int
    paragraphs: int
    built_at: datetime
    database_there: bool
    failed_at: float | None
    failure_code: int | None

    @property
    def would_answer(self) -> bool:
        """Whether the bot would answer the person now, if it is addressed."""
        return (
            self.chosen.mode != "off"
            and self.can_post
            and not self.is_bot
            and self.sees
            and self.may_ask
            and self.wait_s <= 0
            and self.paragraphs > 0
        )


def title(diagnosis: Diagnosis, say: Catalogue) -> str:
    """Return the conclusion, in plain text."""
    sentence = say(
        WOULD if diagnosis.would_answer else WOULD_NOT,
        person=diagnosis.person_name,
        channel=f"#{diagnosis.channel_name}",
    )
    return f"{_OK if diagnosis.would_answer else _BAD} {sentence}"


def lines(diagnosis: Diagnosis, say: Catalogue, now: float) -> Iterator[str]:
    """Yield the reasons, a line each with a mark; `now` is in seconds since 1970."""
    chosen = diagnosis.chosen
    yield f"{_BAD if chosen.mode == 'off' else _OK} {say(MODES[chosen.mode])}"
    if chosen.mode != "off":
        yield f"{_OK} {strings.threads(chosen, say)}"
    yield _permissions(diagnosis, say)
    if diagnosis.reads_all:
        yield f"{_OK} {say(INTENT)}"
    else:
        yield f"{_WARNING} {say(strings.NO_INTENT)}"
    yield _person(diagnosis, say)
    yield _cooldown(diagnosis, say, now)
    yield from _texts(diagnosis, say)
    yield f"{_OK} {say(DATABASE)}" if diagnosis.database_there else f"{_BAD} {say(NO_DATABASE)}"
    yield _failure(diagnosis, say)


def _permissions(diagnosis: Diagnosis, say: Catalogue) -> str:
    if not diagnosis.missing:
        return f"{_OK} {say(ALL_PERMISSIONS)}"
    named = say(strings.LACKING, channel=diagnosis.channel, permissions=diagnosis.missing)
    return f"{_WARNING if diagnosis.can_post else _BAD} {named}"


def _person(diagnosis: Diagnosis, say: Catalogue) -> str:
    if diagnosis.is_bot:
        return f"{_BAD} {say(IS_BOT, person=diagnosis.person)}"
    if not diagnosis.sees:
        return f"{_BAD} {say(CANNOT_SEE, person=diagnosis.person)}"
    if diagnosis.may_ask:
        return f"{_OK} {say(MAY_ASK, person=diagnosis.person)}"
    roles = ", ".join(f"<@&{role}>" for role in sorted(diagnosis.server.ask_roles))
    return f"{_BAD} {say(MAY_NOT_ASK, person=diagnosis.person, roles=roles)}"


def _cooldown(diagnosis: Diagnosis, say: Catalogue, now: float) -> str:
    if diagnosis.wait_s > 0:
        time = _moment(now + diagnosis.wait_s + 1)
        return f"{_BAD} {say(WAIT, person=diagnosis.person, time=time)}"
    server = diagnosis.server
    if server.cooldown_questions <= 0:
        return f"{_OK} {say(NO_LIMIT)}"
    return f"{_OK} {strings.cooldown(server, say)}"


def _texts(diagnosis: Diagnosis, say: Catalogue) -> Iterator[str]:
    if not diagnosis.paragraphs:
        yield f"{_BAD} {say(NO_TEXTS)}"
        return
    texts = say.many("{count} text", "{count} texts", diagnosis.texts)
    paragraphs = say.many("{count} paragraph", "{count} paragraphs", diagnosis.paragraphs)
    built = say(INDEX_BUILT, time=_moment(diagnosis.built_at.timestamp()))
    yield f"{_OK} {texts}, {paragraphs}. {built}"


def _failure(diagnosis: Diagnosis, say: Catalogue) -> str:
    if diagnosis.failed_at is None:
        return f"{_OK} {say(NO_FAILURE)}"
    time = _moment(diagnosis.failed_at)
    if diagnosis.failure_code:
        return f"{_WARNING} {say(REFUSAL, time=time, code=diagnosis.failure_code)}"
    return f"{_WARNING} {say(FAILURE, time=time)}"


def _moment(seconds: float) -> str:
    """Return a moment as Discord shows it: "5 minutes ago", in the reader's language."""
    return f"<t:{int(seconds)}:R>"
