"""The address of a cluster, as the setting INDEX_URL gives it."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

_SCHEMES = {"opensearch": False, "opensearchs": True}
_DEFAULT_PORT = 9200
_MAX_PORT = 65_535

# What OpenSearch allows in the name of an index, without what this program adds to it.
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\]")


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """Where a cluster is, and how to log in. It never shows the password.

    Attributes:
        hosts: Host and port of each node.
        prefix: The name of the alias that is searched; the names of its indexes begin with it.
        uses_tls: Whether the connection is encrypted.
        user: The name of the user; None without a login.
        password: The password; None without a login.
        ca_file: The certificates that are trusted; None for those of the system.
        client_certificate: The certificate that this program shows, with its chain; None for none.
        client_key: The key of that certificate; None if it stands in the same file.
    """

    hosts: tuple[tuple[str, int], ...]
    prefix: str
    uses_tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    client_certificate: Path | None = None
    client_key: Path | None = None

    @classmethod
    def parse(
        cls,
        url: str,
        *,
        ca_file: Path | None = None,
        client_certificate: Path | None = None,
        client_key: Path | None = None,
    ) -> "ClusterAddress":
        """Read an address such as `opensearch://user:password@host1:9200,host2:9200/prefix`.

        A port that is left out is 9200. Signs that have a meaning in addresses are written in user
        and password as in every URL, such as %40 for "@".

        Raises:
            ValueError: It is no such address. The message does not hold the address.
        """
        scheme, separator, rest = url.partition("://")
        if not separator or scheme not in _SCHEMES:
            raise ValueError("it does not begin with opensearch:// or opensearchs://")
        places, _, prefix = rest.partition("/")
        login, at, hosts = places.rpartition("@")
        user, colon, password = login.partition(":")
        if at and not (user and colon and password):
            raise ValueError("a user and a password stand before the @")
        if not _PREFIX.fullmatch(prefix):
            raise ValueError("behind the hosts a name of small letters, digits, - and _ is missing")
        return cls(
            tuple(map(_host_and_port, hosts.split(","))),
            prefix,
            _SCHEMES[scheme],
            unquote(user) if at else None,
            unquote(password) if at else None,
            ca_file,
            client_certificate,
            client_key,
        )

    def __str__(self) -> str:
        """Return the address without user and password."""
        scheme = next(name for name, uses_tls in _SCHEMES.items() if uses_tls == self.uses_tls)
        hosts = ",".join(f"{host}:{port}" for host, port in self.hosts)
        return f"{scheme}://{hosts}/{self.prefix}"


def _host_and_port(text: str) -> tuple[str, int]:
    host, port = text, str(_DEFAULT_PORT)
    if ":" in text.rpartition("]")[2]:
        host, _, port = text.rpartition(":")
    is_port = port.isascii() and port.isdigit() and 0 < int(port) <= _MAX_PORT
    if not _HOST.fullmatch(host) or not is_port:
        raise ValueError("a host is missing or has no usable port")
    return host, int(port)
