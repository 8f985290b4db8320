"""Word to the service manager: where it goes, and when there is nobody to hear it."""

import asyncio
import os
import socket
import sys
from contextlib import closing

import pytest

from bot.operations.health.systemd import ServiceManager


@pytest.mark.parametrize(
    "address",
    [
        "notify",
        pytest.param(
            "@pullquote-{pid}",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux'"),
        ),
    ],
)
def test_word_goes_to_the_socket_of_the_manager(address):
    """A path, or an abstract name."""
    address = address.format(pid=os.getpid())
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as heard:
        heard.bind(address.replace("@", "\0"))
        heard.settimeout(10)
        manager = ServiceManager.from_mapping({"NOTIFY_SOCKET": address})
        manager.ready("Answering")
        manager.status("Waiting")
        manager.stopping()
        words = [heard.recv(100).decode() for _ in range(3)]
    assert words == ["READY=1\nSTATUS=Answering", "STATUS=Waiting", "STOPPING=1\nSTATUS=Stopping"]


def test_no_manager_is_told_nothing(caplog):
    """Most bots are started by hand."""
    manager = ServiceManager.from_mapping({})
    manager.ready("Answering")
    asyncio.run(manager.keep_alive())
    assert not caplog.records


def test_manager_that_has_gone_costs_a_line(caplog):
    """The bot goes on answering."""
    ServiceManager("gone").status("Waiting")
    (record,) = caplog.records
    assert "cannot be told 'STATUS=Waiting'" in record.getMessage()


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"WATCHDOG_USEC": ""},
        {"WATCHDOG_USEC": "0"},
        {"WATCHDOG_USEC": "-5"},
        {"WATCHDOG_USEC": "soon"},
        {"WATCHDOG_USEC": "1000", "WATCHDOG_PID": str(os.getpid() + 1)},
    ],
)
def test_no_signs_of_life_where_none_are_asked_for(values):
    """Of another process, or at a time that makes no sense: giving them ends at once."""
    manager = ServiceManager.from_mapping({"NOTIFY_SOCKET": "gone"} | values)
    asyncio.run(manager.keep_alive())


def test_loop_that_hangs_gives_no_signs_of_life():
    """They come from the loop itself, twice in the time that was set."""

    async def play(heard):
        values = {"NOTIFY_SOCKET": "notify", "WATCHDOG_USEC": "20000"}
        values["WATCHDOG_PID"] = str(os.getpid())
        task = asyncio.create_task(ServiceManager.from_mapping(values).keep_alive())
        loop = asyncio.get_running_loop()
        for _ in range(3):
            await loop.sock_recv(heard, 100)
        while True:  # until nothing is left unread
            try:
                heard.recv(100)
            except BlockingIOError:
                break
        heard.setblocking(True)
        heard.settimeout(0.1)  # five times what was set; nothing else runs meanwhile
        with pytest.raises(TimeoutError):
            heard.recv(100)
        task.cancel()

    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as heard:
        heard.bind("notify")
        heard.setblocking(False)
        asyncio.run(play(heard))
