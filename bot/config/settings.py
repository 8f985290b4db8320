"""All settings of the program: their environment variables, defaults and checks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.config.shard_ids import parse_shards
from bot.errors import SettingsError
from index import (
    DEFAULT_MAX_FILE_MB,
    DEFAULT_MAX_TOKEN_MB,
    ClusterAddress,
    Tier,
    read_version,
)

# A port number has two bytes, and 0 means any port.
_MAX_PORT = 65_535

# A size in megabytes with more digits is a typing error: no disk is that large.
_MAX_DIGITS = 6

# The values of RETRIEVAL, and those of former versions.
_TIERS = {"auto": Tier.ENCODER, "encoder": Tier.ENCODER, "lexical": Tier.LEXICAL}
_FORMER_TIERS = ("default", "neural", "static")

# Settings whose values are never shown.
SECRET_VARIABLES = ("DISCORD_TOKEN", "DATABASE_URL", "PEOPLE_KEY", "INDEX_URL", "HF_TOKEN")

# 32 bytes; `bot.database.pseudonyms` uses them.
_PEOPLE_KEY = re.compile(r"[0-9A-Fa-f]{64}")

# Ten years. The bot promises its users that questions are not kept for ever.
_MAX_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run.

    Attributes:
        discord_token: The bot's token; None if it is not set. Never shown.
        discord_api_base: Base URL of the REST API, without a final slash; None for Discord's own.
        corpus_dir: The texts.
        data_dir: The folder of the index and of the bot's data.
        database_url: The address of the database; None for a file in `data_dir`. Read by
            `bot.database`. Never shown, because it may hold a password.
        people_key: The key of people's hashes, as 64 hexadecimal digits; None for that of a file in
            `data_dir`. Never shown.
        index_url: The address of the cluster that holds the index; None for files in `data_dir`.
            Never shown, because it may hold a password.
        index_ca_file: The certificates that a cluster's are checked against; None for the system's.
        index_client_cert: The certificate that is shown to a cluster; None for none.
        index_client_key: Its key; None if it is in the same file.
        retention_days: How long questions are kept.
        shard_count: The number of shards; None for as many as Discord recommends.
        shard_ids: The shards that this process opens, in order, each once; None for all. Other
            processes open the others.
        max_file_mb: Size of the largest file that is read, in units of 1,048,576 bytes.
        message_authors: "numbers", or "names" to name the authors of exported messages.
        current_version: The version of the texts that is quoted, as `read_version` returns it; None
            for the one that the texts tell.
        retrieval: The tier that ranks passages.
        neural_model: The encoder: blank for that of the package, a folder, or a name on the hub.
        hf_token: The access token of the hub, for models with terms. Never shown.
        max_vectors_mb: Token vectors that would take more on the disk are left out, in units of
            1,048,576 bytes.
        repl_history: Whether the prompt keeps the lines that were typed, for its next start.
        health_port: The port of `/healthz` and `/metrics`; None to serve neither.
        health_host: The address that serves them.
        log_level: Name of a level of `logging`.
        log_format: "text", or "json" for one object a line.
    """

    discord_token: str | None = field(default=None, repr=False)
    discord_api_base: str | None = None
    corpus_dir: Path = Path("corpus")
    data_dir: Path = Path(".pullquote")
    database_url: str | None = field(default=None, repr=False)
    people_key: str | None = field(default=None, repr=False)
    index_url: str | None = field(default=None, repr=False)
    index_ca_file: Path | None = None
    index_client_cert: Path | None = None
    index_client_key: Path | None = None
    retention_days: int = 30
    shard_count: int | None = None
    shard_ids: tuple[int, ...] | None = None
    max_file_mb: int = DEFAULT_MAX_FILE_MB
    message_authors: str = "numbers"
    current_version: str | None = None
    retrieval: Tier = Tier.ENCODER
    neural_model: str = ""
    hf_token: str | None = field(default=None, repr=False)
    max_vectors_mb: int = DEFAULT_MAX_TOKEN_MB
    repl_history: bool = True
    health_port: int | None = None
    health_host: str = "127.0.0.1"
    log_level: str = "INFO"
    log_format: str = "text"

    @classmethod
    def from_mapping(cls, values: Mapping[str, str | None]) -> "Settings":
        """Read the settings from environment-like values; a blank value counts as unset.

        Raises:
            SettingsError: A value cannot be used.
        """
        given = {name: value.strip() for name, value in values.items() if value and value.strip()}
        defaults = cls()
        shard_count = _optional_number(given, "SHARD_COUNT")
        return cls(
            discord_token=given.get("DISCORD_TOKEN"),
            discord_api_base=_http_url(given, "DISCORD_API_BASE"),
            corpus_dir=_folder(given, "CORPUS_DIR", defaults.corpus_dir),
            data_dir=_folder(given, "DATA_DIR", defaults.data_dir),
            database_url=given.get("DATABASE_URL"),
            people_key=_people_key(given, "PEOPLE_KEY"),
            index_url=_index_url(given, "INDEX_URL"),
            index_ca_file=_file(given, "INDEX_CA_FILE"),
            index_client_cert=_file(given, "INDEX_CLIENT_CERT"),
            index_client_key=_file(given, "INDEX_CLIENT_KEY"),
            retention_days=_days(given, "RETENTION_DAYS", defaults.retention_days),
            shard_count=shard_count,
            shard_ids=_shard_ids(given, "SHARD_IDS", shard_count),
            max_file_mb=_whole_number(given, "MAX_FILE_MB", defaults.max_file_mb),
            message_authors=_authors(given, "MESSAGE_AUTHORS", defaults.message_authors),
            current_version=_version(given, "CURRENT_VERSION"),
            retrieval=_tier(given, "RETRIEVAL", defaults.retrieval),
            neural_model=given.get("NEURAL_MODEL", defaults.neural_model),
            hf_token=given.get("HF_TOKEN"),
            max_vectors_mb=_whole_number(given, "MAX_VECTORS_MB", defaults.max_vectors_mb),
            repl_history=_switch(given, "REPL_HISTORY", default=defaults.repl_history),
            health_port=_port(given, "HEALTH_PORT"),
            health_host=given.get("HEALTH_HOST", defaults.health_host),
            log_level=_log_level(given, "LOG_LEVEL", defaults.log_level),
            log_format=_log_format(given, "LOG_FORMAT", defaults.log_format),
        )

    @property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute()}/pullquote.db"

    def serves(self, guild_id: int | None) -> bool:
        """Return whether this process serves a server, or direct messages (None).

        Source:
            Discord's documentation of sharding: the server's id, without its last 22 bits, modulo
            the number of shards; shard 0 for direct messages.
        """
        if self.shard_ids is None or self.shard_count is None:
            return True
        return ((guild_id or 0) >> 22) % self.shard_count in self.shard_ids

    @property
    def secrets(self) -> list[str]:
        """The tokens, the key, and each address with a password, and its password alone."""
        secrets = [self.discord_token, self.hf_token, self.people_key]
        for address in (self.database_url, self.index_url):
            secrets += _secrets_of(address or "")
        return [secret for secret in secrets if secret]

    @property
    def cluster_address(self) -> ClusterAddress | None:
        """The address of the cluster that holds the index; None if files hold it."""
        if self.index_url is None:
            return None
        return ClusterAddress.parse(
            self.index_url,
            ca_file=self.index_ca_file,
            client_certificate=self.index_client_cert,
            client_key=self.index_client_key,
        )

    @property
    def cluster_tables_dir(self) -> Path:
        """The folder of what is fetched from a cluster when its index is opened."""
        return self.data_dir / "cluster"

    @property
    def private_files(self) -> list[Path]:
        """What tells who asked what: the database file, the key of the pseudonyms, the history."""
        return [self.data_dir / "people.key", self.data_dir / "pullquote.db", self.history_file]

    @property
    def history_file(self) -> Path:
        """The file of the lines that were typed at the prompt."""
        return self.data_dir / "repl-history"

    @property
    def index_dir(self) -> Path:
        """The folder of the index."""
        return self.data_dir / "index"

    @property
    def texts_dir(self) -> Path:
        """The folder of the texts that are indexed."""
        return self.corpus_dir

    @property
    def models_dir(self) -> Path:
        """The folder of fetched encoders."""
        return self.data_dir / "models"


