"""The condition of a bot as gauges of Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge

from bot.operations.health.status import HealthStatus

# Name below "pullquote_", what it means, where it comes from.
_GAUGES: tuple[tuple[str, str, Callable[[HealthStatus], float]], ...] = (
    (
        "healthy",
        "Whether /healthz answers with 200.",
        lambda now: not now.problems,
    ),
    (
        "gateway_shards",
        "Connections to Discord's gateway that this process wants.",
        lambda now: now.gateway.shards,
    ),
    (
        "gateway_connected_shards",
        "Those of them that are there.",
        lambda now: now.gateway.connected,
    ),
    (
        "gateway_away_seconds",
        "For how long the one is missing that is so the longest.",
        lambda now: now.gateway.away_s,
    ),
    (
        "gateway_connection_age_seconds",
        "For how long the youngest connection is there.",
        lambda now: now.gateway.connection_age_s,
    ),
    (
        "gateway_last_event_age_seconds",
        "Since Discord last sent an event.",
        lambda now: now.gateway.last_event_age_s,
    ),
    (
        "gateway_latency_seconds",
        "From a heartbeat to its confirmation.",
        lambda now: now.gateway.latency_s,
    ),
    (
        "index_age_seconds",
        "Since the index was built.",
        lambda now: now.texts.age_s,
    ),
    (
        "index_documents",
        "Texts in the index that all servers share.",
        lambda now: now.texts.documents,
    ),
    (
        "index_passages",
        "Passages in it.",
        lambda now: now.texts.passages,
    ),
    (
        "index_bytes",
        "Size of its files.",
        lambda now: now.texts.size_bytes,
    ),
    (
        "index_outdated",
        "Whether the index published last cannot be used, so that an older one serves.",
        lambda now: now.texts.problem is not None,
    ),
    (
        "index_damaged",
        "Whether a byte of the index in use was found wrong and is not mended yet.",
        lambda now: now.texts.damage is not None,
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
    """Gauges that show one condition."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Add the gauges; they are zero until a condition is shown."""
        self._gauges = {
            name: Gauge(f"pullquote_{name}", meaning, registry=registry)
            for name, meaning, _ in _GAUGES
        }

    def show(self, status: HealthStatus) -> None:
        """Set all gauges."""
        for name, _, read in _GAUGES:
            self._gauges[name].set(read(status))

    def show_failing(self) -> None:
        """Show that the condition cannot be read; the other gauges keep their values."""
        self._gauges["healthy"].set(0)
