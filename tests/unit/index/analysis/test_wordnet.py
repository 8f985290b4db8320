"""Words that WordNet relates, from a small database in its own format."""

import nltk
import pytest

from bot.answering import explain
from index import Searcher, Tier, build_index
from index.analysis import wordnet
from tests.support.command import run_pullquote
from tests.support.data.wordnet import write_wordnet


@pytest.fixture
def _installed(nltk_data, monkeypatch):
    monkeypatch.setattr(nltk.data, "path", [str(nltk_data)])


def test_wordnet_relates_nothing_where_it_is_not_installed(monkeypatch, tmp_path):
    """Without its data there is nothing to relate, and no error."""
    monkeypatch.setattr(nltk.data, "path", [str(tmp_path)])
    assert not wordnet.is_installed()
    assert wordnet.related_words(["boat"]) == {}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("vessel", ["boat", "boats"]),  # a synonym
        ("craft", ["boat", "boats"]),  # wider
        ("trawler", ["boat", "boats"]),  # narrower
        ("angler", ["fish"]),  # derived
    ],
)
@pytest.mark.usefixtures("_installed")
def test_synonyms_wider_narrower_and_derived_words_are_related(asked, found):
    """A related word leads to the corpus' words in every form, in the order given."""
    related = wordnet.related_words(["boat", "fish", "harbour", "boats"])
    assert wordnet.is_installed()
    assert related[asked] == found


@pytest.mark.usefixtures("_installed")
def test_phrases_own_forms_and_rare_senses_are_not_related():
    """Only single words are, no form of the word itself, and nothing of a third sense."""
    related = wordnet.related_words(["boats", "trawler"])
    assert "trawler" in related["ship"]
    assert "fisherman" not in related
    assert not any("fishing" in stemmed for stemmed in related)
    assert "boats" not in related.get("boat", [])


def _run(command, tmp_path, nltk_data):
    folders = "--corpus", str(tmp_path / "corpus"), "--data", str(tmp_path / "data")
    environment = {"NLTK_DATA": str(nltk_data), "RETRIEVAL": "lexical"}
    return run_pullquote(*command, *folders, env=environment)


@pytest.fixture
def _texts(tmp_path):
    (tmp_path / "corpus").mkdir()
    text = "The boat left at dawn.\n\nNobody saw the lamp again.\n"
    (tmp_path / "corpus" / "harbour.txt").write_text(text)


@pytest.mark.usefixtures("_texts")
def test_words_alone_find_what_wordnet_relates_once_it_is_installed(
    tmp_path, nltk_data, monkeypatch
):
    """A rebuild takes its words over, though the texts are the same; a start does not."""
    corpus, index_dir = tmp_path / "corpus", tmp_path / "index"

    def explained():
        searcher = Searcher.open(index_dir, Tier.LEXICAL)
        return "\n".join(explain("Which trawler left when nobody saw it?", [], searcher))

    monkeypatch.setattr(nltk.data, "path", [str(tmp_path / "none")])
    build_index(corpus, index_dir)
    assert "by wordnet" not in explained()
    monkeypatch.setattr(nltk.data, "path", [str(nltk_data)])
    assert build_index(corpus, index_dir, thorough=False).unchanged
    assert "by wordnet" not in explained()
    assert not build_index(corpus, index_dir).unchanged
    assert "boat 0.25 by wordnet" in explained()


@pytest.mark.process
@pytest.mark.usefixtures("_texts")
def test_damaged_wordnet_is_one_line_and_leaves_the_index_alone(tmp_path):
    """What cannot be read fails the rebuild, says how to mend it, and the old index stays."""
    assert _run(["rebuild"], tmp_path, tmp_path / "none").returncode == 0
    manifest = (tmp_path / "data" / "index" / "manifest.json").read_bytes()
    folder = write_wordnet(tmp_path / "nltk")
    (folder / "index.noun").write_text("boat n 7 oops\n")
    done = _run(["rebuild"], tmp_path, tmp_path / "nltk")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "python -m nltk.downloader wordnet" in done.stderr
    assert (tmp_path / "data" / "index" / "manifest.json").read_bytes() == manifest
