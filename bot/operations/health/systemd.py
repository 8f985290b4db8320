"""Report the state of the bot to systemd, or to another service manager of its protocol.

The protocol is that of sd_notify(3): lines of NAME=value in a datagram to the socket that
NOTIFY_SOCKET names.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Mapping

logger = logging.getLogger(__name__)

# sd_watchdog_enabled(3) recommends a sign of life in half of the time.
_SIGNS_IN_TIME = 2


class ServiceManager:
    """Sends messages to the service manager; does nothing if there is none."""

    def __init__(self, address: str | None = None, watchdog_s: float | None = None) -> None:
        """Take the settings of the manager.

        Args:
            address: Its socket, a path or "@" with an abstract name.
            watchdog_s: Seconds without a sign of life after which it restarts the bot.
        """
        self._address = address
        self._watchdog_s = watchdog_s

    @classmethod
    def from_mapping(cls, values: Mapping[str, str]) -> "ServiceManager":
        """Read NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID; invalid values are ignored."""
        usec, pid = values.get("WATCHDOG_USEC", ""), values.get("WATCHDOG_PID", str(os.getpid()))
        is_watched = usec.isascii() and usec.isdigit() and int(usec) and pid == str(os.getpid())
        return cls(values.get("NOTIFY_SOCKET"), int(usec) / 1e6 if is_watched else None)

    def ready(self, status: str) -> None:
        """Report that the bot has started, and what it does."""
        self._send(f"READY=1\nSTATUS={status}")

    def status(self, status: str) -> None:
        """Report in a line what the bot does now."""
        self._send(f"STATUS={status}")

    def stopping(self) -> None:
        """Report that the bot is ending."""
        self._send("STOPPING=1\nSTATUS=Stopping")

    async def keep_alive(self) -> None:
        """Send signs of life from the event loop until cancelled; a blocked loop stops them."""
        while self._watchdog_s is not None:
            self._send("WATCHDOG=1")
            await asyncio.sleep(self._watchdog_s / _SIGNS_IN_TIME)

    def _send(self, text: str) -> None:
        if not self._address:
            return
        name = self._address
        address = f"\0{name[1:]}" if name.startswith("@") else name
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.setblocking(False)
                channel.sendto(text.encode(), address)
        except OSError as error:
            logger.warning("The service manager cannot be told %r: %s", text, error)
