"""Copying an index needs a cluster, and says in a line what was done."""

import pytest

from bot.config.settings import Settings
from bot.errors import SettingsError
from bot.indexing import copy_index
from bot.indexing.copy_index import copy_to_cluster, copy_to_files

URL = "opensearch://host:9200/quotes"


@pytest.mark.parametrize(
    ("is_new", "line"),
    [(True, f"Copied the index to {URL}."), (False, f"{URL} has this index already.")],
)
def test_copy_to_a_cluster_says_whether_it_was_there(monkeypatch, is_new, line):
    """The same index is not copied twice."""
    monkeypatch.setattr(copy_index, "publish_in_cluster", lambda *_: is_new)
    assert copy_to_cluster(Settings(index_url=URL)) == line


@pytest.mark.parametrize("copy", [copy_to_cluster, copy_to_files])
def test_copy_needs_a_cluster(copy):
    """The line names the setting."""
    with pytest.raises(SettingsError, match="INDEX_URL: not set"):
        copy(Settings())
