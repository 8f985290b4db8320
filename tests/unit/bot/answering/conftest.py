"""What the tests of answering share: the harbour with the vectors of the packaged encoder."""

import pytest

from index import EncoderChoice, Searcher, build_index
from tests.support.data.harbour import HARBOUR


@pytest.fixture(scope="session")
def encoded_harbour(tmp_path_factory):
    """An open searcher over the harbour corpus that ranks by vectors as well."""
    folder = tmp_path_factory.mktemp("encoded")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    encoder = EncoderChoice("", folder / "models")
    build_index(folder / "corpus", folder / "index", encoder=encoder, within_s=None)
    return Searcher.open(folder / "index")
