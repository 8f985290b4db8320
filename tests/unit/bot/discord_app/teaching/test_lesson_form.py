"""The form in which somebody teaches an answer."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.discord_app.teaching.lesson_form import LessonForm
from bot.languages import ENGLISH, LANGUAGES, catalogue
from index import PassageRef, SourceInfo
from tests.standin.rules.component_rules import modal_problems

MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _info(number, name="text"):
    return SourceInfo(f"{name}-{number}.txt", f"{name} {number}", 5, MOMENT, None)


def _form(infos, place=None, say=ENGLISH, question="why?"):
    async def submit(*_):
        """Nothing is sent here."""

    async def make():
        return LessonForm(question, infos, place, say, submit)

    return asyncio.run(make())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("n_texts", [0, 1, 25, 26])
def test_form_keeps_discords_limits(language, n_texts):
    """In each language, with few, many or no texts, long names and a long question."""
    infos = [_info(number, "n" * 300) for number in range(n_texts)]
    place = PassageRef(infos[-1].source, 3, 1) if infos else None
    form = _form(infos, place, catalogue(language), "q" * 4000)
    assert list(modal_problems(form.to_dict())) == []


def test_form_has_the_quoted_paragraph_chosen():
    """What is not changed is sent as it stood."""
    form = _form([_info(1), _info(2)], PassageRef("text-2.txt", 3, 1))
    text, paragraph = (part["component"] for part in form.to_dict()["components"][1:3])
    assert [option.get("default") for option in text["options"]] == [False, True]
    assert paragraph["value"] == "3"
