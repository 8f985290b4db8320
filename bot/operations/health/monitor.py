"""What the owner sees of a running bot, from the time before the login to the end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from bot.config.settings import Settings
from bot.operations.health.gateway_status import GatewayStatus
from bot.operations.health.loop_lag import LoopLag
from bot.operations.health.metrics import Metrics
from bot.operations.health.server import health_served
from bot.operations.health.status import HealthStatus, IndexState
from bot.operations.health.systemd import ServiceManager
from index import LiveSearcher


def _no_problem() -> None:
    """Report no problem before the database is opened."""


@dataclass(slots=True)
class Monitor:
    """The parts of a bot that report its health.

    Attributes:
        live: The index that all servers share.
        manager: The service manager that started the bot, if it wants reports.
        gateway: The state of the connections to the gateway.
        metrics: Counters and timers.
        damage: What is wrong with the index; None if it is good.
        locks_problem: Why the shards are not locked on PostgreSQL, or None.
        database_problem: Returns why the database fails, or None.
    """

    live: LiveSearcher
    manager: ServiceManager = field(default_factory=ServiceManager)
    gateway: GatewayStatus = field(default_factory=GatewayStatus)
    metrics: Metrics = field(default_factory=Metrics)
    damage: str | None = None
    locks_problem: str | None = None
    database_problem: Callable[[], str | None] = _no_problem

    def note_damage(self, damage: str | None) -> None:
        """Note what is wrong with the index, or that it was verified."""
        self.damage = damage

    def note_locks(self, problem: str | None) -> None:
        """Note that the locks of the shards are lost, or held again."""
        self.locks_problem = problem

    def status(self) -> HealthStatus:
        """Return the current status; blocking."""
        return HealthStatus(
            self.gateway.state(),
            IndexState.of(self.live, self.damage),
            self.database_problem(),
            self.locks_problem,
        )

    @asynccontextmanager
    async def running(self, settings: Settings) -> AsyncIterator[None]:
        """Measure the event loop, send signs of life, and serve the health pages, during the block.

        Raises:
            SettingsError: HEALTH_PORT cannot be listened on.
        """
        loop = asyncio.get_running_loop()
        self.metrics.tasks.set_function(lambda: len(asyncio.all_tasks(loop)))
        async with AsyncExitStack() as stack:
            if settings.health_port is not None:
                host, port = settings.health_host, settings.health_port
                serving = health_served(host, port, self.status, self.metrics)
                await stack.enter_async_context(serving)
            lag = LoopLag(self.metrics.note_loop_lag)
            for work in (lag.measure(), self.manager.keep_alive()):
                stack.callback(asyncio.create_task(work).cancel)
            yield
