"""`pullquote doctor`: each check fails once, on real files, databases and answers of Discord."""

import json
import shutil
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.database import Pseudonyms, known_revisions
from bot.operations.locks.single_instance import lock_data_folder, lock_shards
from index import EncoderChoice, build_index
from tests.standin import DiscordStandIn
from tests.support.command import run_pullquote
from tests.support.forks import run_forked
from tests.support.small_disk import disk as disk

TOKEN = "right.token.of-the-bot"

ENV = Path(".env")
DATA = Path(".pullquote")
DATABASE = DATA / "pullquote.db"
MANIFEST = DATA / "index" / "manifest.json"

NAMES = [
    "Python",
    "versions",
    "settings",
    "token",
    "content intent",
    "gateway",
    "clock",
    "index",
    "model",
    "database",
    "people key",
    "texts",
    "disk",
    "files",
    "other process",
]


@pytest.fixture
def discord(monkeypatch):
    """A stand-in that knows one token."""
    with DiscordStandIn(token=TOKEN) as discord:
        monkeypatch.setenv("DISCORD_API_BASE", discord.api_base)
        yield discord


@pytest.fixture
def installation(harbour_index, sqlite_template):
    """A folder with texts, their index, a database and a token."""
    del harbour_index
    ENV.write_text(f"DISCORD_TOKEN={TOKEN}\n", encoding="utf-8")
    shutil.copyfile(sqlite_template, DATABASE)
    for file in (ENV, DATABASE):
        file.chmod(0o600)


def checks_of(done):
    """Return the checks of a run with --json, by their names."""
    assert done.stderr == ""
    return {check["name"]: check for check in json.loads(done.stdout)["checks"]}


def diagnose(name, *, status="failure", command=run_forked, **env):
    """Run the doctor, and return the one check that is not well."""
    done = command("doctor", "--json", env=env)
    checks = checks_of(done)
    assert {one: check for one, check in checks.items() if check["status"] != "ok"}.keys() == {name}
    found = checks[name]
    assert found["status"] == status
    assert found["advice"]
    assert done.returncode == (1 if status == "failure" else 0)
    assert TOKEN not in done.stdout
    return found


def closed_address():
    """Return an address of this machine where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/api"


def files_below(folder):
    """Return the bytes and times of all files below a folder."""
    return {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def set_revision(revision):
    """Write a revision into the database."""
    with closing(sqlite3.connect(DATABASE)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))


# All of it


@pytest.mark.usefixtures("discord", "installation")
def test_healthy_installation_is_one_line_a_check():
    """Nothing is to be done, nothing is written, and the token is not shown."""
    before = files_below(Path())
    done = run_pullquote("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    *lines, last = done.stdout.splitlines()
    assert [line[7:23].strip() for line in lines] == NAMES
    assert all(line.startswith("ok ") for line in lines)
    assert last == "Nothing failed."
    assert "1 text, 5 passages; en 100%" in done.stdout
    assert "1,000 of 1,000 sessions left" in done.stdout
    assert TOKEN not in done.stdout
    assert files_below(Path()) == before


@pytest.mark.usefixtures("discord", "installation")
def test_json_is_one_object_with_all_checks():
    """Each check has the same five fields."""
    done = run_forked("doctor", "--json")
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    checks = json.loads(done.stdout)["checks"]
    assert [check["name"] for check in checks] == NAMES
    fields = "name", "status", "detail", "advice", "found"
    assert {tuple(check) for check in checks} == {fields}
    assert {check["status"] for check in checks} == {"ok"}


@pytest.mark.usefixtures("installation")
def test_without_network_one_line_names_what_was_not_checked():
    """It is no failure: everything else was looked at."""
    done = run_forked("doctor", env={"DISCORD_API_BASE": closed_address()})
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("Not checked")]
    assert "Discord cannot be reached" in line
    assert "token, content intent, gateway, clock; check the network" in line
    assert "FAIL" not in done.stdout
    assert done.stdout.count("ok ") == len(NAMES) - 4
    checks = checks_of(run_forked("doctor", "--json", env={"DISCORD_API_BASE": closed_address()}))
    assert checks["gateway"]["status"] == "unknown"


@pytest.mark.usefixtures("harbour_corpus", "discord")
def test_what_is_not_there_yet_is_no_failure():
    """No token, no index and no database: the lines say how to get them, and none is made."""
    done = run_forked("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert "`pullquote init` asks for it" in done.stdout
    assert "run: pullquote rebuild" in done.stdout
    assert "none yet, the first start makes it" in done.stdout
    assert "because there is no token: content intent, gateway, clock." in done.stdout
    assert not DATA.exists()
    assert not ENV.exists()


# Each check


def write_metadata(name, version, more=""):
    """Install the metadata of a package in the folder `site`."""
    escaped = name.replace(".", "_")
    folder = Path("site", f"{escaped}-{version}.dist-info")
    folder.mkdir(parents=True)
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{more}\n"
    (folder / "METADATA").write_text(text, encoding="utf-8")
    return {"PYTHONPATH": str(Path("site").absolute())}


@pytest.mark.usefixtures("discord", "installation")
def test_python_that_does_not_fit_fails():
    """The package says which it takes."""
    env = write_metadata("pullquote", "9.0", "Requires-Python: >=4")
    assert "does not fit >=4" in diagnose("Python", command=run_pullquote, **env)["detail"]


@pytest.mark.usefixtures("discord", "installation")
def test_package_of_another_version_fails():
    """discord.py is named with the version that is installed and those that fit."""
    env = write_metadata("discord.py", "2.6.0")
    found = diagnose("versions", command=run_pullquote, **env)
    assert found["detail"].startswith("discord.py 2.6.0 does not fit")


@pytest.mark.usefixtures("discord", "installation")
def test_package_that_is_missing_fails():
    """The advice is to install again from a file or folder: the name may be another's package."""
    env = write_metadata("pullquote", "9.0", "Requires-Dist: no-such-package>=1")
    found = diagnose("versions", command=run_pullquote, **env)
    assert found["detail"] == "no-such-package is missing"
    assert "with its wheel or its folder" in found["advice"]


