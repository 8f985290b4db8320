"""What an owner sees of the running bot, from before the login to the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from bot.config.settings import Settings
from bot.database import Database
from bot.database.connection.circuit_breaker import Attempts
from bot.operations.health.gateway_status import Connections
from bot.operations.health.loop_lag import LoopLag
from bot.operations.health.metrics import Metrics
from bot.operations.health.server import health_served
from bot.operations.health.status import Condition, IndexState
from bot.operations.health.systemd import ServiceManager
from index import LiveSearcher


@dataclass(slots=True)
class Oversight:
    """The parts of a bot that tell how it is.

    Attributes:
        live: The index that all servers share.
        manager: Who started the bot, if that wants to know.
        attempts: Uses of the database.
        connections: Those to the gateway.
        metrics: What is counted and timed.
        database: What the bot keeps; None until it was looked for.
        damage: What is wrong with the index; None where nothing was found, or it is mended.
        locks_problem: Why the shards are not locked on PostgreSQL; None where they need not be.
    """

    live: LiveSearcher
    manager: ServiceManager = field(default_factory=ServiceManager)
    attempts: Attempts = field(default_factory=Attempts)
    connections: Connections = field(default_factory=Connections)
    metrics: Metrics = field(default_factory=Metrics)
    database: Database | None = None
    damage: str | None = None
    locks_problem: str | None = None

    def note_damage(self, damage: str | None) -> None:
        """Note what is wrong with the index, or that it was verified."""
        self.damage = damage

    def note_locks(self, problem: str | None) -> None:
        """Note that the locks of the shards are lost, or held again."""
        self.locks_problem = problem

    def condition(self) -> Condition:
        """Return how the bot is now; blocking."""
        closed = self.database.problem if self.database else None
        return Condition(
            self.connections.state(),
            IndexState.of(self.live, self.damage),
            closed or self.attempts.problem,
            self.locks_problem,
        )

    @asynccontextmanager
    async def shown(self, settings: Settings) -> AsyncIterator[None]:
        """Measure the event loop, give signs of life, and serve health, while the block runs.

        Raises:
            SettingsError: HEALTH_PORT cannot be listened on.
        """
        loop = asyncio.get_running_loop()
        self.metrics.tasks.set_function(lambda: len(asyncio.all_tasks(loop)))
        async with AsyncExitStack() as stack:
            if settings.health_port is not None:
                host, port = settings.health_host, settings.health_port
                serving = health_served(host, port, self.condition, self.metrics)
                await stack.enter_async_context(serving)
            lag = LoopLag(self.metrics.note_loop_lag)
            for work in (lag.measure(), self.manager.keep_alive()):
                stack.callback(asyncio.create_task(work).cancel)
            yield
