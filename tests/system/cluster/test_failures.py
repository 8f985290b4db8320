"""What goes wrong between this program and a cluster is one clear line, and takes no longer."""

import signal
import subprocess
import time

import pytest

from bot.answering import answer_question
from index import Searcher, WeightedText
from index.cluster.client.address import ClusterAddress
from index.cluster.client.connection import ClusterConnection
from index.cluster.publishing.publish import publish
from index.cluster.reading.live import LiveClusterSearcher
from index.cluster.reading.open_cluster import open_cluster
from index.errors import (
    ClusterLoginError,
    ClusterTooOldError,
    ClusterUnavailableError,
)
from tests.system.cluster.node import (
    on_opensearch,
    running_node,
    skip_without_nodes,
    stop_node,
)
from tests.system.cluster.proxy import running_proxy

pytestmark = on_opensearch

QUESTION = "when does the harbour close"


@pytest.fixture
def proxy(node_port):
    """A proxy before the node of all tests."""
    with running_proxy(node_port) as proxy:
        yield proxy


@pytest.fixture
def through_proxy(proxy, connection, harbour_index):
    """A connection through the proxy, at whose address the harbour is published."""
    publish(harbour_index, connection)
    through = ClusterConnection(
        ClusterAddress((("127.0.0.1", proxy.port),), connection.address.prefix)
    )
    yield through
    through.close()


@pytest.fixture
def reader(through_proxy, tmp_path):
    """A searcher through the proxy."""
    return Searcher(open_cluster(through_proxy, tmp_path / "tables"), None)


def test_question_survives_two_failures(reader, proxy):
    """Each request has three tries, also after an error 500, which the library does not repeat."""
    proxy.failures = [500, 503]
    assert answer_question(QUESTION, [], reader).quotes


def test_third_failure_is_an_error(reader, proxy):
    """The error says what the cluster answered, in one line with what to do."""
    proxy.failures = [500, 502, 503]
    with pytest.raises(ClusterUnavailableError) as raised:
        answer_question(QUESTION, [], reader)
    assert str(raised.value).endswith(
        "it answers with the error 503; check that its nodes run, then try again"
    )
    assert answer_question(QUESTION, [], reader).quotes


@pytest.mark.parametrize(
    "changes",
    [{"timed_out": True}, {"_shards": {"total": 2, "successful": 1, "skipped": 0, "failed": 1}}],
)
def test_partial_answer_is_refused(reader, proxy, changes):
    """Quotes of some shards may not be the best ones."""
    proxy.changes = changes
    with pytest.raises(ClusterUnavailableError, match="a part of the index has not answered"):
        answer_question(QUESTION, [], reader)


def test_question_has_a_time_limit(reader, proxy):
    """Whatever hangs, a person waits for five seconds at most; the next question may succeed."""
    proxy.hangs_s = 60.0
    started = time.monotonic()
    with pytest.raises(ClusterUnavailableError, match="no node has answered in time"):
        answer_question(QUESTION, [], reader)
    assert 3.0 < time.monotonic() - started < 20.0  # a loaded machine wakes threads late
    proxy.hangs_s = 0.0
    assert answer_question(QUESTION, [], reader).quotes


def test_wrong_password_is_named_and_not_shown(proxy, connection):
    """The line says which setting to look at."""
    proxy.login = ("ada", "right")
    url = f"opensearch://ada:wr0ng-secret@127.0.0.1:{proxy.port}/{connection.address.prefix}"
    wrong = ClusterConnection(ClusterAddress.parse(url))
    with pytest.raises(ClusterLoginError, match="check user and password in INDEX_URL") as raised:
        wrong.check_version()
    wrong.close()
    assert "wr0ng-secret" not in f"{raised.value}{raised.value!r}{wrong.address!r}"
    right = ClusterConnection(ClusterAddress.parse(url.replace("wr0ng-secret", "right")))
    assert right.check_version()
    right.close()


@pytest.mark.parametrize(
    ("version", "shown"),
    [
        ({"distribution": "opensearch", "number": "2.11.1"}, "the cluster is opensearch 2.11.1"),
        ({"number": "8.15.0"}, "the cluster is Elasticsearch 8.15.0"),
    ],
)
def test_cluster_that_is_too_old_is_named(through_proxy, proxy, version, shown, harbour_index):
    """Nothing is written to it."""
    proxy.version = version
    proxy.requests.clear()
    with pytest.raises(ClusterTooOldError, match=f"{shown}; update it to OpenSearch 2.19 or newer"):
        publish(harbour_index, through_proxy)
    assert set(proxy.requests) == {"GET /"}


def test_reader_goes_on_when_the_cluster_comes_back(through_proxy, proxy, tmp_path):
    """Meanwhile health says why; the index stays open."""
    live = LiveClusterSearcher(through_proxy, tmp_path / "tables", every_s=3600)
    proxy.failures = [503] * 3
    live.look()
    assert "it answers with the error 503" in str(live.problem)
    live.look()
    assert live.problem is None
    assert answer_question(QUESTION, [], live.current()).quotes


def test_no_node_is_named(tmp_path):
    """Nothing listens there."""
    nobody = ClusterConnection(ClusterAddress((("127.0.0.1", 1),), "nobody"))
    with pytest.raises(ClusterUnavailableError, match="no node can be reached"):
        open_cluster(nobody, tmp_path / "tables")
    nobody.close()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A certificate for 127.0.0.1 with its key in one file, and another one."""
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("right", "other"):
        files = "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.crt"
        subject = "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"
        kind = "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"
        subprocess.run(
            ["openssl", "req", "-x509", "-nodes", "-days", "2", *kind, *files, *subject],
            check=True,
            capture_output=True,
        )
        both = (folder / f"{name}.key").read_text() + (folder / f"{name}.crt").read_text()
        (folder / f"{name}.pem").write_text(both)
    return folder


def test_certificates_are_checked(node_port, certificates):
    """Only a cluster whose certificate is trusted is talked to; the line names the setting."""
    with running_proxy(node_port, certificates / "right.pem") as proxy:
        url = f"opensearchs://127.0.0.1:{proxy.port}/tls"
        trusting = ClusterConnection(ClusterAddress.parse(url, ca_file=certificates / "right.crt"))
        assert trusting.check_version()
        trusting.close()
        (certificates / "damaged.crt").write_text("no certificate")
        for ca_file in (certificates / "other.crt", certificates / "damaged.crt", None):
            wary = ClusterConnection(ClusterAddress.parse(url, ca_file=ca_file))
            with pytest.raises(ClusterUnavailableError, match="check INDEX_CA_FILE"):
                wary.check_version()
            wary.close()


def test_node_that_is_killed_or_frozen_is_named_and_used_again(tmp_path, harbour_index):
    """The question fails in time; after the node is back, the next one is answered."""
    skip_without_nodes()
    folder = tmp_path / "node"
    with running_node(folder) as port:
        own = ClusterConnection(ClusterAddress((("127.0.0.1", port),), "own"))
        publish(harbour_index, own)
        cluster = Searcher(open_cluster(own, tmp_path / "tables"), None)
        stop_node(folder, signal.SIGSTOP)
        with pytest.raises(ClusterUnavailableError, match="no node has answered in time"):
            answer_question(QUESTION, [], cluster)
        stop_node(folder, signal.SIGCONT)
        assert answer_question(QUESTION, [], cluster).quotes
        stop_node(folder, signal.SIGKILL)
        with pytest.raises(ClusterUnavailableError, match="no node"):
            cluster.search([WeightedText("boats")], 3)
        own.close()