@dataclass(frozen=True, slots=True)
class FolderSettings(Settings):
    """Settings with which other texts are indexed than those of `corpus_dir`.

    Attributes:
        folder: A folder with `texts`, and with the `index` that is built from them.
    """

    folder: Path = Path()

    @classmethod
    def of(cls, settings: Settings, folder: Path) -> "FolderSettings":
        """Return settings that are the same but for the texts and the index."""
        values = {one.name: getattr(settings, one.name) for one in fields(Settings)}
        return cls(**values, folder=folder)

    @property
    def index_dir(self) -> Path:
        """The folder of the index."""
        return self.folder / "index"

    @property
    def texts_dir(self) -> Path:
        """The folder of the texts that are indexed."""
        return self.folder / "texts"


def _folder(given: Mapping[str, str], variable: str, default: Path) -> Path:
    try:
        return Path(given.get(variable, default)).expanduser()
    except RuntimeError as error:
        raise SettingsError(variable, f"'{given[variable]}' does not name a user's home") from error


def _people_key(given: Mapping[str, str], variable: str) -> str | None:
    value = given.get(variable)
    if value is not None and not _PEOPLE_KEY.fullmatch(value):
        raise SettingsError(
            variable,
            "it is not 64 hexadecimal digits; .env.example says how to make or copy a key",
        )
    return value


