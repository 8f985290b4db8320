"""A data folder that an earlier state of the program wrote loses nothing of what it was taught."""

import asyncio
import tarfile
from pathlib import Path

import pytest

from bot.answering.answer import answer_question
from bot.database import Pseudonyms, known_revisions, open_database
from bot.indexing.build import BuildProgress
from bot.indexing.open_index import open_index
from bot.indexing.server_indexes import ServerIndexes
from index import TaughtQuestion
from index.storage.manifest import FORMAT_VERSION
from tests import releases
from tests.releases.folder import (
    ASKED,
    CAPTAIN,
    GUILD,
    HERRING,
    MILL,
    PERSON,
    SETTINGS,
    TAUGHT,
    make_folder,
    own_texts,
    settings_of,
)

ARCHIVES = sorted((Path(releases.__file__).parent / "folders").glob("*.tar.xz"))
WITH_DATABASE = [path for path in ARCHIVES if "schema" in path.name]


def _unpacked(archive, folder):
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder


def _best(searcher, question):
    return answer_question(question, [], searcher).quotes[0].text


def test_every_form_of_an_index_is_among_the_releases():
    """Each form has an archive; `python -m tests.releases` adds the next one."""
    forms = {int(path.name.split("-")[1].partition(".")[0]) for path in ARCHIVES}
    assert forms == set(range(1, FORMAT_VERSION + 1))


def test_present_form_is_among_the_releases():
    """The form of the index and the schema of the database that a bot writes now."""
    now = f"format-{FORMAT_VERSION}-schema-{known_revisions()[0]}.tar.xz"
    assert now in {path.name for path in ARCHIVES}


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.name.partition(".")[0])
def test_index_of_a_release_is_opened_or_built_again(tmp_path, archive):
    """It answers from the same texts, and nothing of the old form is left in the folder."""
    settings = settings_of(_unpacked(archive, tmp_path))
    assert _best(open_index(settings).current(), ASKED) == CAPTAIN
    names = {path.name.partition("-")[0] for path in settings.index_dir.iterdir()}
    assert names == {"build", "build.lock", "manifest.json"}


def _assert_all_is_there(folder):
    """A folder answers, and its database holds what was put there."""
    settings = settings_of(folder)
    own_texts(folder).catch_up(BuildProgress())
    texts = ServerIndexes(open_index(settings), settings.data_dir)
    assert _best(texts.searcher(GUILD), "who owned the mill?") == MILL
    assert _best(texts.searcher(GUILD), ASKED) == CAPTAIN
    pseudonyms = Pseudonyms.load(settings.data_dir)

    async def look():
        database = await open_database(settings.database)
        try:
            assert await database.settings.server(GUILD) == SETTINGS
            stored = await database.privacy.stored_about(pseudonyms.hashed(PERSON))
            assert [one.question for one in stored.questions] == [ASKED]
            return await database.taught.all(GUILD)
        finally:
            await database.close()

    (lesson,) = asyncio.run(look())
    assert lesson.question == TAUGHT
    taught = TaughtQuestion(lesson.question, lesson.passage)
    assert _best(texts.searcher(GUILD).with_taught([taught]), TAUGHT) == HERRING


@pytest.mark.parametrize("archive", WITH_DATABASE, ids=lambda path: path.name.partition(".")[0])
def test_release_keeps_what_people_taught_it(tmp_path, archive):
    """Settings, questions, lessons, a server's own text and the key of people's hashes hold."""
    _assert_all_is_there(_unpacked(archive, tmp_path))


# What the lessons of that folder were taught to: a page in format 5, in which each block was a
# passage, and an item of a list with blank lines had no number.
TAUGHT_BLOCKS = {
    "how is the clanger used?": "Ring the bell so:\n\npull the rope\ncount to nine",
    "what fuel goes in?": "Set this in the file:\n\noil = whale",
    "how dear is a dong?": "Bell | Fee\ngreat | 9\nsmall | 4",
    "how do I mend a squeak?": "1. Take the clapper out.\n\n2. Grease the yoke.",
    "is the clanger for everyone?": "Only the keeper.",
}


def test_lesson_of_a_block_finds_the_passage_that_holds_it_now(tmp_path):
    """Whatever the block was: a list below its lead-in, code, a table, a step, an answer."""
    archive = Path(releases.__file__).parent / "blocks" / "format-5.tar.xz"
    settings = settings_of(_unpacked(archive, tmp_path))
    searcher = open_index(settings).current()

    async def lessons():
        database = await open_database(settings.database)
        try:
            return await database.taught.all(GUILD)
        finally:
            await database.close()

    taught = [TaughtQuestion(one.question, one.passage) for one in asyncio.run(lessons())]
    found = {one.question: _best(searcher.with_taught([one]), one.question) for one in taught}
    assert found == TAUGHT_BLOCKS


def test_folder_of_the_present_state_is_what_an_archive_of_it_would_hold(tmp_path):
    """The folder that `tests.releases` would pack now passes, too."""
    make_folder(tmp_path / "now")
    _assert_all_is_there(tmp_path / "now")
