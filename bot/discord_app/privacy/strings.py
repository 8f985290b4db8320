"""What `/privacy` says: what is kept about a person, for how long, and that it is deleted."""

from datetime import datetime

from bot.database import AUDIT_LOG_DAYS, DeletionCounts, PersonalData
from bot.languages import Catalogue, to_translate

NOTHING_KEPT = to_translate("I keep nothing about you.")

IN_THE_FILE = to_translate(
    "The file has your questions and what is kept with each: when and where you asked, what you "
    "had asked before, which paragraphs I quoted, and how long it took. My database does not have "
    "your name. It has a code that is made from your id with a secret key."
)

CONFIRM = to_translate(
    "This permanently deletes your questions and thumbs, in all servers and direct messages. It "
    "also deletes the lessons that came from thumbs up on answers to your questions. The lessons "
    "that you taught stay, but no longer show who taught them."
)

CONFIRM_CHANGES = to_translate(
    "The texts, lessons and settings that you changed also stay, but no longer show who did it."
)

DELETE_ALL = to_translate("Delete everything")

NOTHING_TO_DELETE = to_translate("There is nothing of yours left to delete.")


def kept(stored: PersonalData, shown: int, days: int, command: str, say: Catalogue) -> str:
    """Return what is kept about a person; call it only if something is kept.

    Args:
        stored: All data that is kept about the person.
        shown: How many of the questions are in the file.
        days: How long questions are kept.
        command: The mention of the command that deletes the data.
        say: The language.
    """
    lines = [say("Your questions: {number}", number=len(stored.questions))]
    if stored.oldest is not None and stored.newest is not None:
        span = say(
            "from {oldest} to {newest}", oldest=_day(stored.oldest), newest=_day(stored.newest)
        )
        lines[0] += f" ({span})"
    lines.append(say("Your thumbs on answers: {number}", number=stored.votes))
    lessons = say(
        "Lessons that you taught or that come from your questions: {number}", number=stored.taught
    )
    lines.append(lessons)
    if stored.changes:
        lines.append(
            say(
                "Texts, lessons and settings that you changed in the last {days} days: {number}. "
                "With these your id is kept, encrypted with the key, for the admins of the server.",
                days=AUDIT_LOG_DAYS,
                number=len(stored.changes),
            )
        )
    if stored.questions:
        lines += ["", say(IN_THE_FILE)]
    if shown < len(stored.questions):
        full = say("The file is full. It has only your newest {number} questions.", number=shown)
        lines.append(full)
    lines += [
        "",
        say.many(
            "Questions and thumbs are deleted after {count} day.",
            "Questions and thumbs are deleted after {count} days.",
            days,
        ),
        say("{command} deletes them at once.", command=command),
    ]
    return "\n".join(lines)


def deleted(what: DeletionCounts, say: Catalogue) -> str:
    """Return what was deleted just now."""
    if what == DeletionCounts():
        return say(NOTHING_TO_DELETE)
    counts = say(
        "Deleted questions: {questions}. Deleted thumbs: {thumbs}. Deleted lessons: {lessons}. "
        "Lessons that no longer show who taught them: {taught}.",
        questions=what.questions,
        thumbs=what.votes,
        lessons=what.lessons,
        taught=what.taught,
    )
    if not what.changes:
        return counts
    without = say("Changes that no longer show who made them: {number}.", number=what.changes)
    return f"{counts} {without}"


def _day(moment: datetime) -> str:
    """Return a moment in Discord's notation; clients show it in their language and time zone."""
    return f"<t:{int(moment.timestamp())}:D>"
