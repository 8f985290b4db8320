"""What is said on stderr while an index is built and opened."""

import io
import sys
from dataclasses import replace
from functools import partial

import pytest

from bot.config.settings import Settings
from bot.indexing import build as building
from bot.indexing import open_index
from bot.indexing.build import build
from index import Tier, WeightedText


class _Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def _rebuild(settings, monkeypatch, stream):
    """Rebuild with another stderr; pytest sets its own between fixtures and tests."""
    monkeypatch.setattr(sys, "stderr", stream)
    open_index.rebuild(settings)
    return stream.getvalue()


@pytest.fixture
def settings(harbour_corpus, tmp_path):
    """Settings over the harbour corpus, which is searched by words."""
    return Settings(corpus_dir=harbour_corpus, data_dir=tmp_path / "data", retrieval=Tier.LEXICAL)


@pytest.fixture
def encoding(settings):
    """The same for the encoder."""
    return replace(settings, retrieval=Tier.ENCODER)


def test_progress_is_shown_once_a_build_takes_long(settings, monkeypatch):
    """Beyond the delay a bar names the work and counts."""
    monkeypatch.setattr(open_index, "_PROGRESS_DELAY_S", 0)
    shown = _rebuild(settings, monkeypatch, _Terminal())
    assert "Reading texts: 100%" in shown
    assert "1/1" in shown


def test_quick_build_shows_no_progress(settings, monkeypatch):
    """A build of under a second says nothing while it runs."""
    assert _rebuild(settings, monkeypatch, _Terminal()) == ""


def test_progress_stays_out_of_a_file(settings, monkeypatch):
    """Where stderr is no terminal no bar is drawn."""
    monkeypatch.setattr(open_index, "_PROGRESS_DELAY_S", 0)
    assert _rebuild(settings, monkeypatch, io.StringIO()) == ""


PENDING = "The encoder has not read all texts yet; answering by words until it has."


def _found(live, question="Which fishermen sail at sunrise?"):
    """Return the paragraphs found for a question without a word of the texts."""
    return [hit.passage.paragraph for hit in live.current().search([WeightedText(question)], 1)]


def test_large_corpus_is_searched_by_words_first_and_by_vectors_later(
    encoding, monkeypatch, capsys
):
    """What would take too long is not waited for; one line says so, and encoding mends it."""
    monkeypatch.setattr(open_index, "build", partial(build, within_s=0))
    assert open_index.rebuild(encoding).vectors_are_pending
    live = open_index.open_index(encoding)
    assert (live.current().tier, _found(live)) == (Tier.LEXICAL, [])
    assert capsys.readouterr().err.splitlines() == [PENDING]
    open_index.encode(encoding)
    assert (live.current().tier, _found(live)) == (Tier.ENCODER, [2])
    assert not open_index.rebuild(encoding).vectors_are_pending
    assert capsys.readouterr().err == ""


def test_whoever_waits_for_vectors_gets_them(encoding, monkeypatch, capsys):
    """A batch of questions and an evaluation are ranked by them from the first question on."""
    monkeypatch.setattr(open_index, "build", partial(build, within_s=0))
    live = open_index.open_index(encoding, wait=True)
    assert (live.current().tier, _found(live)) == (Tier.ENCODER, [2])
    assert PENDING not in capsys.readouterr().err


def test_encoding_for_words_alone_does_nothing(settings):
    """Where words are asked for there is no encoder."""
    open_index.rebuild(settings)
    open_index.encode(settings)
    assert not list(settings.index_dir.glob("build-*/encoder*"))


def test_encoder_that_cannot_be_used_is_one_line(encoding, capsys):
    """Words answer, and nothing else is said of it."""
    settings = replace(encoding, neural_model=str(encoding.data_dir / "none"))
    live = open_index.open_index(settings)
    assert live.current().tier is Tier.LEXICAL
    said = [line for line in capsys.readouterr().err.splitlines() if "Indexed" not in line]
    assert len(said) == 1
    assert said[0].endswith("; answering by words.")
    assert str(encoding.data_dir / "none") in said[0]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (1, "NEURAL_MODEL=auto fetches {model} (490 MB) for all languages."),
        (9, "NEURAL_MODEL=auto fetches {model}, 490 MB); answering by words."),
    ],
)
def test_rebuild_says_what_helps_with_texts_in_other_languages(encoding, capsys, files, said):
    """One line names the setting and the size; a question does not repeat it."""
    for number in range(files):
        text = f"Der Hafen wurde im Jahr {1800 + number} gegraben, und die Arbeit war schwer."
        (encoding.corpus_dir / f"{number}.md").write_text(text, encoding="utf-8")
    open_index.rebuild(encoding)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(said.format(model="intfloat/multilingual-e5-small"))
    open_index.open_index(encoding)
    assert capsys.readouterr().err == ""


def test_index_of_a_cluster_is_opened_without_a_build(harbour_corpus, tmp_path, monkeypatch):
    """The process may be on a machine without texts; a rebuild publishes what it has built."""
    opened, published = [], []
    monkeypatch.setattr(open_index, "open_cluster_index", lambda *given: opened.append(given))
    monkeypatch.setattr(building, "publish_in_cluster", lambda *given: published.append(given))
    url = "opensearch://host:9200/quotes"
    settings = Settings(
        corpus_dir=harbour_corpus, data_dir=tmp_path, index_url=url, retrieval=Tier.LEXICAL
    )
    open_index.open_index(settings)
    ((address, tables_dir),) = opened
    assert (str(address), tables_dir) == (url, tmp_path / "cluster")
    assert not settings.index_dir.exists()
    open_index.rebuild(settings)
    ((index_dir, address, _),) = published
    assert (index_dir, str(address)) == (settings.index_dir, url)
