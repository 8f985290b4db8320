"""Judge whether a running bot is well, and tell its owner what to do if it is not."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.operations.health.gateway_status import GatewayState
from index import LiveSearcher

# discord.py closes a silent connection after 60 s, checks every 41 s, and then resumes. A shard
# that is missing for 2 minutes needs attention.
GATEWAY_GRACE_S = 120.0


@dataclass(frozen=True, slots=True)
class IndexState:
    """The index of the texts that all servers share.

    Attributes:
        age_s: Seconds since it was built.
        documents: The number of texts.
        passages: The number of passages.
        size_bytes: The size of its files.
        problem: Why the newest index is not in use; None if it is.
        damage: What is wrong with the files of the index in use; None if nothing was found.
    """

    age_s: float
    documents: int
    passages: int
    size_bytes: int
    problem: str | None
    damage: str | None = None

    @classmethod
    def of(cls, live: LiveSearcher, damage: str | None = None) -> "IndexState":
        """Return the state of the index; opens a newly published one; blocking."""
        manifest = live.current().manifest
        age = datetime.now(UTC) - datetime.fromisoformat(manifest.built_at)
        return cls(
            age.total_seconds(),
            manifest.documents,
            manifest.passages,
            sum(manifest.sizes.values()),
            live.problem,
            damage,
        )


@dataclass(frozen=True, slots=True)
class HealthStatus:
    """The health of the bot at one moment.

    Attributes:
        gateway: The bot's connections.
        index_state: The bot's index.
        database_problem: The last failure of the database, or why it is not open; else None.
        locks_problem: Why the shards are not locked on PostgreSQL, or None.
    """

    gateway: GatewayState
    index_state: IndexState
    database_problem: str | None
    locks_problem: str | None = None

    @property
    def problems(self) -> list[str]:
        """Reasons why the bot cannot answer, one line each; empty if it can."""
        gateway = self.gateway
        if gateway.away_s <= GATEWAY_GRACE_S:
            return []
        missing = gateway.shards - gateway.connected
        return [
            f"{missing} of {gateway.shards} connections to Discord's gateway missing, the longest "
            f"for {gateway.away_s:.0f} s; check the network and Discord's status page"
        ]

    @property
    def complaints(self) -> list[str]:
        """Problems that do not stop the bot from answering, one line each."""
        lines = []
        if self.index_state.problem is not None:
            lines.append(f"answering from the last good index: {self.index_state.problem}")
        if self.index_state.damage is not None:
            lines.append(
                f"answering from a damaged index until it is rebuilt: {self.index_state.damage}"
            )
        if self.database_problem is not None:
            lines.append(f"answering without the database: {self.database_problem}")
        if self.locks_problem is not None:
            lines.append(
                "answering without locks, so that a second process for the same shards would not "
                f"be noticed: {self.locks_problem}"
            )
        return lines
