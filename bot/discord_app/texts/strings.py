"""What the bot says about a server's texts: refusals, the progress and the result of builds."""

import re
from collections.abc import Mapping, Sequence

from bot.indexing.build import Step
from bot.languages import Catalogue, to_translate
from bot.rendering.discord_markdown import escape, shorten
from bot.rendering.discord_message import sections_message
from bot.rendering.wording import left_out
from index import BuildReport

# Why a text is refused
BAD_NAME = to_translate(
    "I can't keep a file with that name. A name may have up to 100 characters, must not begin with "
    'a dot, and must not contain any of `< > : " / \\ | ? *`.'
)
BAD_ENDING = to_translate("I can only read files that end in {endings}.")
RESERVED_NAME = to_translate("The name {name} is reserved. Please rename the file.")
SHARED_NAME = to_translate(
    "The name {name} belongs to a text that all servers share. Please rename the file."
)
TOO_LARGE = to_translate("That file is too large. I read files of up to {limit} MiB.")
TOO_MANY = to_translate("This server already has {limit} texts of its own. That is the limit.")
NO_ROOM = to_translate(
    "With this file, the texts of this server would be larger than {limit} MiB in total, so I did "
    "not add it."
)
NOT_FETCHED = to_translate("I could not fetch that file from Discord. Please try again.")
UNREADABLE = to_translate("I can't read {name}: {reason}. I have not added it.")
NO_SUCH_TEXT = to_translate("This server has no text of its own named {name}.")

NOT_RESTORABLE = to_translate("That text can no longer be restored.")
TOO_LARGE_TO_SEND = to_translate(
    "{name} is too large for Discord, which takes files of up to {limit} MiB from me."
)

# Label of the button below the report of a removal
UNDO = to_translate("Undo")

# Why a build is not started, or failed
BUSY = to_translate(
    "The texts of this server are being indexed now. Please wait until that is done."
)
SHARED_BUSY = to_translate(
    "The shared texts are being indexed now. Please wait until that is done."
)
OWNER_ONLY = to_translate(
    "Only the owner of this application may index the texts that all servers share."
)
BUILD_FAILED = to_translate(
    "The texts could not be indexed and stay as they were. My log says why."
)
NOT_STORED = to_translate("Sorry, that could not be saved. Please try again in a moment.")
STOPPED = to_translate(
    "I am shutting down, so the texts stay as they were. Please try again when I am back."
)
NO_TEXTS = to_translate("This server has no texts of its own. Add one with /pullquote add.")

# The progress of a build
FETCHING = to_translate("Fetching the file \u2026")
_STARTING = to_translate("Looking at the texts \u2026")
_STEPS = {
    "Reading texts": to_translate("Reading texts: {done} of {total}"),
    "Sorting words": to_translate("Sorting words: {done} of {total}"),
}
_OTHER_STEP = to_translate("Computing vectors: {done} of {total}")

# The result of a build
REPLACED = to_translate("There already was a text named {name}; the new one replaces it.")
REMOVED_LAST = to_translate("Removed {name}. This server has no texts of its own any more.")
UP_TO_DATE = to_translate("The texts have not changed since they were last indexed.")
_INDEXED = to_translate("The texts are indexed.")
_ADDED = to_translate("Added: {names}")
_CHANGED = to_translate("Changed: {names}")
_REMOVED = to_translate("Removed: {names}")
_SKIPPED = to_translate("Skipped {name}: {reason}")

# Reasons from the index, with placeholders for their numbers.
REASONS = (
    to_translate("it holds no paragraph"),
    to_translate("it is empty: it holds no paragraph"),
    to_translate("it is encrypted"),
    to_translate("it is damaged or of another format than its name says"),
    to_translate("it is encrypted, or of a format older than its name says"),
    to_translate("it holds no text (a scan?)"),
    to_translate("not a text file"),
    to_translate("not a text in any known encoding"),
    to_translate("not a valid text"),
    to_translate("reading it crashed"),
    to_translate("reading it takes longer than {n} s"),
    to_translate("it has more than {n} pages"),
    to_translate("it has more than {n} parts"),
    to_translate("it is larger than {n} MiB"),
    to_translate("it unpacks to more than {n} MiB"),
    to_translate("it unpacks to more than {n} MB of text"),
)
_NUMBER = re.compile(r"\d[\d,]*")

# The largest number of names of each kind in a report; the rest is counted.
_MAX_LISTED = 10
_NAME_ROOM = 60
_REASON_ROOM = 120


def progress(say: Catalogue, step: Step | None) -> str:
    """Return the progress of a build; None before its first step."""
    if step is None:
        return say(_STARTING)
    return say(_STEPS.get(step.what, _OTHER_STEP), done=step.done, total=step.total)


def reason(say: Catalogue, given: str) -> str:
    """Return a reason from the index in a language; if it is translated, without its advice.

    Rare reasons stay in English.
    """
    known = given.partition("; ")[0]
    given = known if _NUMBER.sub("{n}", known) in REASONS else given
    numbers = _NUMBER.findall(given)
    general = _NUMBER.sub("{n}", given)
    if general not in REASONS:
        return given
    return say(general, n=numbers[0]) if numbers else say(general)


def refusal(say: Catalogue, message: str, values: Mapping[str, object]) -> str:
    """Return why a text is refused; names are escaped, so that they show as typed."""
    shown = {name: _shown(say, name, value) for name, value in values.items()}
    return say(message, **shown)


def report(say: Catalogue, built: BuildReport) -> str:
    """Return the report of a build: what is indexed now, then each kind of change."""
    texts = say.many("{count} text", "{count} texts", built.documents)
    lines = [f"-# {texts} \u00b7 {built.seconds:.1f} s"]
    kinds = (_ADDED, built.added), (_CHANGED, built.changed), (_REMOVED, built.removed)
    lines += [say(message, names=_listed(say, names)) for message, names in kinds if names]
    for file in built.skipped:
        name = escape(shorten(file.source, _NAME_ROOM))
        why = escape(shorten(reason(say, file.reason), _REASON_ROOM))
        lines.append(say(_SKIPPED, name=name, reason=why))
    title = say(UP_TO_DATE) if built.unchanged else say(_INDEXED)
    return sections_message(title, lines, say).plain


def _listed(say: Catalogue, names: Sequence[str]) -> str:
    first = names[:_MAX_LISTED]
    shown = ", ".join(say.isolated(escape(shorten(name, _NAME_ROOM))) for name in first)
    rest = len(names) - _MAX_LISTED
    return f"{shown} {left_out(rest, say)}" if rest > 0 else shown


def _shown(say: Catalogue, name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    return escape(shorten(reason(say, value) if name == "reason" else value, _REASON_ROOM))
