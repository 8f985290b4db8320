"""The ablation benchmark: its switches, on a made-up text of five paragraphs."""

import json

import nltk
import pytest
from click.testing import CliRunner

from bot.answering import context_search
from bot.answering.conversation import Turn
from bot.config.settings import Settings
from bot.evaluation.metrics import JudgedQuestion
from bot.evaluation.question_sets import Question
from bot.indexing.build import encoder_choice
from index import Searcher, Tier, WeightedText, build_index
from index.search.ranking import answer_sentence, score_fusion
from tests.benchmarks import ablation
from tests.benchmarks.ablation import DeadSwitchError, check_switch, difference, write_made_up
from tests.benchmarks.support.parts import PARTS, Part, parts_of, switched

NAMED = {part.name: part for part in PARTS}


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """The made-up text, indexed once for the tests that only read it."""
    folder = tmp_path_factory.mktemp("made_up")
    write_made_up(folder)
    made_up = Settings(corpus_dir=folder / "corpus", data_dir=folder / "data")
    encoder = encoder_choice(made_up, made_up.models_dir)
    build_index(made_up.corpus_dir, made_up.index_dir, encoder=encoder, within_s=None)
    return made_up


def _alternatives(searcher, why, question):
    (part,) = searcher.expand([WeightedText(question)])
    return [o.words[0] for u in part.units for o in u.alternatives if o.kind == why]


def _best(searcher, question):
    return searcher.search([WeightedText(question)], 1)[0]


def _weights(question, *before):
    history = [Turn(text) for text in before]
    return [part.weight for part in vars(context_search)["read_in_context"](question, history)]


def _line_share():
    return vars(score_fusion)["LINE_SHARE"]


def _bonuses():
    names = "_WORDS_BESIDE_VECTORS", "_ANSWER_TYPE_BONUS", "_ANSWER_TYPE_BESIDE_VECTORS"
    return [vars(answer_sentence)[name] for name in names]


def _likeness_of_a_sentence(searcher):
    """Return how near a question is to the sentence that it repeats: on which scale."""
    similarity = searcher._similarity(searcher.expand([WeightedText("boats return late")]))
    value = float(similarity.likeness(1)[-1])
    return "MaxSim" if value < 1 else "cosine" if value > 2.5 else "mean of both"


# What each part does, as something to look at, and what is seen with and without it; for a part
# that is not built, without and with it.
LOOKS = {
    "stem-prefix key": (
        lambda s: bool(s._lexical.word_scores(("stormily",))[1].any()),
        (True, False),
    ),
    "surface key": (lambda s: "boats" in s._lexical._fields[2], (True, False)),
    "line above as text": (lambda s: "fishing" in s._lexical._fields[2], (True, False)),
    "titles and outer headings": (lambda s: s._lexical.knows("lowmere"), (True, False)),
    "short names completed": (lambda s: "ada" in list(s.passages)[2].context_words, (True, False)),
    "typo repair": (lambda s: _alternatives(s, "typo", "lighthuose"), (["lighthouse"], [])),
    "general synonyms": (lambda s: _alternatives(s, "synonym", "pm"), (["prime"], [])),
    "names' introductions": (
        lambda s: _best(s, "who is finch?").parts["words"] > 1.2,
        (True, False),
    ),
    "words": (lambda s: _best(s, "ships").parts["words"] != 0, (True, False)),
    "passage's and lines' vectors": (
        lambda s: _best(s, "ships").parts["vectors"] != 0,
        (True, False),
    ),
    "passage's cosine": (lambda _: _line_share(), (0.5, 1.0)),
    "nearest line's cosine": (lambda _: _line_share(), (0.5, 0.0)),
    "token vectors": (
        lambda s: list(_best(s, "ships").parts),
        (["words", "vectors", "tokens"], ["words", "vectors"]),
    ),
    "sentence: vectors": (_likeness_of_a_sentence, ("mean of both", "MaxSim")),
    "sentence: MaxSim": (_likeness_of_a_sentence, ("mean of both", "cosine")),
    "sentence: words": (lambda _: _bonuses()[0], (0.05, 0.0)),
    "sentence: answer type": (lambda _: _bonuses()[1:], ([0.2, 0.05], [0.0, 0.0])),
    "history": (lambda _: _weights("and why?", "who is finch?"), ([1, 0.5], [1])),
    "history: decay": (
        lambda _: _weights("and why?", "who?", "when?")[1:],
        ([0.5, 0.25], [1, 1]),
    ),
    "history: less where one stands alone": (
        lambda _: _weights("who dug the harbour?", "who?")[1:],
        ([0.1], [0.5]),
    ),
    "history: left out by the scores": (
        lambda _: vars(context_search)["_OTHER_SUBJECT"],
        (0.8, 0.0),
    ),
    "history: topic switch": (
        lambda _: len(_weights("something else: why?", "who?")),
        (1, 2),
    ),
    "neighbouring paragraphs": (
        lambda s: "neighbours" in _best(s, "ships").parts,
        (False, True),
    ),
    "best sentence's BM25": (lambda s: hasattr(s, "_of_sentences"), (False, True)),
}


@pytest.mark.parametrize("name", LOOKS)
def test_switch_changes_what_it_names_and_is_undone(name, settings):
    """Inside the block the part is switched; before and after it is as it ships."""
    look, (shipped, other) = LOOKS[name]
    assert look(Searcher.open(settings.index_dir)) == shipped
    with switched(NAMED[name]):
        assert look(Searcher.open(settings.index_dir)) == other
    assert look(Searcher.open(settings.index_dir)) == shipped


