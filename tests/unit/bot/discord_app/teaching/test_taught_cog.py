"""Teaching: which paragraph is meant, the form, the lists, and the table."""

import asyncio
import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.database import Lesson, UnansweredGroup
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.messages.list_pages import list_page
from bot.discord_app.messages.persistent_items import NoState
from bot.discord_app.teaching.lesson_buttons import ListedQuestion, TeachButton
from bot.discord_app.teaching.lesson_form import LessonForm
from bot.discord_app.teaching.paragraph_lookup import ParagraphQuery, find_paragraphs
from bot.discord_app.teaching.pending_lessons import PendingLesson, PendingLessons
from bot.discord_app.teaching.taught_cog import Entry, RemoveButton, TaughtPageButton
from bot.discord_app.teaching.taught_rows import taught_question
from bot.discord_app.teaching.unanswered_cog import (
    DismissButton,
    ExportButton,
    OpenQuestion,
    UnansweredPageButton,
)
from bot.discord_app.teaching.unanswered_rows import open_question, open_questions_csv
from bot.discord_app.teaching.votes_cog import VotesCog
from bot.languages import ENGLISH, LANGUAGES, catalogue
from index import PassageRef, Searcher, SourceInfo, build_index
from tests.standin.rules.component_rules import modal_problems
from tests.standin.rules.message_rules import message_problems
from tests.standin.rules.rules import V2_FLAG
from tests.support.data.harbour import HARBOUR
from tests.support.data.questions import ADA, BELL, QUESTION

MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)
quick = settings(max_examples=60, deadline=None, derandomize=True)
languages = st.sampled_from(LANGUAGES).map(catalogue)
awkward = st.text(
    alphabet=st.one_of(
        st.sampled_from("*_~|`<>[]()#@\\=+-\t\n\"',;\U0001f991"),
        st.characters(codec="utf-8"),
    ),
    min_size=1,
    max_size=400,
)


@pytest.fixture(scope="module")
def two_texts(tmp_path_factory):
    """An index of the harbour text and of one with a paragraph of three parts."""
    folder = tmp_path_factory.mktemp("texts")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    long = "Eels\n\nEels are smoked.\n\n" + " ".join(
        f"The eel swims past pier {n} in the river." for n in range(110)
    )
    (folder / "corpus" / "eels.txt").write_text(long, encoding="utf-8")
    build_index(folder / "corpus", folder / "index")
    return Searcher.open(folder / "index")


@pytest.mark.parametrize(
    ("text", "paragraph", "words", "meant"),
    [
        ("harbour.txt", "4", "", [("harbour.txt", 4)]),
        ("The Harbour of Lowmere", " #4 ", "", [("harbour.txt", 4)]),
        ("lowmere", "4", "eels", [("harbour.txt", 4)]),
        ("eels.txt", "1", "", [("eels.txt", 1)]),
        ("", "4", "", []),
        (".txt", "4", "", []),
        ("nowhere", "4", "", []),
        ("harbour.txt", "6", "", []),
        ("harbour.txt", "0", "", []),
        ("harbour.txt", "-1", "", []),
        ("harbour.txt", "4th", "", []),
        ("harbour.txt", "", " ", []),
        ("nowhere", "", "bell", []),
    ],
)
def test_paragraph_is_found_by_its_number(two_texts, text, paragraph, words, meant):
    """A name, a title or a part of either will do, if it is that of one text."""
    query = ParagraphQuery(text, paragraph, words)
    found = find_paragraphs(query, two_texts, two_texts.sources())
    assert [(passage.source, passage.paragraph) for passage in found] == meant


def test_long_paragraph_is_offered_in_its_parts(two_texts):
    """At most three, in order: each is a passage that can be quoted."""
    found = find_paragraphs(ParagraphQuery("eels.txt", "2"), two_texts, two_texts.sources())
    assert [passage.paragraph for passage in found] == [2, 2, 2]
    assert [passage.start for passage in found] == sorted({passage.start for passage in found})


def test_paragraphs_are_found_by_their_words_in_one_text_or_in_all(two_texts):
    """The best come first, at most three."""
    infos = two_texts.sources()
    bell = find_paragraphs(ParagraphQuery(words="the bell rang early"), two_texts, infos)
    assert (bell[0].source, bell[0].paragraph) == ("harbour.txt", 4)
    assert len(bell) <= 3
    eels = find_paragraphs(ParagraphQuery("eels", words="the harbour river"), two_texts, infos)
    assert {passage.source for passage in eels} == {"eels.txt"}


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


def test_lessons_are_kept_for_their_teacher_and_server():
    """Nobody else's word leads to one, and the oldest are forgotten."""
    lessons, lesson = PendingLessons(), PendingLesson(1, 2, "why?", None, (BELL,))
    word = lessons.keep(lesson)
    assert lessons.get(word, 1, 2) == lesson
    assert lessons.get(word, 1, 3) is None
    assert lessons.get(word, 9, 2) is None
    assert lessons.get("other", 1, 2) is None
    for _ in range(1000):
        lessons.keep(lesson)
    assert lessons.get(word, 1, 2) is None


