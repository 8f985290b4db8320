"""A folder of question sets is evaluated set by set, in each tier, with and without refusals."""

import pytest

from bot.config.settings import Settings
from bot.errors import QuestionSetError
from bot.evaluation.folders import evaluate_folder
from index import EncoderUnavailableError, Tier
from index.vectors.write_vectors import EncoderChoice
from tests.support.in_memory import WordEncoder, as_encoder

QUESTIONS = """[
 {"id": "a", "kind": "what", "question": "What grinds rye?", "gold": [1], "answer": "mill"},
 {"id": "u", "kind": "off_topic", "question": "zebra", "gold": []}
]"""


@pytest.fixture
def sets(tmp_path, monkeypatch):
    """Two sets, one deeper than the other, and a folder that is none."""
    encoder = as_encoder(WordEncoder())
    monkeypatch.setattr(EncoderChoice, "find", lambda *_: (encoder, "0" * 64))
    monkeypatch.setattr("index.search.searcher.open_encoder", lambda *_: encoder)
    folder = tmp_path / "sets"
    for name in ("public/mill", "barn"):
        corpus = folder / name / "corpus"
        corpus.mkdir(parents=True)
        (corpus / "mill.txt").write_text("The mill grinds rye.\n\nIts door is red.\n", "utf-8")
        (folder / name / "questions.json").write_text(QUESTIONS, encoding="utf-8")
    (folder / "notes").mkdir()
    (folder / "notes" / "questions.json").write_text("[]", encoding="utf-8")
    return folder


def test_each_set_is_evaluated_in_each_tier(sets, tmp_path):
    """Sets by name; an answer is judged twice: by its ranking, and by what people see."""
    settings = Settings(data_dir=tmp_path / "data")
    found = list(evaluate_folder(settings, sets))
    assert [(one.name, one.tier) for one in found] == [
        ("barn", Tier.LEXICAL),
        ("barn", Tier.ENCODER),
        ("public/mill", Tier.LEXICAL),
        ("public/mill", Tier.ENCODER),
    ]
    for one in found:
        assert one.ranking["single questions"]["hit@1"] == 1
        assert one.answers["unanswerable"]["refused"] == 1
    assert found[1].ranking["unanswerable"]["refused"] == 0, "vectors find the nearest passage"
    assert not (tmp_path / "data").exists()


def test_folder_without_a_set_is_an_error(tmp_path):
    """One line says what a set is."""
    with pytest.raises(QuestionSetError, match=r"no question set; a set is a folder with"):
        list(evaluate_folder(Settings(), tmp_path))


def test_encoder_that_cannot_be_used_is_said_once(sets, monkeypatch, capsys):
    """Its figures are left out for all sets, and one line says why."""

    def find(*_):
        raise EncoderUnavailableError("harbour/tiny", "it is broken")

    monkeypatch.setattr(EncoderChoice, "find", find)
    found = list(evaluate_folder(Settings(), sets))
    assert [one.tier for one in found] == [Tier.LEXICAL] * 2
    assert capsys.readouterr().err.splitlines() == [
        "harbour/tiny: the encoder cannot be used (it is broken); its figures are left out."
    ]
