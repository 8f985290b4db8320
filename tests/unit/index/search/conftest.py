"""What the tests of searching share: an index with the vectors of the packaged encoder."""

import shutil

import pytest

from tests.support.data.harbour import build_encoded_harbour


@pytest.fixture(scope="session")
def _encoded_template(tmp_path_factory):
    return build_encoded_harbour(tmp_path_factory.mktemp("encoded"))


@pytest.fixture
def encoded_index(_encoded_template, tmp_path):
    """The folder of an index of the harbour corpus with the vectors of the packaged encoder."""
    return shutil.copytree(_encoded_template, tmp_path / ".pullquote" / "index")
