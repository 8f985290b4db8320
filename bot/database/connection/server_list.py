"""Read the servers of an address of PostgreSQL that lists several."""

import re
from collections.abc import Sequence

# As libpq takes them: names, or names and ports, between the password and the database.
_SERVERS = re.compile(
    r"(?P<before>[^:]+://(?:.*@)?)(?P<servers>[^@/?]*,[^@/?]*)(?P<after>(?:[/?].*)?)", re.DOTALL
)
_SERVER = re.compile(r"(?P<name>\[[^]]+\]|[^:\[\]]+)(?::(?P<port>[0-9]{1,5}))?")
_PORT = 5432
_MAX_PORT = 65_535


def without_servers(address: str) -> tuple[str, list[str]]:
    """Return an address with one server in the place of several, and those; [] for one server."""
    found = _SERVERS.fullmatch(address)
    if found is None:
        return address, []
    return f"{found['before']}host{found['after']}", found["servers"].split(",")


def listed_in(hosts: str | Sequence[str] | None) -> list[str]:
    """Return the servers of the parameter `host`, as SQLAlchemy takes them; [] for one server."""
    parts = [hosts] if isinstance(hosts, str) else hosts or ()
    servers = [server for part in parts for server in part.split(",")]
    return servers if len(servers) > 1 else []


def read_servers(servers: list[str]) -> tuple[tuple[str, int], ...]:
    """Return the names and ports of servers.

    Raises:
        ValueError: One is not a name, or a name and a port.
    """
    hosts = []
    for server in servers:
        found = _SERVER.fullmatch(server)
        port = int(found["port"] or _PORT) if found else 0
        if found is None or not 0 < port <= _MAX_PORT:
            raise ValueError("one of its servers is not HOST or HOST:PORT")
        hosts.append((found["name"].strip("[]"), port))
    return tuple(hosts)


def shown_servers(hosts: Sequence[tuple[str, int]]) -> str:
    """Return servers as an address lists them."""
    return ",".join(f"[{name}]:{port}" if ":" in name else f"{name}:{port}" for name, port in hosts)
