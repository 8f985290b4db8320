"""What `/pullquote changes` says."""

from bot.database import ChangeAction
from bot.languages import to_translate

TITLE = to_translate("Changes in this server")
NONE = to_translate("Nothing was changed here in the last {days} days.")

# Of changes of texts and lessons
ACTIONS: dict[ChangeAction, str] = {
    "text_added": to_translate("Text added: {name}"),
    "text_replaced": to_translate("Text replaced: {name}"),
    "text_removed": to_translate("Text removed: {name}"),
    "text_restored": to_translate("Text restored: {name}"),
    "lesson_taught": to_translate("Lesson taught: {name}"),
    "lesson_removed": to_translate("Lesson removed: {name}"),
}

# Of changes of settings
FROM_TO = to_translate("Before: {before} \u00b7 now: {after}")
COOLDOWN = to_translate("{questions} in {seconds} s")
NO_COOLDOWN = to_translate("No limit")
NO_DIGEST = to_translate("Off")

SOMEBODY = to_translate("Somebody whose name I no longer have")
