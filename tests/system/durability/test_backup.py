"""Backup and restore: nothing is lost on the way, from any database to any other, and back."""

import asyncio
import itertools
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database import ShardLocks, exclusive_access, open_database, replace_content
from bot.database.connection import migrate
from bot.errors import AlreadyRunningError, BackupError, DatabaseError
from bot.operations.backup import archive as backup_file
from bot.operations.backup import restore as restoring
from bot.operations.backup.create import back_up
from bot.operations.backup.manifest import is_name
from bot.operations.backup.restore import finish_restore, restore
from bot.operations.locks.single_instance import lock_data_folder
from tests.support.checkout import REPOSITORY
from tests.support.command import run_pullquote
from tests.support.data.data_folder import fill, rewrite, sealed, seen, settings_of
from tests.support.data.questions import asked
from tests.support.forks import run_forked
from tests.support.postgres import new_database, on_postgres

KINDS = ["sqlite", pytest.param("postgresql", marks=on_postgres)]


@pytest.fixture
def folder(request, tmp_path):
    """A function that returns the settings of a new data folder with a kind of database."""
    numbers = itertools.count()

    def make(kind):
        path = tmp_path / f"data{next(numbers)}"
        path.mkdir()
        if kind == "sqlite":
            return settings_of(path)
        return settings_of(path, new_database(request.getfixturevalue("postgres_server")))

    return make


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    """A folder with two filled data folders, "bell" and "drum", and a backup of the first."""
    path = tmp_path_factory.mktemp("templates")
    for word in ("bell", "drum"):
        (path / word).mkdir()
        fill(settings_of(path / word), word)
    back_up(settings_of(path / "bell"), path / "bell.zip")
    return path


@pytest.fixture
def saved(templates, tmp_path):
    """The settings of a filled data folder, and its backup."""
    shutil.copytree(templates / "bell", tmp_path / "saved")
    shutil.copy2(templates / "bell.zip", tmp_path / "a.zip")
    return settings_of(tmp_path / "saved"), tmp_path / "a.zip"


# There and back


@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", KINDS)
def test_backup_brings_all_back_on_any_database(folder, tmp_path, source, target):
    """Rows, key and texts are the same, in an empty folder and in place of other data."""
    here, there = folder(source), folder(target)
    fill(here)
    before = seen(here)
    report = back_up(here, tmp_path / "a.zip")
    assert (report.rows["questions"], report.rows["taught"], report.texts) == (2, 1, 2)
    assert restore(there, tmp_path / "a.zip").former == ()
    assert seen(there) == before == seen(here)
    fill(there, "drum")
    changed = seen(there)
    (former,) = restore(there, tmp_path / "a.zip", force=True).former
    assert seen(there) == before
    if target == "sqlite":
        assert seen(settings_of(former)) == changed
    else:
        restore(there, former / "backup.zip", force=True)
        assert seen(there) == changed


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_given_after_the_backup_are_not_given_again(folder, tmp_path, kind):
    """New rows get new ids, because old buttons hold ids, and the commands are compared again."""
    here = folder(kind)
    fill(here)
    back_up(here, tmp_path / "a.zip")
    restore(here, tmp_path / "a.zip", force=True)

    async def play():
        database = await open_database(here.database)
        try:
            assert await database.key_values.get("commands of 1") is None
            return await database.questions.record(asked())
        finally:
            await database.close()

    assert asyncio.run(play()) == 1_000_003


def test_backup_is_readable_by_its_owner_only_and_replaces_nothing_unasked(saved):
    """A second one under the same name needs --force; nothing is left beside it."""
    settings, file = saved
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(BackupError, match=r"a\.zip is there already; .*--force"):
        back_up(settings, file)
    assert file.read_bytes() == before
    back_up(settings, file, force=True)
    with pytest.raises(BackupError, match="name another"):
        back_up(settings, file.parent, force=True)
    assert [path.name for path in file.parent.glob("*.zip*")] == ["a.zip"]


