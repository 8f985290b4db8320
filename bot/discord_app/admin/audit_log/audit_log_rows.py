"""Changes as rows of a list."""

from collections.abc import Sequence

from bot.database import Pseudonyms, StoredChange
from bot.discord_app.admin.audit_log import strings as words
from bot.discord_app.admin.setup import strings as panel
from bot.discord_app.admin.setup.setup_values import OWN_LANGUAGE
from bot.languages import Catalogue
from bot.rendering.discord_markdown import escape, shorten
from bot.rendering.wording import left_out

# Five rows fit a message (4,000 characters) with its title.
_NAME_ROOM = 100
_TEXTS_ROOM = 120
_MAX_ROLES = 5

_TITLES = {
    "mode": panel.MODE,
    "confidence": panel.CONFIDENCE,
    "texts": panel.TEXTS,
    "language": panel.LANGUAGE,
    "ask": panel.ASK_ROLES,
    "teach": panel.TRUSTED_ROLES,
    "admin": panel.ADMIN_ROLES,
    "digest": panel.DIGEST,
    "cooldown": panel.COOLDOWN_TITLE,
}

# Their labels say the value, too.
_SWITCHES = {
    "threads": {"on": panel.THREADS_ON, "off": panel.THREADS_OFF},
    "private": {"on": panel.PRIVATE_ON, "off": panel.PRIVATE_OFF},
    "plain": {"on": panel.PLAIN_ON, "off": panel.PLAIN_OFF},
    "shared": {"on": panel.SHARED_ON, "off": panel.SHARED_OFF},
}

_NO_ROLES = {
    "ask": panel.ASK_ROLES_EMPTY,
    "teach": panel.TRUSTED_ROLES_EMPTY,
    "admin": panel.ADMIN_ROLES_EMPTY,
}


def change_row(change: StoredChange, pseudonyms: Pseudonyms, say: Catalogue) -> str:
    """Return a change as Markdown: what was changed, from what to what, by whom and when.

    Args:
        change: The change.
        pseudonyms: Decrypts who made it.
        say: The language.
    """
    person = pseudonyms.opened(change.person, change.sealed)
    by = say(words.SOMEBODY) if person is None else f"<@{person}>"
    below = f"-# {by} \u00b7 <t:{int(change.at.timestamp())}:f>"
    return "\n".join([*_what(change, say), below])


def _what(change: StoredChange, say: Catalogue) -> list[str]:
    if change.action == "setting_changed":
        return _setting(change, say)
    name = shorten(change.subject, _NAME_ROOM)
    if change.paragraph is not None:
        name = say("{place}, paragraph {paragraph}", place=name, paragraph=change.paragraph)
    return [f"**{say(words.ACTIONS[change.action], name=escape(name))}**"]


def _setting(change: StoredChange, say: Catalogue) -> list[str]:
    part, channel = change.subject, change.channel_id
    where = f" \u00b7 <#{channel}>" if channel else ""
    switch = _SWITCHES.get(part, {}).get(" ".join(change.after))
    if switch is not None:
        return [f"**{say(switch)}**{where}"]
    before, after = (_value(part, values, say) for values in (change.before, change.after))
    title = say(_TITLES[part]) if part in _TITLES else escape(part)
    return [f"**{title}**{where}", say(words.FROM_TO, before=before, after=after)]


def _value(part: str, values: Sequence[str], say: Catalogue) -> str:
    """Return the values of a setting in Markdown."""
    if part in _NO_ROLES:
        return _roles(values, say(_NO_ROLES[part]), say)
    if part == "texts" and not values:
        return say(panel.TEXTS_NONE)
    match part, values:
        case "mode", ["off" | "addressed" | "every" as mode]:
            return say(panel.MODES[mode][0])
        case "confidence", ["sure" | "hesitant" as confidence]:
            return say(panel.CONFIDENCES[confidence])
        case "language", [language] if language == OWN_LANGUAGE:
            return say(panel.EVERYBODYS_OWN)
        case "language", [language] if language in panel.LANGUAGE_NAMES:
            return panel.LANGUAGE_NAMES[language]
        case "digest", []:
            return say(words.NO_DIGEST)
        case "digest", [channel]:
            return f"<#{channel}>"
        case "cooldown", ["0", _]:
            return say(words.NO_COOLDOWN)
        case "cooldown", [questions, seconds]:
            return say(words.COOLDOWN, questions=questions, seconds=seconds)
    return escape(shorten(" \u00b7 ".join(values), _TEXTS_ROOM))


def _roles(ids: Sequence[str], nobody: str, say: Catalogue) -> str:
    if not ids:
        return nobody
    shown = " ".join(f"<@&{role}>" for role in ids[:_MAX_ROLES])
    rest = len(ids) - _MAX_ROLES
    return f"{shown} {left_out(rest, say)}" if rest > 0 else shown