@pytest.mark.usefixtures("discord", "installation")
def test_each_wrong_setting_fails():
    """All wrong values are named, and the other checks go on with the defaults."""
    found = diagnose("settings", LOG_LEVEL="LOUD", HEALTH_PORT="door")
    assert "'LOUD' is not a level" in found["detail"]
    assert "HEALTH_PORT" in found["detail"]


@pytest.mark.usefixtures("discord", "installation")
def test_file_of_settings_that_cannot_be_read_fails():
    """The line is named; the environment counts still."""
    ENV.write_text("what is this?\n", encoding="utf-8")
    assert "line 1" in diagnose("settings", DISCORD_TOKEN=TOKEN)["detail"]


@pytest.mark.usefixtures("discord", "installation")
def test_unknown_settings_are_doubtful():
    """Of a name that is like a setting's, the setting is named."""
    with ENV.open("a", encoding="utf-8") as stream:
        stream.write("RETENTION_DAY=3\nHF_ENDPOINT=x\nCOLOUR=red\n\n")
    found = diagnose("settings", status="warning", CORPUS_DIRS="texts")
    assert "RETENTION_DAY in .env is no setting, did you mean RETENTION_DAYS?" in found["detail"]
    assert "COLOUR in .env is no setting;" in found["detail"]
    assert "CORPUS_DIRS is no setting, did you mean CORPUS_DIR?" in found["detail"]
    assert "HF_ENDPOINT" not in found["detail"]


@pytest.mark.usefixtures("discord", "installation")
def test_setting_of_a_former_version_is_doubtful():
    """It means something else now."""
    checks = checks_of(run_forked("doctor", "--json", env={"RETRIEVAL": "neural"}))
    assert checks["settings"]["status"] == "warning"
    assert "'neural' now means auto" in checks["settings"]["detail"]


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize("token", ["wrong.token.of-the-bot", "white space.of-the-bot"])
def test_token_that_discord_does_not_know_fails(discord, token):
    """What else Discord would say is not known then."""
    done = run_forked("doctor", "--json", env={"DISCORD_TOKEN": token})
    discord.forgive("401")
    checks = checks_of(done)
    assert done.returncode == 1
    assert checks["token"]["status"] == "failure"
    assert "copy it again" in checks["token"]["advice"]
    assert checks["gateway"]["status"] == "unknown"
    assert token not in done.stdout


@pytest.mark.usefixtures("installation")
def test_content_intent_that_is_off_is_doubtful():
    """The bot works without it; the page where it is turned on is named."""
    with DiscordStandIn(token=TOKEN, message_content_intent="refused") as discord:
        found = diagnose("content intent", status="warning", DISCORD_API_BASE=discord.api_base)
        assert str(discord.world.application_id) in found["advice"]


@pytest.mark.usefixtures("installation")
def test_gateway_that_cannot_be_reached_fails(discord):
    """The API answers, and its gateway does not."""
    discord.world.websocket_url = closed_address().replace("http", "ws", 1)
    assert "cannot be reached" in diagnose("gateway")["detail"]


@pytest.mark.usefixtures("installation")
def test_gateway_is_asked_for_no_session(discord):
    """A check uses up no session."""
    run_forked("doctor")
    assert discord.identifies == 0


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize(("left", "status"), [(0, "failure"), (40, "warning")])
def test_sessions_that_are_used_up_fail(left, status):
    """Few of them are doubtful."""
    with DiscordStandIn(token=TOKEN, identify_limit=left) as discord:
        found = diagnose("gateway", status=status, DISCORD_API_BASE=discord.api_base)
    assert f"{left} of 1,000 sessions left" in found["detail"]