def _file(given: Mapping[str, str], variable: str) -> Path | None:
    if variable not in given:
        return None
    path = _folder(given, variable, Path())
    if not path.is_file():
        raise SettingsError(variable, f"{path} is no file")
    return path


def _index_url(given: Mapping[str, str], variable: str) -> str | None:
    """Return the address; an error does not show it, because it may hold a password."""
    value = given.get(variable)
    if value is None:
        return None
    try:
        ClusterAddress.parse(value)
    except ValueError as error:
        raise SettingsError(
            variable, f"{error}; write it like opensearch://user:password@host:9200/name"
        ) from None
    return value


def _secrets_of(address: str) -> list[str]:
    """Return an address with a password, and the password, as the address has it and decoded.

    An address without a password stays visible: error messages use it.
    """
    rest = address.partition("://")[2]
    # The password ends at the first "@", or at the last one if it contains an "@" that is not
    # percent-encoded.
    passwords = [
        before.partition(":")[2]
        for before in (rest.partition("@")[0], rest.rpartition("@")[0])
        if "@" in rest
    ]
    return [
        secret
        for password in passwords
        if password
        for secret in (address, password, unquote(password))
    ]


def _whole_number(given: Mapping[str, str], variable: str, default: int) -> int:
    value = given.get(variable)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS and int(value)):
        raise SettingsError(
            variable, f"'{value}' is not a whole number of at least 1; write one like 64"
        )
    return int(value)


def _optional_number(given: Mapping[str, str], variable: str) -> int | None:
    return _whole_number(given, variable, 1) if variable in given else None


def _shard_ids(
    given: Mapping[str, str], variable: str, count: int | None
) -> tuple[int, ...] | None:
    value = given.get(variable)
    if value is None:
        return None
    if count is None:
        raise SettingsError(variable, "it needs SHARD_COUNT, the number of shards of all processes")
    try:
        return parse_shards(value, count)
    except ValueError as error:
        raise SettingsError(variable, str(error)) from error


def _port(given: Mapping[str, str], variable: str) -> int | None:
    port = _optional_number(given, variable)
    if port is not None and port > _MAX_PORT:
        raise SettingsError(variable, f"port {port} does not exist; write one up to {_MAX_PORT}")
    return port


def _days(given: Mapping[str, str], variable: str, default: int) -> int:
    days = _whole_number(given, variable, default)
    if days > _MAX_DAYS:
        raise SettingsError(variable, f"{days} days are too many; write at most {_MAX_DAYS}")
    return days


def _http_url(given: Mapping[str, str], variable: str) -> str | None:
    value = given.get(variable)
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(
            variable,
            f"'{value}' is not an http address; write one like http://127.0.0.1:3001/api/v10",
        )
    return value.rstrip("/")


def _switch(given: Mapping[str, str], variable: str, *, default: bool) -> bool:
    value = given.get(variable, "on" if default else "off").lower()
    if value not in ("on", "off"):
        raise SettingsError(variable, f"'{value}' is not one of on, off")
    return value == "on"


def _authors(given: Mapping[str, str], variable: str, default: str) -> str:
    value = given.get(variable, default).lower()
    if value not in ("numbers", "names"):
        raise SettingsError(variable, f"'{value}' is not one of numbers, names")
    return value


def _version(given: Mapping[str, str], variable: str) -> str | None:
    value = given.get(variable)
    version = read_version(value)
    if value is not None and version is None:
        raise SettingsError(variable, f"'{value}' is not a version; write one like 2.1 or stable")
    return version


def _tier(given: Mapping[str, str], variable: str, default: Tier) -> Tier:
    value = given.get(variable)
    if value is None or value.lower() in _FORMER_TIERS:
        return default
    tier = _TIERS.get(value.lower())
    if tier is None:
        allowed = ", ".join(_TIERS)
        raise SettingsError(variable, f"'{value}' is not a tier; write one of {allowed}")
    return tier


def former_value(values: Mapping[str, str | None]) -> str | None:
    """Return a line about a value that former versions understood otherwise; None without one."""
    value = (values.get("RETRIEVAL") or "").strip()
    if value.lower() not in _FORMER_TIERS:
        return None
    return f"RETRIEVAL: '{value}' now means auto; write auto or leave it out"


def _log_level(given: Mapping[str, str], variable: str, default: str) -> str:
    level = given.get(variable, default).upper()
    allowed = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
    if level not in allowed:
        raise SettingsError(
            variable, f"'{level}' is not a level; write one of {', '.join(allowed)}"
        )
    return level


def _log_format(given: Mapping[str, str], variable: str, default: str) -> str:
    form = given.get(variable, default).lower()
    if form not in ("text", "json"):
        raise SettingsError(variable, f"'{form}' is not a log format; write text or json")
    return form
