"""Settings: defaults, blank values, and what cannot be used."""

from dataclasses import FrozenInstanceError
from enum import Enum
from pathlib import Path

import pytest

from bot.config.settings import SECRET_VARIABLES, Settings, former_value
from bot.errors import SettingsError
from index import Tier
from tests.support.checkout import REPOSITORY
from tests.support.command import SETTINGS


def test_settings_without_any_variable_are_the_documented_defaults():
    """An empty environment gives the defaults of the table."""
    assert Settings.from_mapping({}) == Settings(
        discord_token=None,
        discord_api_base=None,
        corpus_dir=Path("corpus"),
        data_dir=Path(".pullquote"),
        database_url=None,
        retention_days=30,
        shard_count=None,
        max_file_mb=64,
        log_level="INFO",
    )


def test_settings_read_every_variable():
    """Each variable of the table reaches its field."""
    settings = Settings.from_mapping(
        {
            "DISCORD_TOKEN": "abc.def",
            "DISCORD_API_BASE": "http://127.0.0.1:3001/api/v10",
            "CORPUS_DIR": "texts",
            "DATA_DIR": "built",
            "DATABASE_URL": "postgresql://ada:secret@localhost/quotes",
            "INDEX_URL": "opensearch://ada:s3cret@host/quotes",
            "RETENTION_DAYS": "7",
            "SHARD_COUNT": "2",
            "SHARD_IDS": "1",
            "MAX_FILE_MB": "200",
            "MESSAGE_AUTHORS": "names",
            "RETRIEVAL": "lexical",
            "NEURAL_MODEL": "models/e5",
            "HF_TOKEN": "hf_abc",
            "MAX_VECTORS_MB": "2048",
            "LOG_LEVEL": "ERROR",
        }
    )
    assert settings.discord_token == "abc.def"
    assert settings.discord_api_base == "http://127.0.0.1:3001/api/v10"
    assert (settings.corpus_dir, settings.data_dir) == (Path("texts"), Path("built"))
    assert settings.database == "postgresql://ada:secret@localhost/quotes"
    assert str(settings.cluster_address) == "opensearch://host:9200/quotes"
    assert settings.retention_days == 7
    assert (settings.shard_count, settings.shard_ids) == (2, (1,))
    assert (settings.max_file_mb, settings.message_authors) == (200, "names")
    assert settings.retrieval is Tier.LEXICAL
    assert (settings.neural_model, settings.hf_token) == ("models/e5", "hf_abc")
    assert settings.max_vectors_mb == 2048
    assert settings.log_level == "ERROR"


@pytest.mark.parametrize("variable", SETTINGS)
@pytest.mark.parametrize("blank", ["", "  ", "\t\n", None])
def test_settings_take_a_blank_value_for_unset(variable, blank):
    """Empty, white or missing values leave the default in force."""
    assert Settings.from_mapping({variable: blank}) == Settings()


def test_settings_strip_white_space_around_a_value():
    """A stray blank around a value is no part of it."""
    assert Settings.from_mapping({"DISCORD_TOKEN": " abc \n"}).discord_token == "abc"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DISCORD_TOKEN", "very-secret"),
        ("DATABASE_URL", "postgresql://ada:very-secret@host/a"),
        ("HF_TOKEN", "very-secret"),
        ("PEOPLE_KEY", "5ecafe" * 10 + "Cafe"),
    ],
)
def test_settings_repr_hides_secrets(variable, value):
    """The token, the key and the database's password stand in neither repr nor str."""
    settings = Settings.from_mapping({variable: value})
    secret = "very-secret" if "very-secret" in value else value
    assert secret not in f"{settings!r} {settings}"
    assert any(secret in one for one in settings.secrets)
    assert variable in SECRET_VARIABLES


@pytest.mark.parametrize("value", ["secret", "5a" * 31, "5a" * 33, "5g" * 32, "\u0665a" * 32])
def test_key_that_is_no_key_is_refused_without_showing_it(value):
    """It has 64 hexadecimal digits."""
    with pytest.raises(SettingsError, match=r"^PEOPLE_KEY: it is not 64 hex") as caught:
        Settings.from_mapping({"PEOPLE_KEY": value})
    assert value not in str(caught.value)


def test_settings_cannot_be_changed():
    """Settings are frozen."""
    with pytest.raises(FrozenInstanceError):
        Settings().log_level = "DEBUG"  # type: ignore[misc]


def test_settings_expand_the_home_folder(monkeypatch):
    """A leading tilde stands for the home folder."""
    monkeypatch.setenv("HOME", "/home/ada")
    assert Settings.from_mapping({"CORPUS_DIR": "~/texts"}).corpus_dir == Path("/home/ada/texts")


@pytest.mark.parametrize("variable", ["CORPUS_DIR", "DATA_DIR"])
def test_settings_refuse_the_home_of_nobody(variable):
    """A tilde before an unknown user's name is a wrong setting."""
    with pytest.raises(SettingsError, match=variable):
        Settings.from_mapping({variable: "~no-such-user-here/texts"})


