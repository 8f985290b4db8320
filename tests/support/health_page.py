"""Read a bot's pages for whoever watches over it."""

import socket
import urllib.error
import urllib.request
from contextlib import closing

from prometheus_client.parser import text_string_to_metric_families


def free_port():
    """Return a port that nothing listens on."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def is_listening(port):
    """Say whether something takes connections there."""
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
