"""What the bot says about unanswered questions and about lessons."""

from bot.languages import to_translate

UNANSWERED = to_translate("Unanswered questions")
NONE_OPEN = to_translate("There are no unanswered questions in the channels that you can see.")

TAUGHT = to_translate("Taught questions")
NONE_TAUGHT = to_translate(
    "Nothing has been taught in this server yet. To begin, choose a question from "
    "/pullquote unanswered."
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
FORM_WORDS = to_translate("Or words from the paragraph")

# At most 100 characters
FORM_QUESTION_HINT = to_translate(
    "Everybody who may teach sees this question in the list of taught questions."
)

WHICH_PARAGRAPH = to_translate("Which paragraph answers \u201c{question}\u201d?")
NO_PARAGRAPH = to_translate(
    "I found no such paragraph. Choose a text and the number of one of its paragraphs, or type "
    "words from the paragraph."
)
BOUND = to_translate("Taught: questions like \u201c{question}\u201d now find {place}.")
PARAGRAPH_CHANGED = to_translate(
    "The text has changed meanwhile. Please choose the paragraph again."
)
NO_LESSON = to_translate("That was too long ago for me to remember. Please teach it again.")

NOT_ASKED = to_translate("I find no question in that message.")
NOT_OPEN = to_translate("That question is no longer on the list.")

SHOW_MESSAGE = to_translate("show the message")
TEXT_CHANGED = to_translate("the text has changed since, so this lesson has no effect")
BY_TEACHER = to_translate("taught on {time}")
BY_THUMBS = to_translate("confirmed by thumbs up on {time}")