@pytest.mark.parametrize(
    ("value", "tier"),
    [
        ("auto", Tier.ENCODER),
        ("Encoder", Tier.ENCODER),
        ("LEXICAL", Tier.LEXICAL),
    ],
)
def test_tier_is_read_in_any_case(value, tier):
    """By default, and with `auto`, the encoder ranks wherever it can."""
    settings = Settings.from_mapping({"RETRIEVAL": value})
    assert settings.retrieval is tier
    assert former_value({"RETRIEVAL": value}) is None
    assert Settings().retrieval is Tier.ENCODER


@pytest.mark.parametrize("value", ["default", "neural", "static", "Neural"])
def test_tier_of_a_former_version_means_auto_and_is_told(value):
    """Nobody's bot stops because of it."""
    values = {"RETRIEVAL": f" {value}"}
    assert Settings.from_mapping(values).retrieval is Tier.ENCODER
    told = f"RETRIEVAL: '{value}' now means auto; write auto or leave it out"
    assert former_value(values) == told


def test_tier_refuses_other_words():
    """The line names those there are."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping({"RETRIEVAL": "magic"})
    told = "'magic' is not a tier; write one of auto, encoder, lexical"
    assert str(caught.value).endswith(told)
    assert (caught.value.variable, caught.value.exit_code) == ("RETRIEVAL", 2)


def test_authors_are_numbered_unless_names_are_turned_on():
    """People are not named by mistake."""
    assert Settings.from_mapping({}).message_authors == "numbers"
    with pytest.raises(SettingsError, match="MESSAGE_AUTHORS: 'yes' is not one of numbers, names"):
        Settings.from_mapping({"MESSAGE_AUTHORS": "yes"})


@pytest.mark.parametrize("size", ["0", "-1", "1.5", "64MB", "1234567"])
def test_size_of_vectors_refuses_what_is_no_number_of_megabytes(size):
    """It is read like that of files."""
    with pytest.raises(SettingsError, match=r"MAX_VECTORS_MB: .*write one like 64"):
        Settings.from_mapping({"MAX_VECTORS_MB": size})


@pytest.mark.parametrize("size", ["0", "-1", "1.5", "64MB", "\u0663", "1234567"])
def test_file_size_refuses_what_is_no_number_of_megabytes(size):
    """Anything but a whole number from 1 is refused with an example."""
    with pytest.raises(SettingsError, match=r"MAX_FILE_MB: .*write one like 64"):
        Settings.from_mapping({"MAX_FILE_MB": size})


def test_database_is_a_file_beside_the_index_unless_one_is_named(tmp_path):
    """Without DATABASE_URL the bot keeps its database in DATA_DIR."""
    settings = Settings.from_mapping({"DATA_DIR": str(tmp_path)})
    assert settings.database == f"sqlite:///{tmp_path}/pullquote.db"


@pytest.mark.parametrize("days", ["0", "-1", "a week", "3651"])
def test_retention_refuses_what_is_no_number_of_days(days):
    """Questions are kept for one day to ten years."""
    with pytest.raises(SettingsError, match="RETENTION_DAYS: "):
        Settings.from_mapping({"RETENTION_DAYS": days})


def test_retention_may_last_ten_years():
    """The longest retention is 3,650 days."""
    assert Settings.from_mapping({"RETENTION_DAYS": "3650"}).retention_days == 3650


@pytest.mark.parametrize("count", ["0", "-1", "two", "1.5"])
def test_shard_count_refuses_what_is_no_number_of_shards(count):
    """A bot has at least one shard."""
    with pytest.raises(SettingsError, match="SHARD_COUNT: "):
        Settings.from_mapping({"SHARD_COUNT": count})


@pytest.mark.parametrize(
    ("shards", "numbers"),
    [
        ("0", (0,)),
        ("3,1", (1, 3)),
        ("0-3", (0, 1, 2, 3)),
        (" 2 - 3 , 0 ", (0, 2, 3)),
        ("1-1", (1,)),
    ],
)
def test_shards_of_a_process_are_numbers_and_ranges(shards, numbers):
    """A list is read in any order, with white space, and its ends belong to a range."""
    settings = Settings.from_mapping({"SHARD_COUNT": "4", "SHARD_IDS": shards})
    assert settings.shard_ids == numbers


@pytest.mark.parametrize(
    ("shards", "count", "reason"),
    [
        ("0", "", "it needs SHARD_COUNT"),
        ("0,1,0", "4", "it names shard 0 twice; write each once"),
        ("0-2,2", "4", "it names shard 2 twice"),
        ("4", "4", "shard 4 does not exist; the 4 of SHARD_COUNT are 0 to 3"),
        ("0-999999", "4", "shard 999999 does not exist"),
        ("3-1", "4", "'3-1' runs backwards; write 1-3"),
        *[
            (bad, "4", "not a list of shards")
            for bad in ("a", "0,", "-1", "0;1", "1.5", "\u0663", "0--1")
        ],
    ],
)
def test_shards_of_a_process_refuse_other_lists(shards, count, reason):
    """Duplicates, shards that there are not and a missing count are told with what to write."""
    with pytest.raises(SettingsError, match="SHARD_IDS: ") as caught:
        Settings.from_mapping({"SHARD_COUNT": count, "SHARD_IDS": shards})
    assert reason in str(caught.value)


def test_process_serves_the_servers_of_its_shards():
    """Each server and the direct messages belong to one process; to the only one all."""
    halves = [Settings(shard_count=2, shard_ids=(number,)) for number in (0, 1)]
    for guild_id in (None, 1 << 22, 2 << 22, (3 << 22) | 5):
        assert sorted(half.serves(guild_id) for half in halves) == [False, True]
        assert Settings(shard_count=2).serves(guild_id)
        assert Settings().serves(guild_id)
    assert halves[0].serves(None)
    assert halves[1].serves((1 << 22) | 7)


@pytest.mark.parametrize("port", ["0", "-1", "http", "65536"])
def test_health_port_refuses_what_is_no_port(port):
    """Ports are whole numbers from 1 to 65535."""
    with pytest.raises(SettingsError, match="HEALTH_PORT: "):
        Settings.from_mapping({"HEALTH_PORT": port})


@pytest.mark.parametrize("level", ["debug", "Info", "WARNING", "error", "critical"])
def test_log_level_is_read_in_any_case(level):
    """The names of the levels may be written in small letters."""
    assert Settings.from_mapping({"LOG_LEVEL": level}).log_level == level.upper()


@pytest.mark.parametrize("level", ["loud", "10", "NOTSET", "INFO DEBUG"])
def test_log_level_refuses_other_words(level):
    """A level that does not exist is refused with the allowed ones."""
    with pytest.raises(SettingsError, match=r"LOG_LEVEL: .*DEBUG, INFO") as caught:
        Settings.from_mapping({"LOG_LEVEL": level})
    assert (caught.value.variable, caught.value.exit_code) == ("LOG_LEVEL", 2)


@pytest.mark.parametrize("form", ["xml", "json lines"])
def test_log_format_refuses_other_words(form):
    """There are two forms."""
    with pytest.raises(SettingsError, match=r"LOG_FORMAT: .*text or json"):
        Settings.from_mapping({"LOG_FORMAT": form})


@pytest.mark.parametrize(
    "base",
    ["127.0.0.1:3001", "ftp://a.example", "http://", "http://a:port/", "http://a:0/", "http://[1"],
)
def test_api_base_refuses_what_is_no_http_address(base):
    """An address without scheme, host or usable port is refused."""
    with pytest.raises(SettingsError, match=r"DISCORD_API_BASE: .*http"):
        Settings.from_mapping({"DISCORD_API_BASE": base})


def test_api_base_loses_its_final_slash():
    """Paths can be joined to the base with one slash."""
    settings = Settings.from_mapping({"DISCORD_API_BASE": "https://proxy.example/api/v10/"})
    assert settings.discord_api_base == "https://proxy.example/api/v10"


@pytest.mark.parametrize("file", [".env.example", ".deploy/README.md"])
def test_documentation_names_every_setting(file):
    """The example file and the operators' page name each variable of the program."""
    text = (REPOSITORY / file).read_text(encoding="utf-8")
    assert [name for name in SETTINGS if name not in text] == []