def test_wordnet_is_switched_where_it_is_installed(settings, nltk_data, tmp_path, monkeypatch):
    """The lexical tier reads its words; without its data the part is not measured."""
    monkeypatch.setattr(nltk.data, "path", [str(tmp_path)])
    assert NAMED["WordNet"] not in parts_of(Tier.LEXICAL)
    monkeypatch.setattr(nltk.data, "path", [str(nltk_data)])
    build_index(settings.corpus_dir, tmp_path / "index")
    assert NAMED["WordNet"] in parts_of(Tier.LEXICAL)
    searcher = Searcher.open(tmp_path / "index", Tier.LEXICAL)
    assert _alternatives(searcher, "wordnet", "vessel") == ["boats"]
    with switched(NAMED["WordNet"]):
        searcher = Searcher.open(tmp_path / "index", Tier.LEXICAL)
        assert _alternatives(searcher, "wordnet", "vessel") == []


def test_every_part_is_looked_at():
    """No switch is added without showing what it does."""
    assert {*LOOKS, "WordNet"} == set(NAMED)


def test_best_sentence_adds_to_the_score_of_words(settings):
    """A paragraph gains, and one that shares no word with the question does not."""
    query = [WeightedText("stormy night")]
    plain = Searcher.open(settings.index_dir, Tier.LEXICAL).search(query, 5)
    with switched(NAMED["best sentence's BM25"]):
        added = Searcher.open(settings.index_dir, Tier.LEXICAL).search(query, 5)
    assert [hit.passage for hit in added] == [hit.passage for hit in plain]
    assert added[0].score > plain[0].score > 0


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.ENCODER])
def test_table_has_a_row_for_each_part(tier, tmp_path):
    """Every part of the tier changes something in the conversations made for it."""
    questions, corpus = str(write_made_up(tmp_path)), str(tmp_path / "corpus")
    asked = [questions, "--corpus", corpus, "--tier", tier.value]
    table = CliRunner().invoke(ablation.main, asked, catch_exceptions=False)
    assert table.exit_code == 0
    rows = [line.split("  ")[0] for line in table.stdout.splitlines() if line[:1] in ("+", "-")]
    named = [f"{'+' if part.added else '-'} {part.name}" for part in parts_of(tier)]
    assert rows == named * 2
    assert not (tmp_path / ".pullquote").exists()


def test_report_as_json_counts_what_is_changed(tmp_path, monkeypatch):
    """A part has its difference by group and figure, and how many questions it changes."""
    monkeypatch.setattr(ablation, "parts_of", lambda _: [NAMED["history"]])
    questions, corpus = str(write_made_up(tmp_path)), str(tmp_path / "corpus")
    done = CliRunner().invoke(ablation.main, [questions, "--corpus", corpus, "--json"])
    report = json.loads(done.stdout)
    assert report["full"]["follow-up turns"]["questions"] == 5
    row = report["parts"]["history"]
    assert (row["added"], row["changed"]) == (False, 3)
    assert set(row["single questions"]["hit@1"]) == {"difference", "interval", "wins", "losses"}
    assert row["single questions"]["hit@1"]["difference"] == 0


def test_dead_switch_fails_the_command(tmp_path, monkeypatch):
    """A switch without effect is a defect, and named."""
    dead = Part("magic", ((answer_sentence, "_ANSWER_TYPE_BONUS", 0.2),))
    monkeypatch.setattr(ablation, "parts_of", lambda _: [dead])
    questions, corpus = str(write_made_up(tmp_path)), str(tmp_path / "corpus")
    done = CliRunner().invoke(ablation.main, [questions, "--corpus", corpus])
    assert done.exit_code == 1
    assert "magic: its switch changes nothing in the encoder tier" in done.stderr
    with pytest.raises(DeadSwitchError):
        check_switch(dead, Settings())


def test_part_that_a_set_does_not_need_is_no_dead_switch(tmp_path, monkeypatch):
    """A set without follow-ups leaves the history alone; the switch still works elsewhere."""
    monkeypatch.setattr(ablation, "parts_of", lambda _: [NAMED["history"]])
    questions = write_made_up(tmp_path)
    entries = json.loads(questions.read_text(encoding="utf-8"))
    questions.write_text(json.dumps(entries[:1]), encoding="utf-8")
    asked = [str(questions), "--corpus", str(tmp_path / "corpus"), "--json", "--per-document"]
    report = json.loads(CliRunner().invoke(ablation.main, asked).stdout)
    assert report["parts"]["history"]["changed"] == 0
    assert "follow-up turns" not in report["full"]


def test_difference_is_paired():
    """Won and lost questions are counted; a question without an answer has no sentence."""

    def outcome(number, rank, sentence_rank=None, answer=None):
        question = Question(str(number), "direct", "", (("a", 1),), answer=answer)
        return JudgedQuestion(question, answered=True, rank=rank, sentence_rank=sentence_rank)

    base = [outcome(1, 1, 1, "dawn"), outcome(2, 2), outcome(3, 1), outcome(4, 1)]
    other = [outcome(1, 2, None, "dawn"), outcome(2, 1), outcome(3, 1), outcome(4, None)]
    found = difference(base, other, "hit@1")
    assert found == {"difference": -0.25, "interval": [-1.0, 0.5062], "wins": 1, "losses": 2}
    of_sentences = difference(base, other, "sentence@3")
    assert of_sentences is not None
    assert (of_sentences["difference"], of_sentences["losses"]) == (-1.0, 1)
    assert difference(base[1:], other[1:], "sentence@3") is None