def test_what_is_restored_is_for_its_owner_only(saved, tmp_path):
    """Folder, key and database have the permissions that the bot gives them."""
    _, file = saved
    settings = settings_of(tmp_path / "b", f"sqlite:///{tmp_path}/there/x.db")
    restore(settings, file)
    made = (settings.data_dir, settings.data_dir / "people.key", tmp_path / "there" / "x.db")
    assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [0o700, 0o600, 0o600]


def test_nothing_to_save_is_said(folder, tmp_path):
    """A wrong folder makes no empty backup."""
    with pytest.raises(BackupError, match=r"nothing to save: .*check DATA_DIR"):
        back_up(folder("sqlite"), tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_files_that_no_system_could_restore_are_left_out_and_named(folder, tmp_path):
    """Links, hidden files and odd names cannot be texts from Discord."""
    settings = folder("sqlite")
    fill(settings)
    texts = settings.data_dir / "servers" / "7" / "texts"
    (texts / "a:b.txt").touch()
    (texts / ".hidden").touch()
    (texts / "link.txt").symlink_to(settings.data_dir / "people.key")
    report = back_up(settings, tmp_path / "a.zip")
    assert report.texts == 2
    assert report.left_out == ("servers/7/texts/.hidden", "servers/7/texts/a:b.txt")


def test_restore_asks_before_it_replaces_data(saved):
    """Without --force nothing is touched."""
    settings, file = saved
    before = seen(settings)
    with pytest.raises(BackupError, match=r"There is data in .*--force"):
        restore(settings, file)
    assert seen(settings) == before


def test_restore_refuses_beside_a_running_bot(saved):
    """A process that holds the folder keeps it."""
    settings, file = saved
    with lock_data_folder(settings), pytest.raises(AlreadyRunningError):
        restore(settings, file, force=True)


def test_restore_refuses_while_another_process_has_the_database_open(saved, tmp_path):
    """A SQLite database that another data folder uses is refused, and replaced once it is free."""
    file = saved[1]
    used = settings_of(tmp_path / "b", f"sqlite:///{tmp_path}/x.db")
    fill(used, "drum")
    before = seen(used)["rows"]
    settings = settings_of(tmp_path / "c", used.database)
    held = (
        "import asyncio, sys; from bot.database import open_database;"
        "held = asyncio.new_event_loop();"
        "held.run_until_complete(open_database(sys.argv[1]));"
        "print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", held, used.database]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(AlreadyRunningError, match=r"uses the database .*x\.db"):
            restore(settings, file, force=True)
        holder.kill()
    assert seen(used)["rows"] == before
    restore(settings, file, force=True)
    assert seen(used)["rows"] != before


@on_postgres
def test_restore_and_bots_on_other_machines_keep_away_from_each_other(folder, saved):
    """Each refuses while the other works with the database of PostgreSQL."""
    settings = folder("postgresql")
    locks = ShardLocks.on(settings.database, 17, 1, (0,))
    assert locks is not None

    async def serve():
        assert await locks.take()
        with pytest.raises(AlreadyRunningError, match="stop it, on all machines"):
            await asyncio.to_thread(restore, settings, saved[1])
        await locks.close()
        async with exclusive_access(settings.database):
            assert not await locks.take()

    asyncio.run(serve())
    restore(settings, saved[1])


def test_database_elsewhere_is_replaced_and_kept_on_its_own_disk(saved, tmp_path):
    """The former database is kept beside it, with the writes that were still in SQLite's log."""
    _, file = saved
    (tmp_path / "there").mkdir()
    settings = settings_of(tmp_path / "b", f"sqlite:///{tmp_path}/there/x.db")
    fill(settings, "drum")
    drum = seen(settings)["rows"]
    former = restore(settings, file, force=True).former
    assert [path.parent for path in former] == [tmp_path / "b", tmp_path / "there"]
    assert seen(settings) != drum
    assert seen(settings_of(tmp_path / "b", f"sqlite:///{former[1]}/x.db"))["rows"] == drum


def test_corrupt_database_can_be_replaced(saved):
    """A damaged database is kept as it is."""
    settings, file = saved
    before = seen(settings)
    (settings.data_dir / "pullquote.db").write_bytes(b"no database" * 1000)
    with pytest.raises(DatabaseError):
        back_up(settings, file, force=True)
    (former,) = restore(settings, file, force=True).former
    assert seen(settings) == before
    assert (former / "pullquote.db").read_bytes() == b"no database" * 1000


# Other versions


# A backup of each schema; a migration adds its own, and nobody changes the others.
BACKUPS = Path(__file__).parents[2] / "releases" / "backups"


def test_backups_of_all_schemas_are_tried():
    """A new schema comes with a backup of it: `python -m tests.releases.backups`."""
    assert {path.stem for path in BACKUPS.glob("*.zip")} == set(migrate.known_revisions())


@pytest.mark.parametrize("schema", sorted(path.stem for path in BACKUPS.glob("*.zip")))
@pytest.mark.parametrize("kind", KINDS)
def test_backup_of_every_schema_can_be_restored(folder, kind, schema):
    """What people taught and chose is there, in the tables of today."""
    settings = folder(kind)
    assert restore(settings, BACKUPS / f"{schema}.zip").manifest.schema == schema

    async def play():
        database = await open_database(settings.database)
        try:
            (lesson,) = await database.taught.all(7)
            (question,) = (await database.privacy.stored_about("a" * 32)).questions[:1]
            return lesson.question, question.question, await database.settings.server(7)
        finally:
            await database.close()

    lesson, question, server = asyncio.run(play())
    assert (lesson, question, server.language) == (
        "What is the bell?",
        "Ünglaublich \u2028 \ufffd?",
        "de",
    )
    files = seen(settings)["files"]
    assert isinstance(files, dict)
    assert len([path for path in files if path.startswith("servers/7/texts/")]) == 2


NEXT_SCHEMA = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None

def upgrade():
    with op.batch_alter_table("taught") as taught:
        taught.add_column(sa.Column("note", sa.String(), nullable=False, server_default="new"))

def downgrade():
    with op.batch_alter_table("taught") as taught:
        taught.drop_column("note")
"""


@pytest.fixture
def next_schema(tmp_path, monkeypatch):
    """Make the program a newer one, with one more migration."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate._FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    added = NEXT_SCHEMA.format(head=migrate.known_revisions()[0])
    (folder / "versions" / "9999_next.py").write_text(added, encoding="utf-8")
    return lambda: monkeypatch.setattr(migrate, "_FOLDER", folder)


@pytest.mark.parametrize("kind", KINDS)
def test_older_backup_gets_the_tables_of_today(saved, folder, kind, next_schema):
    """The later migrations run on the restored rows."""
    _, file = saved
    settings = folder(kind)
    next_schema()
    restore(settings, file)
    rows = seen(settings)["rows"]
    assert isinstance(rows, dict)
    assert [json.loads(row)["note"] for row in rows["taught"]] == ["new"]


def test_newer_backup_is_refused_in_a_line(saved, folder, tmp_path, next_schema, monkeypatch):
    """A newer schema or file format is refused, and no database is made."""
    _, file = saved
    settings, newer = folder("sqlite"), folder("sqlite")
    with monkeypatch.context() as patch:
        patch.setattr(backup_file, "FORMAT", 2)
        back_up(saved[0], tmp_path / "format.zip")
    with pytest.raises(BackupError, match=r"newer version of Pullquote .*update Pullquote"):
        restore(settings, tmp_path / "format.zip")
    with monkeypatch.context() as patch:
        next_schema()
        restore(newer, file)
        back_up(newer, tmp_path / "schema.zip")
        patch.undo()
    monkeypatch.undo()
    with pytest.raises(BackupError, match=r"newer version of Pullquote \(schema 9999\)"):
        restore(settings, tmp_path / "schema.zip")
    with pytest.raises(DatabaseError, match="schema 9999"):
        back_up(newer, tmp_path / "b.zip")
    assert not (settings.data_dir / "pullquote.db").exists()


# Bad backups


@pytest.fixture
def refused(templates, tmp_path):
    """A function that shows that a file is refused and changes nothing; returns the reason."""
    shutil.copytree(templates / "drum", tmp_path / "drum")
    settings = settings_of(tmp_path / "drum")
    before = seen(settings)

    def check(file):
        with pytest.raises(BackupError) as caught:
            restore(settings, file, force=True)
        assert seen(settings) == before
        assert not list(settings.data_dir.glob("restoring-*"))
        assert not list(settings.data_dir.glob("former-*"))
        return str(caught.value)

    return check


def test_damaged_backup_is_refused(saved, refused, tmp_path):
    """A changed byte, a cut end, another file and an empty one are each refused."""
    _, file = saved
    content, bad = file.read_bytes(), tmp_path / "bad.zip"
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
    for info in infos:
        damaged = bytearray(content)
        n_extra = int.from_bytes(content[info.header_offset + 28 :][:2], "little")
        start = info.header_offset + 30 + len(info.filename.encode()) + n_extra
        damaged[start + info.compress_size // 2] ^= 0x10
        bad.write_bytes(damaged)
        if info.compress_size > 2:
            assert "is not a complete backup" in refused(bad)
    for other in (content[: len(content) // 2], content[:-1], b"", b"PK", b"text"):
        bad.write_bytes(other)
        assert "is not a complete backup" in refused(bad)


@pytest.mark.parametrize(
    "name",
    [
        "servers/7/texts/../../../../outside.txt",
        "/outside.txt",
        "servers/7/texts//outside.txt",
        "servers/7/removed/../../../../outside.txt",
        "servers/7/texts/..\\\\outside.txt",
        "servers/7/texts/C:outside.txt",
        "servers/x/texts/a.txt",
        "servers/7/index/manifest.json",
        "tables/../people.key",
        "people.key/",
        ".env",
    ],
)
def test_names_that_lead_elsewhere_are_refused(saved, refused, tmp_path, name):
    """Nothing is written outside, even if the manifest lists the name."""

    def forge(files):
        files[name] = b"outside"
        sealed(files)

    assert "bad.zip" in refused(rewrite(saved[1], tmp_path / "bad.zip", forge))
    assert not list(tmp_path.rglob("outside*"))


@given(st.text(max_size=40))
def test_names_of_texts_stay_in_their_folder(tail):
    """A valid name is a path below the texts of its server."""
    name = f"servers/7/texts/{tail}"
    if is_name(name):
        assert Path("/root", name).resolve() == Path("/root", name)
        assert Path("/root", name).parts[:5] == ("/", "root", "servers", "7", "texts")
        assert Path(name).as_posix() == name


def test_links_and_doubles_are_refused(saved, refused, tmp_path):
    """A link and a name that occurs twice are refused."""
    for trick in ("link", "double"):
        bad = tmp_path / f"{trick}.zip"
        rewrite(saved[1], bad, lambda files: files.pop("people.key"))
        with zipfile.ZipFile(saved[1]) as good:
            manifest = good.read("manifest.json")
            key = good.read("people.key")

        def forge(files, manifest=manifest):
            files.pop("people.key")
            files["manifest.json"] = manifest

        rewrite(saved[1], bad, forge)
        with zipfile.ZipFile(bad, "a") as archive:
            info = zipfile.ZipInfo("people.key")
            if trick == "link":
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, key)
            if trick == "double":
                with pytest.warns(UserWarning, match="Duplicate"):
                    archive.writestr(info, key)
        assert "is not a complete backup" in refused(bad)


def test_bombs_are_refused_before_they_unpack(saved, refused, tmp_path, monkeypatch):
    """No more bytes are read than the manifest says, or written than the disk has room for."""

    def swell(files):
        sealed(files)
        files["servers/7/texts/mill.txt"] = bytes(10_000_000)

    assert "mill.txt is not what was saved" in refused(rewrite(saved[1], tmp_path / "a", swell))
    full = shutil.disk_usage(tmp_path)._replace(free=10)
    monkeypatch.setattr("shutil.disk_usage", lambda _: full)
    assert "make room" in refused(saved[1])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tables/taught.jsonl", b'{"id": 1}\n'),
        ("tables/taught.jsonl", b"[]\n"),
        ("tables/questions.jsonl", b"{\n"),
        ("tables/taught.jsonl", None),
        ("manifest.json", b"[]"),
        ("manifest.json", b'{"format": "1"}'),
        ("manifest.json", b'{"format": 1}'),
        ("manifest.json", None),
    ],
)
def test_forged_contents_are_refused(saved, refused, tmp_path, name, content):
    """Rows of no table, a missing table and a manifest that says nothing change nothing."""

    def forge(files):
        files.pop(name)
        if content is not None:
            files[name] = content
        if name != "manifest.json":
            sealed(files)

    assert refused(rewrite(saved[1], tmp_path / "bad.zip", forge))


# Interrupted restores


@on_postgres
def test_commit_decides_on_postgresql(saved, folder, monkeypatch):
    """A restore killed before the commit changes nothing; one killed after it is completed."""
    settings = folder("postgresql")
    fill(settings, "drum")
    before = seen(settings)

    class Killed(BaseException):
        """Stands for the end of the process."""

    async def kill_before(*_):
        raise Killed

    async def kill_after(*arguments):
        await replace_content(*arguments)
        raise Killed

    for kill, after in ((kill_before, before), (kill_after, seen(saved[0]))):
        with monkeypatch.context() as patch:
            patch.setattr(restoring, "replace_content", kill)
            patch.setattr(restoring, "finish_restore", lambda _: None)
            with pytest.raises(Killed):
                restore(settings, saved[1], force=True)
        with pytest.raises(BackupError, match="was interrupted"):
            back_up(settings, saved[1].with_name("half.zip"))
        finish_restore(settings)
        assert seen(settings) == after
        assert not list(settings.data_dir.glob("restoring*/"))
        assert len(list(settings.data_dir.glob("former-*"))) == (after is not before)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed that were forked")
def test_killed_restore_leaves_the_former_or_the_restored_data():
    """SIGKILL before every twelfth step; `python -m tests.trials.restores` takes all of them."""
    command = [sys.executable, "-m", "tests.trials.restores", "--every", "12"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"former: [1-9]\d*, restored: [1-9]\d*, lost: 0\n", done.stdout)


def test_failure_while_it_is_prepared_changes_nothing(saved, monkeypatch):
    """A full disk is an error, and the prepared files are removed."""
    settings, file = saved
    before = seen(settings)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "sync_file", full)
    with pytest.raises(OSError, match="No space"):
        restore(settings, file, force=True)
    assert seen(settings) == before
    assert not list(settings.data_dir.glob("restoring-*"))


def test_commands_say_what_happened_in_a_line(saved):
    """Both commands print where the data is; a refusal is one line and code 1."""
    settings, _ = saved
    data = "--data", str(settings.data_dir)
    done = run_pullquote("backup", *data, "b.zip")
    assert done.stdout.startswith("Saved settings of 1 server, 2 questions, 1 lesson and 2 texts")
    again = run_pullquote("restore", *data, "b.zip")
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    again = run_forked("restore", *data, "b.zip", "--force")
    assert again.returncode == 0
    assert f"The former data is in {settings.data_dir}/former-" in again.stdout
