"""Start the shards of a bot as fast as Discord allows."""

import asyncio
import sys
import time
from collections import Counter

import yarl
from discord.ext import commands

# Discord lets a shard identify every 5 s; the rest allows for different delays of the network.
_IDENTIFY_INTERVAL_S = 5.5

# A launch tries to connect several times. If Discord is away for longer, a service manager restarts
# the process.
_MAX_LAUNCHES = 1


class ShardedBot(commands.AutoShardedBot):
    """A bot whose shards identify as many at a time as Discord allows.

    Attributes:
        max_concurrency: How many shards may identify within 5 s. Shards whose numbers modulo
            `max_concurrency` are equal wait for each other.
    """

    max_concurrency = 1

    def __init__(self, *args: object, **options: object) -> None:
        """Take the arguments of `commands.Bot`."""
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._launches: Counter[int] = Counter()
        self._free_at: dict[int, float] = {}
        self._identified: set[int] = set()

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """Connect a shard for the first time.

        Promise: A bot whose gateway cannot be reached at the start ends with the reason. discord.py
        calls this again, for ever, from its handler of the exception.
        Private: `AutoShardedClient.launch_shard`, and that it calls itself.

        Raises:
            Exception: The reason why the last launch failed.
        """
        reason = sys.exception()
        self._launches[shard_id] += 1
        if isinstance(reason, Exception) and self._launches[shard_id] > _MAX_LAUNCHES:
            raise reason
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until a shard may identify; for the second time and later, the full interval."""
        del initial
        number = shard_id or 0
        bucket = number % self.max_concurrency
        wait_s = self._free_at.get(bucket, 0.0) - time.monotonic()
        await asyncio.sleep(_IDENTIFY_INTERVAL_S if number in self._identified else max(wait_s, 0))
        self._identified.add(number)
        self._free_at[bucket] = time.monotonic() + _IDENTIFY_INTERVAL_S
