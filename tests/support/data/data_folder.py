"""A data folder with every kind of data, and the data that a backup saves."""

import asyncio
import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from bot.config.settings import Settings
from bot.database import (
    CHUNK_BYTES,
    SHARED_FOLDER,
    Change,
    ChannelSettings,
    Database,
    Pseudonyms,
    ServerSettings,
    StoredFile,
    database_file,
    open_database,
    snapshot,
)
from index import PassageRef
from tests.support.data.questions import ADA, BEN, asked
from tests.support.postgres import Clock

MILL = "The mill belonged to the Thorne family.\n"


def settings_of(folder: Path, database_url: str | None = None) -> Settings:
    """Return the settings of a data folder."""
    return Settings(data_dir=folder, database_url=database_url)


def fill(settings: Settings, word: str = "bell") -> None:
    """Give a data folder something of all that is kept, two texts and a removed one.

    With PostgreSQL the texts are in the database, and one that all servers share.
    """
    names = ("texts/mill.txt", "texts/more/mühle.txt", "removed/1796047200000/fair.txt")
    texts = dict.fromkeys(names, (MILL + word).encode())
    asyncio.run(_fill_database(settings.database, word, texts))
    Pseudonyms.load(settings.data_dir)
    if database_file(settings.database) is not None:
        write(settings.data_dir / "servers" / "7", texts)


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by their paths below a folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


async def store(database: Database, guild_id: int, files: Mapping[str, bytes]) -> None:
    """Replace the files of a server in the database."""
    former = await database.files.folder(guild_id)
    stored = {
        path: StoredFile(hashlib.sha256(content).hexdigest(), len(content))
        for path, content in files.items()
    }

    def chunks(path: str) -> Iterator[bytes]:
        content = files[path]
        return (content[at : at + CHUNK_BYTES] for at in range(0, len(content), CHUNK_BYTES))

    await database.files.replace(guild_id, former.version if former else None, stored, chunks)


async def _fill_database(url: str, word: str, texts: Mapping[str, bytes]) -> None:
    database = await open_database(url, Clock())
    try:
        if database.holds_files:
            await store(database, 7, texts)
            await store(database, SHARED_FOLDER, {"texts/harbour.txt": word.encode()})
        chosen = ServerSettings(
            language="de",
            ask_roles=frozenset({5, 2**62}),
            shared_texts=False,
            digest_channel=8,
        )
        await database.settings.set_server(7, chosen)
        await database.settings.set_channel(7, 8, ChannelSettings("every", texts=("v2", "mühle")))
        await database.settings.set_channel(7, 9, ChannelSettings("off", private_answers=True))
        change = Change(7, "text_added", "mühle.txt", before=("\u2028",))
        await database.audit_log.add(change, person=ADA, sealed="0" * 16)
        for n, question in enumerate((f"Why did the {word} ring?", "Ünglaublich \u2028 \x00?")):
            number = await database.questions.record(
                replace(
                    asked(question, guild_id=7 if n else None),
                    asker=ADA,
                    within="v2" if n else None,
                )
            )
        await database.questions.vote(number, BEN, -1)
        await database.taught.add(
            7,
            f"What is the {word}?",
            PassageRef("harbour.txt", 4, 2**32 - 1),
            taught_by=ADA,
        )
        await database.key_values.put("commands of 1", "digest")
        await database.key_values.put("left server 9", "2026-05-10T12:00:00+00:00")
    finally:
        await database.close()


def seen(settings: Settings) -> dict[str, object]:
    """Return what a data folder holds of all that a backup saves."""
    rows, stored = asyncio.run(_content(settings.database))
    files = [settings.data_dir / "people.key"]
    if database_file(settings.database) is not None:  # else the folders are copies
        files += settings.data_dir.glob("servers/*/*/**/*")
    held = {
        str(file.relative_to(settings.data_dir)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.is_file()
    }
    return {"rows": rows, "files": held | stored}


async def _content(url: str) -> tuple[dict[str, list[str]] | None, dict[str, str]]:
    """Return the rows of each table, and the hash of each stored file."""
    async with snapshot(url) as found:
        if found is None:
            return None, {}
        rows = {
            table: [json.loads(line) async for line in found.rows(table)] for table in found.tables
        }
        stored = {}
        for guild_id, path, file in await found.files():
            digest = hashlib.sha256()
            async for chunk in found.chunks(guild_id, file.digest):
                digest.update(chunk)
            stored[f"servers/{guild_id}/{path}"] = digest.hexdigest()
    # What a restore writes itself, and what it drops.
    own = ("restored", "commands of ")
    rows["facts"] = [row for row in rows["facts"] if not row["key"].startswith(own)]
    return {table: sorted(map(json.dumps, held)) for table, held in rows.items()}, stored


def rewrite(backup: Path, target: Path, change) -> Path:
    """Write a backup again after changing its files: a dict of names and bytes."""
    with zipfile.ZipFile(backup) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target


def sealed(files: dict[str, bytes]) -> None:
    """Write the checksums of the files into the manifest."""
    manifest = json.loads(files.pop("manifest.json"))
    manifest["files"] = {
        name: [len(content), hashlib.sha256(content).hexdigest()] for name, content in files.items()
    }
    files["manifest.json"] = json.dumps(manifest).encode()
