"""What the weekly digest says."""

from bot.languages import to_translate

TITLE = to_translate("Weekly digest")
HOW_TO = to_translate(
    "The buttons are for those who may teach me. /pullquote unanswered lists all open questions."
)
UNANSWERED = to_translate("Without an answer")
DISLIKED = to_translate("With a thumbs down")
QUOTED = to_translate("I quoted: {place}")
