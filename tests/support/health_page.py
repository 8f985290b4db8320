"""Read the pages of a bot's health, and its figures without a page."""

import socket
import urllib.error
import urllib.request
from contextlib import closing

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.operations.health.gateway_status import GatewayState
from bot.operations.health.status import HealthStatus, IndexState

# What is seen of a bot that lacks nothing.
WELL = HealthStatus(
    GatewayState(2, 2, 0.0, 50.0, 1.0, 0.04), IndexState(60.0, 3, 40, 9000, None), None
)


class StillClock:
    """A clock that stands until it is moved."""

    now = 100.0

    def __call__(self):
        return self.now


def free_port():
    """Return a port that nothing listens on."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def is_listening(port):
    """Return whether something takes connections on a port."""
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def fetch(port, path, method="GET", body=None):
    """Return the status and text of a page."""
    url = f"http://127.0.0.1:{port}{path}"
    request = urllib.request.Request(url, data=body, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def figures(port):
    """Return all figures by name and labels."""
    status, text = fetch(port, "/metrics")
    assert status == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figure(metrics, name, **labels):
    """Return a figure as Prometheus reads it; None if there is no figure of that name."""
    text = generate_latest(metrics.registry).decode()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return sample.value
    return None
