"""What the bot says about unanswered questions and about lessons."""

from bot.languages import to_translate

UNANSWERED = to_translate("Unanswered questions")
NONE_OPEN = to_translate("No question is open in the channels that you can see.")

TAUGHT = to_translate("Taught questions")
NONE_TAUGHT = to_translate(
    "Nothing has been taught in this server yet. /pullquote unanswered lists questions to begin "
    "with."
)

# Labels of buttons, at most 80 characters
TEACH = to_translate("Teach")
DISMISS = to_translate("Dismiss")
REMOVE = to_translate("Remove")
EXPORT = to_translate("Export as CSV")

# Of the form, each at most 45 characters
FORM_TITLE = to_translate("Teach me an answer")
FORM_QUESTION = to_translate("Question")
FORM_TEXT = to_translate("Text")
FORM_PARAGRAPH = to_translate("Number of the paragraph")
FORM_WORDS = to_translate("Or words that stand in it")

# At most 100 characters
FORM_QUESTION_HINT = to_translate("Those who may teach see it in the list of taught questions.")

WHICH_PARAGRAPH = to_translate("Which paragraph answers \u201c{question}\u201d?")
NO_PARAGRAPH = to_translate(
    "I found no such paragraph. Choose a text and the number of one of its paragraphs, or type "
    "words that stand in the paragraph."
)
BOUND = to_translate("Taught: questions like \u201c{question}\u201d now find {place}.")
NO_LESSON = to_translate("That was too long ago for me to remember. Please teach it again.")

NOT_ASKED = to_translate("I know of no question there.")
NOT_OPEN = to_translate("That question is no longer on the list.")

SHOW_MESSAGE = to_translate("show the message")
TEXT_CHANGED = to_translate("the text has changed since, so this has no effect")
BY_TEACHER = to_translate("taught {time}")
BY_THUMBS = to_translate("confirmed by thumbs {time}")
