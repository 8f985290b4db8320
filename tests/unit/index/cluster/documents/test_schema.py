"""The settings and names of the indexes of a cluster."""

import pytest

from index.cluster.documents.schema import index_body, index_name, is_index_name


@pytest.mark.parametrize(
    ("n_passages", "n_shards"), [(0, 1), (200_000, 1), (200_001, 2), (1_000_000, 5)]
)
def test_shard_has_at_most_200000_passages(n_passages, n_shards):
    """A larger index is spread over several nodes."""
    settings = index_body(n_passages, "build-1")["settings"]["index"]
    assert settings["number_of_shards"] == n_shards


def test_names_of_other_prefixes_are_not_ours():
    """Removing what is unused must not touch the indexes of another installation."""
    assert is_index_name("quotes", index_name("quotes", "0123456789ab"))
    for name in ("quotes", "quotes-lock", "quotes-2-0123456789ab", "quotesx0123456789ab"):
        assert not is_index_name("quotes", name)
