"""The file with a person's own questions."""

import dataclasses
import json

import pytest

from bot.database import DeletionCounts, PersonalData, StoredQuestion
from bot.discord_app.privacy.export import questions_file
from bot.discord_app.privacy.strings import deleted, kept
from bot.languages import catalogue
from tests.support.data.questions import ADA, QUESTION
from tests.support.postgres import NOON

RECORDED = StoredQuestion(
    **{field.name: getattr(QUESTION, field.name) for field in dataclasses.fields(QUESTION)},
    id=7,
    asked_at=NOON,
)
ENGLISH = catalogue("en")


def test_file_has_all_that_is_kept_of_each_question():
    """Every field but the reader's own hash."""
    content, shown = questions_file([RECORDED])
    (entry,) = json.loads(content)
    assert shown == 1
    assert set(entry) == {field.name for field in dataclasses.fields(StoredQuestion)} - {"asker"}
    assert entry["asked_at"] == "2026-05-10T12:00:00+00:00"
    assert entry["places"][0] == {"source": "harbour.txt", "paragraph": 4, "fingerprint": 2**32 - 1}
    assert ADA.encode() not in content


@pytest.mark.parametrize("text", ["\u05de\u05d4?", '"\\\n', "\U0001f514", "\ud800"])
def test_questions_come_back_from_the_file_as_they_are(text):
    """Other scripts are readable in it, and no sign breaks it."""
    content, _ = questions_file([dataclasses.replace(RECORDED, question=text)])
    assert json.loads(content)[0]["question"] == text


@pytest.mark.parametrize("room", [0, 1, 2, 3])
def test_full_file_holds_the_newest_questions(room):
    """It never grows beyond its limit, and is whole."""
    questions = [dataclasses.replace(RECORDED, id=number) for number in (3, 2, 1)]
    whole = len(questions_file(questions[:room])[0])
    content, shown = questions_file(questions, max_bytes=whole + 10)
    assert shown == room
    assert len(content) <= whole + 10
    assert [entry["id"] for entry in json.loads(content)] == [3, 2, 1][:room]


def test_lines_say_how_much_is_kept_and_until_when():
    """Dates are Discord's, so that each client writes them in its way."""
    stored = PersonalData((RECORDED, RECORDED), 3, 1, NOON, NOON)
    lines = kept(stored, 1, 1, "</privacy delete:5>", ENGLISH).splitlines()
    assert lines[:3] == [
        "Your questions: 2 (from <t:1778414400:D> to <t:1778414400:D>)",
        "Your thumbs on answers: 3",
        "Lessons that you taught or that come from your questions: 1",
    ]
    assert lines[-3:] == [
        "",
        "Questions and thumbs are deleted after 1 day.",
        "</privacy delete:5> deletes them at once.",
    ]
    assert "The file is full. It has only your newest 1 questions." in lines


def test_person_with_thumbs_only_gets_no_word_about_a_file():
    """There is no file without questions."""
    text = kept(PersonalData((), 3, 0, None, None), 0, 30, "</privacy delete:5>", ENGLISH)
    assert "file" not in text
    assert text.startswith("Your questions: 0\n")


def test_deleting_says_how_much_it_was():
    """Or that there was nothing."""
    assert deleted(DeletionCounts(2, 1, 3, 4), ENGLISH) == (
        "Deleted questions: 2. Deleted thumbs: 1. Deleted lessons: 3. "
        "Lessons that no longer show who taught them: 4."
    )
    assert "nothing of yours" in deleted(DeletionCounts(0, 0, 0, 0), ENGLISH)
