"""What the tests of searching share: an index with the vectors of the packaged encoder."""

import shutil

import pytest

from index import EncoderChoice, build_index
from tests.support.data.harbour import HARBOUR


@pytest.fixture(scope="session")
def _encoded_template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("encoded")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    encoder = EncoderChoice("", folder / "models")
    build_index(folder / "corpus", folder / "index", encoder=encoder, within_s=None)
    return folder


@pytest.fixture
def encoded_index(_encoded_template, tmp_path):
    """The folder of an index of the harbour corpus with the vectors of the packaged encoder."""
    return shutil.copytree(_encoded_template / "index", tmp_path / ".pullquote" / "index")