@pytest.mark.usefixtures("installation")
def test_api_of_another_server_fails(discord):
    """The gateway of Discord is not found behind it."""
    discord.fail_next("GET", "/users/@me", status=403)
    done = run_forked("doctor", "--json")
    assert done.returncode == 1
    assert "status 403" in checks_of(done)["gateway"]["detail"]


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize(
    ("ahead_s", "status", "said"),
    [(-3600, "failure", "s ahead of Discord's"), (30, "warning", "s behind Discord's")],
)
def test_clock_that_is_wrong_fails(discord, ahead_s, status, said):
    """It is compared with the time in Discord's answers; some seconds are doubtful."""
    discord.date_ahead_s = ahead_s
    assert said in diagnose("clock", status=status)["detail"]


@pytest.mark.usefixtures("discord", "installation")
def test_index_that_is_damaged_fails():
    """Every byte is looked at."""
    (build,) = (path for path in MANIFEST.parent.iterdir() if path.is_dir())
    largest = max(build.iterdir(), key=lambda path: path.stat().st_size)
    damaged = bytearray(largest.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    largest.write_bytes(damaged)
    assert "pullquote rebuild" in diagnose("index")["advice"]


@pytest.mark.usefixtures("discord", "installation")
def test_missing_texts_without_an_index_fail():
    """Nothing can be answered from; with an index it is doubtful."""
    shutil.rmtree("corpus")
    assert "no such folder" in diagnose("index", status="warning")["detail"]
    shutil.rmtree(DATA / "index")
    assert "CORPUS_DIR" in diagnose("index")["advice"]


@pytest.mark.usefixtures("discord", "installation")
def test_index_of_other_texts_is_doubtful():
    """Nothing is built."""
    Path("corpus", "new.txt").write_text("A new text.", encoding="utf-8")
    before = files_below(DATA)
    found = diagnose("index", status="warning")
    assert "1 text, 5 passages" in found["detail"]
    assert "have changed since" in found["detail"]
    assert files_below(DATA) == before


@pytest.mark.usefixtures("discord", "installation")
def test_files_that_were_skipped_are_doubtful():
    """The first is named with the reason."""
    Path("corpus", "picture.pdf").write_bytes(b"no picture")
    build_index(Path("corpus"), DATA / "index")
    assert "skipped 1 file: 'picture.pdf'" in diagnose("index", status="warning")["detail"]


@pytest.mark.usefixtures("discord", "installation")
def test_encoder_that_is_missing_fails():
    """Answers are found by words until it is there."""
    build_index(Path("corpus"), DATA / "index", encoder=EncoderChoice("none/such", DATA / "models"))
    found = diagnose("model", RETRIEVAL="auto", NEURAL_MODEL="none/such")
    assert "not fetched yet" in found["detail"]


@pytest.mark.usefixtures("discord", "installation")
def test_encoder_that_does_not_read_the_language_of_the_texts_is_doubtful():
    """The advice names the setting that fetches another."""
    german = "Der Hafen wurde im Jahr 1802 gegraben. Es dauerte vier lange Jahre."
    Path("corpus", "harbour.txt").write_text(german, encoding="utf-8")
    choice = EncoderChoice("", DATA / "models")
    build_index(Path("corpus"), DATA / "index", encoder=choice, within_s=None)
    found = diagnose("model", status="warning", RETRIEVAL="auto")
    assert "NEURAL_MODEL=auto" in found["detail"] + found["advice"]


@pytest.mark.usefixtures("discord", "installation")
def test_encoder_that_did_not_make_the_vectors_fails():
    """It can be loaded, and other files made the vectors of the index."""
    packaged = Path(build_index.__code__.co_filename).parents[1] / "vectors" / "encoder"
    model = shutil.copytree(packaged, "model")
    choice = EncoderChoice("model", DATA / "models")
    build_index(Path("corpus"), DATA / "index", encoder=choice, within_s=None)
    done = run_forked("doctor", "--json", env={"RETRIEVAL": "auto", "NEURAL_MODEL": "model"})
    assert "made the vectors" in checks_of(done)["model"]["detail"]
    assert done.returncode == 0
    with Path(model, "tokenizer.json").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    found = diagnose("model", RETRIEVAL="auto", NEURAL_MODEL="model")
    assert "other files made the vectors" in found["detail"]


@pytest.mark.usefixtures("discord", "installation")
def test_file_that_is_no_database_fails():
    """It stays as it is."""
    DATABASE.write_bytes(b"not a database" * 100)
    assert "restore a copy" in diagnose("database")["advice"]
    assert DATABASE.read_bytes() == b"not a database" * 100


@pytest.mark.usefixtures("discord", "installation")
def test_database_of_a_newer_version_fails():
    """One of an older version is doubtful, and is not migrated."""
    set_revision("9999")
    assert "a newer version" in diagnose("database")["detail"]
    set_revision(known_revisions()[-1])
    assert "older version" in diagnose("database", status="warning")["detail"]
    set_revision(known_revisions()[0])
    assert checks_of(run_forked("doctor", "--json"))["database"]["status"] == "ok"


@pytest.mark.usefixtures("discord", "installation")
def test_key_that_does_not_fit_the_database_fails():
    """A wrong key, a missing one, and a file that differs from the setting; no key is shown."""
    key, other = "5a" * 32, "5b" * 32
    assert checks_of(run_forked("doctor", "--json"))["people key"]["detail"].startswith("none yet")
    with closing(sqlite3.connect(DATABASE)) as connection, connection:
        stored = Pseudonyms.load(DATA, key).check_value
        connection.execute("INSERT INTO facts VALUES ('people key', ?)", (stored,))
    assert "is not here" in diagnose("people key")["detail"]
    wrong = diagnose("people key", PEOPLE_KEY=other)
    assert "another key than that in PEOPLE_KEY" in wrong["detail"]
    assert other not in str(wrong)
    checks = checks_of(run_forked("doctor", "--json", env={"PEOPLE_KEY": key}))
    assert checks["people key"]["detail"] == "it is in PEOPLE_KEY, and fits the database"
    (DATA / "people.key").write_bytes(bytes.fromhex(other))
    (DATA / "people.key").chmod(0o600)
    assert "it is not the key in" in diagnose("people key", PEOPLE_KEY=key)["detail"]


@pytest.mark.usefixtures("discord", "installation")
def test_address_of_no_database_fails_without_its_password():
    """A wrong address is no setting that could be used."""
    env = {"DATABASE_URL": "mysql://bot:a-long-password@host/name"}
    done = run_forked("doctor", "--json", env=env)
    assert done.returncode == 1
    checks = checks_of(done)
    statuses = {name: one["status"] for name, one in checks.items() if one["status"] != "ok"}
    assert statuses == {"database": "failure", "texts": "unknown"}
    assert checks["database"]["advice"]
    assert "a-long-password" not in done.stdout
    assert TOKEN not in done.stdout


@pytest.mark.usefixtures("discord", "installation")
def test_database_that_cannot_be_written_fails(disk):
    """A disk that is read-only takes no changes."""
    shutil.copy(DATABASE, disk.folder)
    (disk.folder / DATABASE.name).chmod(0o600)
    with disk.read_only():
        url = f"sqlite:///{disk.folder}/{DATABASE.name}"
        assert "cannot be written" in diagnose("database", DATABASE_URL=url)["detail"]


@pytest.mark.usefixtures("discord", "installation")
def test_disk_without_room_fails(disk):
    """The data folder is looked at, and its size is said."""
    shutil.copytree(DATA, disk.folder / "data")
    disk.fill()
    data = {"DATA_DIR": str(disk.folder / "data")}
    assert "0 MB free" in diagnose("disk", **data)["detail"]


@pytest.mark.usefixtures("discord", "installation")
def test_data_folder_that_cannot_be_written_fails(disk):
    """So is its database."""
    shutil.copytree(DATA, disk.folder / "data")
    with disk.read_only():
        done = run_forked("doctor", "--json", "--data", str(disk.folder / "data"))
    assert done.returncode == 1
    assert "cannot be written" in checks_of(done)["disk"]["detail"]


@pytest.mark.usefixtures("discord", "installation")
def test_secrets_that_others_can_read_fail():
    """The command that protects them is named."""
    ENV.chmod(0o644)
    DATABASE.chmod(0o640)
    found = diagnose("files")
    command = f"chmod 600 {ENV.absolute()} {DATABASE.absolute()}"
    assert found["advice"] == f"run: {command}"


@pytest.mark.usefixtures("installation")
def test_other_process_with_the_same_bot_fails(discord):
    """It serves the bot from another folder, so that both would answer."""
    with lock_shards(discord.bot.id, 1, (0,)):
        assert "from another data folder" in diagnose("other process")["detail"]


@pytest.mark.usefixtures("installation")
def test_bot_that_runs_here_is_well(discord):
    """The doctor may be called while it runs, and lets it keep its locks."""
    with lock_data_folder(Settings()), lock_shards(discord.bot.id, 1, (0,)):
        for _ in range(2):
            check = checks_of(run_forked("doctor", "--json"))["other process"]
            assert check["status"] == "ok"
            assert "the bot runs on this data folder (process" in check["detail"]
