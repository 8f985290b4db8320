"""The check of the cluster that holds the index."""

from bot.rendering.plain_text import counted
from bot.terminal.doctor.check import Check, check_of_error
from index import ClusterAddress, PassageIndexError, inspect_cluster

_NAME = "index"


def check_cluster(address: ClusterAddress) -> Check:
    """Check that the cluster answers, and has an index."""
    try:
        found = inspect_cluster(address)
    except PassageIndexError as error:
        return check_of_error(_NAME, "failure", error)
    manifest = found.manifest
    texts = f"{counted(manifest.documents, 'text')}, {counted(manifest.passages, 'passage')}"
    return Check(
        _NAME, "ok", f"{address}: OpenSearch {found.version}, built {manifest.built_at}, {texts}"
    )
