"""The tiers on a built index: words, meaning, a neural model, synonyms of the corpus."""

import mmap
import random
import sys
from contextlib import suppress

import numpy as np
import pytest

from index import (
    EncoderUnavailableError,
    LiveSearcher,
    NeuralChoice,
    PassageIndexError,
    Searcher,
    SynonymsError,
    Tier,
    WeightedText,
    arrays,
    build_index,
)
from index.search.ranking import candidates as candidates_module
from index.storage.build_files import open_build
from index.vectors import write_vectors
from index.vectors.tiers import BLENDS, NEURAL, STATIC
from tests.support.checkout import SHARED

MODEL = SHARED / "models" / "all-MiniLM-L6-v2-int8"

# Plain paragraphs without a word in common with the questions below.
VILLAGE = (
    "The physician cured the ill child with herbs.",
    "Taxes rose sharply in spring, so shopkeepers complained.",
    "Heavy rain flooded the cellars of the old mill.",
    "The choir won a prize for its songs.",
    "A fox stole two hens from the farm.",
)
PARAPHRASES = [
    ("Which medicine helped the patient recover?", 1),
    ("merchants angry about higher government fees", 2),
    ("Was there water damage in the basement after a storm?", 3),
    ("Which singers got an award for their music?", 4),
    ("What animal took chickens?", 5),
]


class _Builder:
    """Builds a corpus of one text and returns the index folder; keeps the last report."""

    def __init__(self, folder):
        self._corpus, self._index_dir = folder / "texts", folder / "built"

    def __call__(self, *paragraphs, synonyms=None, **options):
        self._corpus.mkdir(exist_ok=True)
        (self._corpus / "notes.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
        if synonyms is not None:
            (self._corpus / "synonyms.txt").write_text(synonyms, encoding="utf-8")
        self.report = build_index(self._corpus, self._index_dir, **options)
        return self._index_dir


@pytest.fixture
def build(tmp_path):
    """Build a corpus of one text, again and again in one place."""
    return _Builder(tmp_path)


@pytest.fixture
def choice(tmp_path):
    """The neural model of the local folder."""
    pytest.importorskip("fastembed", reason="fastembed is not installed")
    if not MODEL.is_dir():
        pytest.skip("the neural model is not beside this checkout")
    return NeuralChoice(str(MODEL), tmp_path / "models")


def _ask(searcher, question, top_k=10):
    return [h.passage.paragraph for h in searcher.search([WeightedText(question)], top_k)]


@pytest.mark.parametrize("tier", Tier)
def test_tiers_have_their_blends(tier):
    """Only the lexical tier goes by words alone; weights are positive, shares below 1."""
    assert bool(BLENDS[tier]) is (tier is not Tier.LEXICAL)
    assert all(b.weight > 0 and 0 <= b.sentence_share <= 1 for b in BLENDS[tier].values())


@pytest.mark.parametrize(("question", "paragraph"), PARAPHRASES)
def test_paraphrase_is_found_by_meaning_and_not_by_words(build, question, paragraph):
    """A question without a word of its answer is answered by the default tier only."""
    index_dir = build(*VILLAGE)
    assert _ask(Searcher.open(index_dir), question, 1) == [paragraph]
    assert paragraph not in _ask(Searcher.open(index_dir, Tier.LEXICAL), question)


@pytest.mark.parametrize("tier", [Tier.LEXICAL, Tier.DEFAULT])
@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Who is Rene?", "Ren\u00e9 sang."),
        ("keeper lamp", "The keeper\u2019s lamp."),
        ("USS Marigold", "The U.S.S. Marigold."),
        ("20k", "It cost 20,000 crowns."),
        ("October 7", "On Oct. 7 it rained."),
        ("lowmeer", "At Lowmere."),
    ],
)
def test_spellings_match_in_every_tier(build, tier, asked, written):
    """Accents, possessives, acronyms, thousands, months and typos lead to the passage."""
    index_dir = build(*VILLAGE, written)
    assert _ask(Searcher.open(index_dir, tier), asked, 1) == [6]


@pytest.mark.parametrize("question", ["bell", "The bell rang", "zyzzyva", "who rang it?", "sound"])
def test_corpus_of_one_passage_answers(build, question):
    """The only passage is the best one, with a finite score and its sentence."""
    (hit,) = Searcher.open(build("The bell rang early.")).search([WeightedText(question)], 3)
    assert np.isfinite([hit.score, *hit.parts.values()]).all()
    assert hit.sentence is not None


# Synonyms of the corpus


def test_synonyms_of_the_corpus_are_used_and_are_no_document(build):
    """The owner's rules find what no word says, one way or both ways, also as phrases."""
    rules = "vulpine => fox\nleech man, physician\n"
    index_dir = build(*VILLAGE, synonyms=rules)
    lexical = Searcher.open(index_dir, Tier.LEXICAL)
    assert _ask(lexical, "the vulpine") == [5]
    assert _ask(lexical, "Where did the leech man go?") == [1]
    assert {passage.source for passage in lexical.passages} == {"notes.txt"}
    assert build.report.documents == 1
    assert build.report.skipped == []


