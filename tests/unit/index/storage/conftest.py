"""What the tests of the stored index share: an index without an empty file."""

import shutil
from pathlib import Path

import nltk
import pytest

from index import build_index
from tests.support.data.harbour import HARBOUR


@pytest.fixture(scope="session")
def full_template(tmp_path_factory, nltk_data) -> Path:
    """A folder with a corpus and its index, to be copied; no file of the index is empty.

    The harbour corpus has synonyms of its own here, and a WordNet that knows boats.
    """
    folder: Path = tmp_path_factory.mktemp("full")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    (folder / "corpus" / "synonyms.txt").write_text("skipper => captain\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(nltk.data, "path", [str(nltk_data)])
        build_index(folder / "corpus", folder / "index")
    return folder


@pytest.fixture(autouse=True)
def _installed_wordnet(nltk_data, monkeypatch):
    """WordNet is installed, as it was for the template."""
    monkeypatch.setattr(nltk.data, "path", [str(nltk_data)])


@pytest.fixture
def harbour_corpus(full_template, tmp_path) -> Path:
    """The corpus folder of the template."""
    return Path(shutil.copytree(full_template / "corpus", tmp_path / "corpus"))


@pytest.fixture
def harbour_index(harbour_corpus, full_template, tmp_path) -> Path:
    """The folder of an index of that corpus; a build finds it up to date."""
    del harbour_corpus  # it lies beside the index
    return Path(shutil.copytree(full_template / "index", tmp_path / ".pullquote" / "index"))