def test_example_file_shows_the_defaults():
    """Each variable stands in the example file with its default."""
    lines = (REPOSITORY / ".env.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.lstrip("# ").split("=", 1) for line in lines if "=" in line)
    defaults = {name: _written(getattr(Settings(), name.lower())) for name in SETTINGS}
    defaults["RETRIEVAL"] = "auto"  # which means the encoder
    assert {name: given.get(name, "missing").strip() for name in SETTINGS} == defaults
    assert Settings.from_mapping({name: given[name] for name in SETTINGS}) == Settings()
    assert defaults["RETENTION_DAYS"] == "30"


def _written(value):
    """Return a default as somebody would write it; it is blank for a setting without one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value.value if isinstance(value, Enum) else value)


def test_address_of_a_cluster_is_a_secret(tmp_path):
    """Neither the settings nor an error show its password; the files of certificates must exist."""
    url = "opensearchs://ada:s3%40cret@host/quotes"
    certificate = tmp_path / "ca.pem"
    certificate.touch()
    settings = Settings.from_mapping({"INDEX_URL": url, "INDEX_CA_FILE": str(certificate)})
    assert "s3" not in repr(settings)
    assert {url, "s3%40cret", "s3@cret"} <= set(settings.secrets)
    assert settings.cluster_address is not None
    assert settings.cluster_address.ca_file == certificate
    with pytest.raises(SettingsError, match=r"INDEX_URL: .*write it like opensearch://") as raised:
        Settings.from_mapping({"INDEX_URL": "opensearch://ada:s3cret@host/NOT A NAME"})
    assert "s3cret" not in str(raised.value)
    with pytest.raises(SettingsError, match=r"INDEX_CA_FILE: .*none\.pem is no file"):
        Settings.from_mapping({"INDEX_CA_FILE": str(tmp_path / "none.pem")})
