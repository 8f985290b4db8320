"""What the tests of answering share: the harbour with the vectors of the packaged encoder."""

import pytest

from index import Searcher
from tests.support.data.harbour import build_encoded_harbour


@pytest.fixture(scope="session")
def encoded_harbour(tmp_path_factory):
    """An open searcher over the harbour corpus that ranks by vectors as well."""
    return Searcher.open(build_encoded_harbour(tmp_path_factory.mktemp("encoded")))
