"""The health status of a bot as gauges of Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge

from bot.operations.health.status import HealthStatus

# Name below "pullquote_", help text, source of the value.
_GAUGES: tuple[tuple[str, str, Callable[[HealthStatus], float]], ...] = (
    (
        "healthy",
        "Whether /healthz answers with 200.",
        lambda now: not now.problems,
    ),
    (
        "gateway_shards",
        "Shards of this process.",
        lambda now: now.gateway.shards,
    ),
    (
        "gateway_connected_shards",
        "Shards of this process that are connected to Discord's gateway.",
        lambda now: now.gateway.connected,
    ),
    (
        "gateway_away_seconds",
        "Seconds that the longest-missing shard has been disconnected.",
        lambda now: now.gateway.away_s,
    ),
    (
        "gateway_connection_age_seconds",
        "Seconds since the newest connection of a shard.",
        lambda now: now.gateway.connection_age_s,
    ),
    (
        "gateway_last_event_age_seconds",
        "Seconds since the last event of Discord.",
        lambda now: now.gateway.last_event_age_s,
    ),
    (
        "gateway_latency_seconds",
        "Seconds from a heartbeat to its acknowledgement.",
        lambda now: now.gateway.latency_s,
    ),
    (
        "index_age_seconds",
        "Seconds since the index was built.",
        lambda now: now.index_state.age_s,
    ),
    (
        "index_documents",
        "Texts in the index that all servers share.",
        lambda now: now.index_state.documents,
    ),
    (
        "index_passages",
        "Passages in the index that all servers share.",
        lambda now: now.index_state.passages,
    ),
    (
        "index_bytes",
        "Size of the files of the index that all servers share.",
        lambda now: now.index_state.size_bytes,
    ),
    (
        "index_outdated",
        "Whether the newest index cannot be used and an older one is in use.",
        lambda now: now.index_state.problem is not None,
    ),
    (
        "index_damaged",
        "Whether the index in use is damaged and not rebuilt yet.",
        lambda now: now.index_state.damage is not None,
    ),
    (
        "shards_unlocked",
        "Whether the locks of the shards on PostgreSQL are lost.",
        lambda now: now.locks_problem is not None,
    ),
    (
        "database_failing",
        "Whether the last use of the database failed, or it cannot be opened.",
        lambda now: now.database_problem is not None,
    ),
)


class HealthGauges:
    """Gauges that show a health status."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Add the gauges; they are zero until a status is shown."""
        self._gauges = {
            name: Gauge(f"pullquote_{name}", meaning, registry=registry)
            for name, meaning, _ in _GAUGES
        }

    def show(self, status: HealthStatus) -> None:
        """Set all gauges."""
        for name, _, read in _GAUGES:
            self._gauges[name].set(read(status))

    def show_failing(self) -> None:
        """Show that the status cannot be read; the other gauges keep their values."""
        self._gauges["healthy"].set(0)