def test_synonyms_of_a_subfolder_are_a_document(build, tmp_path):
    """Only the file at the top of the corpus holds synonyms."""
    (tmp_path / "texts" / "sub").mkdir(parents=True)
    (tmp_path / "texts" / "sub" / "synonyms.txt").write_text("A thesaurus is a book.")
    build(*VILLAGE)
    assert build.report.added == ["notes.txt", "sub/synonyms.txt"]


@pytest.mark.parametrize("change", ["vulpine => fox\n", "vulpine => hens\n", "", None])
def test_change_of_the_synonyms_alone_is_a_reason_to_build(build, tmp_path, change):
    """New, changed or removed rules are taken over; the same ones change nothing."""
    first = build(*VILLAGE, synonyms="vulpine => mill\n")
    assert _ask(Searcher.open(first, Tier.LEXICAL), "vulpine") == [3]
    if change is None:
        (tmp_path / "texts" / "synonyms.txt").unlink()
    build(*VILLAGE, synonyms=change)
    assert (build.report.unchanged, build.report.changed) == (False, [])
    found = _ask(Searcher.open(first, Tier.LEXICAL), "vulpine")
    assert found == ([5] if change else [])
    build(*VILLAGE, synonyms=change)
    assert build.report.unchanged


@pytest.mark.parametrize("rules", ["pm, prime minister\nfox\n", "a => b\nfox => hen => egg"])
def test_error_in_the_synonyms_names_the_line_and_keeps_the_index(build, rules):
    """A broken rule is reported with file and line, and the published index goes on serving."""
    index_dir = build(*VILLAGE)
    live = LiveSearcher(index_dir)
    with pytest.raises(SynonymsError, match=r"synonyms\.txt, line 2: ") as failure:
        build(*VILLAGE, "More.", synonyms=rules)
    assert failure.value.path.name == "synonyms.txt"
    assert _ask(live.current(), "fox", 1) == _ask(Searcher.open(index_dir), "fox", 1) == [5]
    assert len(list(index_dir.glob("build-*"))) == 1


def test_synonyms_that_are_a_folder_are_reported_or_passed_over(build, tmp_path):
    """What cannot be read in the place of the synonyms ends in no raw error of the system."""
    (tmp_path / "texts" / "synonyms.txt").mkdir(parents=True)
    with suppress(PassageIndexError):
        build(*VILLAGE)


def test_synonyms_linked_from_outside_are_not_used(build, tmp_path):
    """A link out of the corpus that is reported as skipped is not read."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "rules.txt").write_text("vulpine => fox\n", encoding="utf-8")
    (tmp_path / "texts" / "synonyms.txt").symlink_to(tmp_path / "rules.txt")
    found = _ask(Searcher.open(build(*VILLAGE), Tier.LEXICAL), "vulpine")
    assert (found == []) is ("synonyms.txt" in {file.source for file in build.report.skipped})


# Neural


def test_neural_tier_ranks_with_a_local_model(build, choice):
    """Vectors of the model are built, opened and used beside the static ones."""
    index_dir = build(*VILLAGE, neural=choice)
    assert build.report.neural_problem is None
    opened = Searcher.open(index_dir, Tier.NEURAL, choice.models_dir)
    assert (opened.tier, opened.manifest.neural_model) == (Tier.NEURAL, choice.model)
    assert [_ask(opened, question, 1) for question, _ in PARAPHRASES] == [
        [paragraph] for _, paragraph in PARAPHRASES
    ]
    (hit,) = opened.search([WeightedText("Which singers got an award?")], 1)
    assert set(hit.parts) == {"words", STATIC, NEURAL}
    assert Searcher.open(index_dir).tier is Tier.DEFAULT
    build(*VILLAGE, neural=choice)
    assert build.report.unchanged


def test_neural_tier_ranks_a_query_of_light_parts(build, choice):
    """A query whose only part merely breaks ties raises nothing."""
    opened = Searcher.open(build(*VILLAGE, neural=choice), Tier.NEURAL)
    assert opened.search([WeightedText("fox", 0.05)], 1)


def test_build_shows_its_neural_progress(build, choice, monkeypatch):
    """The caller's wrapper gets the texts, and the batches of passages for each kind of vectors."""
    monkeypatch.setattr(write_vectors, "_BATCH", 4)
    seen = []

    def progress(things, what):
        seen.append((what, len(things)))
        return things

    build(*VILLAGE, "Two ends. Here.", neural=choice, progress=progress)
    vectors = [("Vectors (static)", 2), ("Vectors (neural)", 2)]
    assert seen == [("Reading texts", 1), ("Sorting words", 5), *vectors]


