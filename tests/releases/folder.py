"""What stands in the data folder of a release: enough of everything that must not be lost."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.config.settings import Settings
from bot.database import Database, Pseudonyms, QuestionRecord, ServerSettings, open_database
from bot.discord_app.texts.server_corpus import ServerCorpus
from bot.indexing.build import BuildProgress
from index import LiveSearcher, build_index

GUILD, PERSON, TEACHER = 7, 1000, 2000

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch."
HERRING = "Herring boats leave before dawn."
MILL = "The mill belonged to the Thorne family."

ASKED = "who dug the harbour?"
TAUGHT = "when does the silver fleet set out?"
SETTINGS = ServerSettings(
    language="de", ask_roles=frozenset({3}), trusted_roles=frozenset({4}), cooldown_questions=5
)


def make_folder(folder: Path) -> None:
    """Write a corpus and a data folder, as a bot leaves it that was used and taught."""
    corpus, settings = folder / "corpus", settings_of(folder)
    corpus.mkdir(parents=True)
    text = f"The harbour of Lowmere\n\n{CAPTAIN}\n\n{HERRING}\n"
    (corpus / "harbour.txt").write_text(text, encoding="utf-8")
    build_index(corpus, settings.index_dir)
    own = own_texts(folder)
    with own.incoming() as incoming:
        (incoming / "mill.txt").write_text(f"The mill of Arden\n\n{MILL}\n", encoding="utf-8")
        own.add(incoming / "mill.txt", BuildProgress())
    asyncio.run(_fill(folder))


def settings_of(folder: Path) -> Settings:
    """Return settings that name the folders of a release."""
    return Settings(corpus_dir=folder / "corpus", data_dir=folder / "data")


def own_texts(folder: Path) -> ServerCorpus:
    """Return the own texts of the server."""
    return ServerCorpus(folder / "data" / "servers" / str(GUILD), settings_of(folder))


async def _fill(folder: Path) -> None:
    settings = settings_of(folder)
    pseudonyms = Pseudonyms.load(settings.data_dir)
    _, passage, *_ = LiveSearcher(settings.index_dir).current().passages
    assert passage.text == HERRING
    database: Database = await open_database(
        settings.database, lambda: datetime(2026, 11, 22, 12, tzinfo=UTC)
    )
    await database.settings.set_server(GUILD, SETTINGS)
    await database.questions.record(
        QuestionRecord(
            GUILD,
            8,
            False,
            pseudonyms.hashed(PERSON),
            ASKED,
            (),
            "answered",
            2.5,
            likeness="dug harbour",
        )
    )
    await database.taught.add(
        GUILD,
        TAUGHT,
        passage.ref,
        taught_by=pseudonyms.hashed(TEACHER),
        kind="taught",
    )
    await database.close()