def _group(*questions, **changes):
    fields = {
        "id": 2**63 - 1,
        "ids": (1,),
        "questions": questions,
        "count": 12345,
        "newest_at": MOMENT,
        "channel_id": 2**63 - 1,
        "message_id": 2**63 - 1,
        "channel_ids": frozenset({1}),
    }
    return UnansweredGroup(**{**fields, **changes})


def _problems(view):
    return list(message_problems({"flags": V2_FLAG, "components": view.to_components()}))


@given(
    st.lists(st.tuples(awkward, awkward), min_size=1, max_size=12), st.integers(-1, 9), languages
)
@quick
def test_page_of_open_questions_keeps_discords_limits(pairs, page, say):
    """Whatever was asked, in each language, a page can be sent."""

    def row(group, number):
        buttons = [
            TeachButton.make(ListedQuestion(group.id), "teach"),
            DismissButton.make(OpenQuestion(group.id, number), "dismiss"),
        ]
        return open_question(group, 2**63 - 1, say), buttons

    groups = [_group(*pair, id=n) for n, pair in enumerate(pairs)]
    export = ExportButton.make(NoState(), "c")
    view = list_page(UnansweredPageButton, "t", groups, page, row, say, [export])
    assert _problems(view) == []


@given(st.lists(awkward, min_size=1, max_size=12), st.integers(-1, 9), languages, st.booleans())
@quick
def test_page_of_taught_questions_keeps_discords_limits(texts, page, say, holds):
    """Whatever was taught about a text of whatever name."""

    def row(taught, number):
        buttons = [RemoveButton.make(Entry(taught.id, number), "remove")]
        return taught_question(taught, say, holds=holds), buttons

    taught = [
        Lesson(n, 1, text, PassageRef(text[::-1], 10**6, 0), ADA, "confirmed", MOMENT)
        for n, text in enumerate(texts)
    ]
    assert _problems(list_page(TaughtPageButton, "t", taught, page, row, say)) == []


def test_page_beyond_the_end_is_the_last_one():
    """As when somebody dismissed its entries meanwhile."""

    def row(entry, page):
        return f"entry {entry} on {page}", [RemoveButton.make(Entry(entry, page), "x")]

    components = list_page(TaughtPageButton, "t", list(range(6)), 7, row, ENGLISH).to_components()
    assert "entry 5 on 1" in str(components)
    assert "entry 4" not in str(components)


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    " =1",
    '"=1',
    "\t=1",
    "\r=1",
    "\n=1",
    "|calc",
    "\uff1d1",
]


@given(st.lists(st.one_of(st.sampled_from(FORMULAS), awkward), min_size=1, max_size=3))
@quick
def test_table_is_read_as_it_was_written_and_runs_nothing(questions):
    """Each group is one row, and no cell begins as a formula does, whatever was asked."""
    table = open_questions_csv([_group(*questions)], 1, {2**63 - 1: "=talk"})
    header, row = csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""))
    assert header[0] == "question"
    assert len(row) == len(header)
    for cell in row:
        assert not cell.lstrip(' "').startswith(("=", "+", "-", "@", "|", "%", "\uff1d"))
        assert not set("\t\r\n\0") & set(cell)
    assert row[4] == "'=talk"
    assert row[5] == f"https://discord.com/channels/1/{2**63 - 1}/{2**63 - 1}"


def test_ordinary_question_stands_in_the_table_as_it_was_asked():
    """Umlauts, commas and quotes come through; where a command asked there is no link."""
    table = open_questions_csv([_group('Wo, "bitte", ist Köln?', "Köln?", message_id=None)], 1, {})
    _, row = csv.reader(io.StringIO(table.decode("utf-8-sig")))
    assert row == [
        'Wo, "bitte", ist Köln?', "Köln?", "12345", "2026-11-22T12:00:00+00:00", "", ""
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "votes", "bound"),
    [
        ({}, [1, 1], [QUESTION.question]),
        ({}, [1, -1, -1, 1], [QUESTION.question]),
        ({}, [1, 1, -1, -1], [QUESTION.question]),
        ({}, [1], []),
        ({}, [1, 1, -1, -1, -1], []),
        ({"private": True}, [1, 1], []),
        ({"guild_id": None}, [1, 1], []),
        ({"question": "and when?"}, [1, 1], []),
        ({"question": "and when?", "context": ()}, [1, 1], ["and when?"]),
        ({"question": "new topic: that bell"}, [1, 1], ["that bell"]),
    ],
)
def test_thumbs_bind_and_unbind(on_database, changes, votes, bound):
    """Two do, more down than up undo; nothing private is learnt, nor what needs its context."""

    async def play(database, _):
        confirming = VotesCog(cast(Runtime, SimpleNamespace(database=database)))
        question_id = await database.questions.record(replace(QUESTION, **changes))
        asked = await database.questions.get(question_id)
        for person, vote in enumerate(votes):
            await database.questions.vote(question_id, f"{person:032x}", vote, BELL)
            await confirming.on_vote(asked, BELL)
        taught = await database.taught.all(asked.guild_id)
        assert [one.question for one in taught] == bound
        assert all((one.kind, one.taught_by) == ("confirmed", ADA) for one in taught)

    on_database(play)