def test_build_without_the_model_says_why_and_builds_once(build, tmp_path):
    """An unusable model leaves the default tier and a reason; what is still so changes nothing."""
    gone = NeuralChoice(str(tmp_path / "gone"), tmp_path / "models")
    index_dir = build(*VILLAGE, neural=gone)
    problem = build.report.neural_problem
    assert problem.startswith(f"{gone.model}: the neural model cannot be used (")
    assert Searcher.open(index_dir, Tier.NEURAL).tier is Tier.DEFAULT
    build(*VILLAGE, neural=gone, thorough=False)
    assert (build.report.unchanged, build.report.neural_problem) == (True, problem)
    build(*VILLAGE, neural=gone)
    assert (build.report.unchanged, build.report.neural_problem) == (True, problem)
    build(*VILLAGE)
    assert build.report.unchanged


def test_build_tries_another_model_after_one_that_failed(build, choice, tmp_path):
    """A model that was never tried is tried, even if another one failed before."""
    build(*VILLAGE, neural=NeuralChoice(str(tmp_path / "gone"), tmp_path / "models"))
    index_dir = build(*VILLAGE, neural=choice, thorough=False)
    assert build.report.neural_problem is None
    assert Searcher.open(index_dir, Tier.NEURAL).tier is Tier.NEURAL


def test_build_adds_neural_vectors_to_an_index_without(build, choice):
    """Asking for the neural tier later is a reason to build."""
    build(*VILLAGE)
    index_dir = build(*VILLAGE, neural=choice, thorough=False)
    assert (build.report.unchanged, build.report.added) == (False, [])
    assert Searcher.open(index_dir, Tier.NEURAL).tier is Tier.NEURAL


def test_neural_tier_whose_model_is_gone_is_an_error_of_its_own(build, choice, monkeypatch, caplog):
    """Without its model a searcher cannot be opened in that tier; a live one says so."""
    index_dir = build(*VILLAGE, neural=choice)
    monkeypatch.setitem(sys.modules, "fastembed", None)
    with pytest.raises(EncoderUnavailableError, match="pip install"):
        Searcher.open(index_dir, Tier.NEURAL)
    assert LiveSearcher(index_dir, Tier.NEURAL).current().tier is Tier.DEFAULT
    assert "answering in the default tier" in caplog.text
    assert _ask(Searcher.open(index_dir), "fox", 1) == [5]


def test_vectors_of_an_index_are_mapped_and_of_unit_length(build, choice, monkeypatch):
    """Every array that is not small is a read-only memory map of rows of length 1."""
    monkeypatch.setattr(arrays, "_MAX_READ_BYTES", 0)
    opened = open_build(build(*VILLAGE, "Two ends. Here.", neural=choice))
    mapped = [opened.words.vectors]
    for kind in (STATIC, NEURAL):
        vectors = opened.vectors[kind]
        assert (len(vectors.passages), len(vectors.sentences)) == (6, 7)
        assert vectors.first_sentence.tolist() == [0, 1, 2, 3, 4, 5, 7]
        mapped += [vectors.passages, vectors.sentences]
    for array in mapped:
        assert isinstance(_memory_of(array), mmap.mmap)
        assert not array.flags.writeable
        assert np.linalg.norm(array, axis=1) == pytest.approx(np.ones(len(array)), abs=1e-5)


def _memory_of(array):
    """Return what holds the bytes of an array."""
    while isinstance(array, np.ndarray | memoryview):
        array = array.base if isinstance(array, np.ndarray) else array.obj
    return array


# Large corpora


def _paragraphs(seed, n=120):
    chooser = random.Random(seed)
    nouns = "boat bell lamp tide fox hen mill choir rain tax road sheep bread king snow".split()
    verbs = "sank rang burned rose stole won flooded broke moved shone".split()
    return [
        f"The {chooser.choice(nouns)} {chooser.choice(verbs)} near the {chooser.choice(nouns)}."
        for _ in range(n)
    ]


def test_candidates_of_both_sides_are_ranked(build, monkeypatch):
    """With few candidates the best by words and the best by meaning are among the hits."""
    index_dir = build(*_paragraphs(0), *VILLAGE, "A xylophone is not the subject here.")
    monkeypatch.setattr(candidates_module, "_MAX_CANDIDATES", 5)
    hits = _ask(Searcher.open(index_dir), "Did the doctor heal a sick kid with a xylophone?", 99)
    assert {121, 126} <= set(hits)
    assert 5 <= len(hits) <= 10


def test_few_candidates_mostly_give_the_top_hit_of_the_full_ranking(build, monkeypatch):
    """Ranking the best tenth of each side finds the best passage in nearly all of 30 cases."""
    same = 0
    for seed in range(3):
        opened = Searcher.open(build(*_paragraphs(seed)))
        for paragraph in _paragraphs(seed + 100, 10):
            question = f"Why did {paragraph.lower()}"
            full = _ask(opened, question, 1)
            with monkeypatch.context() as patches:
                patches.setattr(candidates_module, "_MAX_CANDIDATES", 12)
                same += _ask(opened, question, 1) == full
    assert same >= 27
