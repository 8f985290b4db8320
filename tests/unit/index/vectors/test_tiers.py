"""The tiers on a built index: words, the vectors of an encoder, synonyms of the corpus."""

import random
from contextlib import suppress

import numpy as np
import pytest

from index import (
    EncoderChoice,
    LiveSearcher,
    PassageIndexError,
    Searcher,
    SynonymsError,
    Tier,
    WeightedText,
    build_index,
)
from index.search.ranking import candidates as candidates_module
from tests.support.in_memory import WordEncoder

VILLAGE = (
    "The physician cured the ill child with herbs.",
    "Taxes rose sharply in spring, so shopkeepers complained.",
    "Heavy rain flooded the cellars of the old mill.",
    "The choir won a prize for its songs.",
    "A fox stole two hens from the farm.",
)

# Words that the made-up model takes for the same; no question shares a word with its answer.
MEANINGS = {
    "medicine": "herbs",
    "merchants": "shopkeepers",
    "fees": "taxes",
    "basement": "cellars",
    "storm": "rain",
    "award": "prize",
    "chickens": "hens",
}
PARAPHRASES = [
    ("Which medicine?", 1),
    ("merchants angry, government fees", 2),
    ("Water damage: basement, storm?", 3),
    ("Which award?", 4),
    ("chickens?", 5),
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
def encoder(model):
    """The choice of a made-up model that knows some words of the same meaning."""
    model.encoder = WordEncoder(MEANINGS)
    return model.choice


def _ask(searcher, question, top_k=10):
    return [h.passage.paragraph for h in searcher.search([WeightedText(question)], top_k)]


@pytest.mark.parametrize(("question", "paragraph"), PARAPHRASES)
def test_paraphrase_is_found_by_meaning_and_not_by_words(build, encoder, question, paragraph):
    """A question without a word of its answer is answered by the encoder only."""
    index_dir = build(*VILLAGE, encoder=encoder)
    assert _ask(Searcher.open(index_dir), question, 1) == [paragraph]
    assert paragraph not in _ask(Searcher.open(index_dir, Tier.LEXICAL), question)


SPELLINGS = [
    ("Who is Rene?", "Ren\u00e9 sang."),
    ("keeper lamp", "The keeper\u2019s lamp."),
    ("USS Marigold", "The U.S.S. Marigold."),
    ("20k", "It cost 20,000 crowns."),
    ("October 7", "On Oct. 7 it rained."),
    ("lowmeer", "At Lowmere."),
]


@pytest.fixture(scope="module")
def spelt(tmp_path_factory):
    """The folder of an index of the village and of such spellings, with the real encoder."""
    builder = _Builder(tmp_path_factory.mktemp("spelt"))
    encoder = EncoderChoice("", tmp_path_factory.mktemp("models"))
    return builder(*VILLAGE, *(written for _, written in SPELLINGS), encoder=encoder)


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize(("asked", "written"), SPELLINGS)
def test_spellings_match_in_every_tier(spelt, tier, asked, written):
    """Accents, possessives, acronyms, thousands, months and typos lead to the passage."""
    searcher = Searcher.open(spelt, tier)
    assert searcher.tier is tier
    (hit,) = searcher.search([WeightedText(asked)], 1)
    assert hit.passage.text == written


@pytest.mark.parametrize("question", ["bell", "The bell rang", "zyzzyva", "who rang it?", "sound"])
def test_corpus_of_one_passage_answers(build, encoder, question):
    """The only passage is the best one, with a finite score and its sentence."""
    searcher = Searcher.open(build("The bell rang early.", encoder=encoder))
    (hit,) = searcher.search([WeightedText(question)], 3)
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


# Large corpora


def _paragraphs(seed, n=120):
    chooser = random.Random(seed)
    nouns = "boat bell lamp tide fox hen mill choir rain tax road sheep bread king snow".split()
    verbs = "sank rang burned rose stole won flooded broke moved shone".split()
    return [
        f"The {chooser.choice(nouns)} {chooser.choice(verbs)} near the {chooser.choice(nouns)}."
        for _ in range(n)
    ]


def test_candidates_of_both_sides_are_ranked(build, encoder, monkeypatch):
    """With few candidates the best by words and the best by meaning are among the hits."""
    index_dir = build(*_paragraphs(0), *VILLAGE, "A xylophone is not the subject.", encoder=encoder)
    monkeypatch.setattr(candidates_module, "MAX_RANKED", 5)
    monkeypatch.setattr(candidates_module, "_MAX_CANDIDATES", 5)
    hits = _ask(Searcher.open(index_dir), "xylophone medicine", 99)
    assert {121, 126} <= set(hits)
    assert 5 <= len(hits) <= 10


def test_few_candidates_mostly_give_the_top_hit_of_the_full_ranking(build, encoder, monkeypatch):
    """Ranking the best tenth of each side finds the best passage in nearly all of 30 cases."""
    same = 0
    for seed in range(3):
        opened = Searcher.open(build(*_paragraphs(seed), encoder=encoder))
        for paragraph in _paragraphs(seed + 100, 10):
            question = f"Why did {paragraph.lower()}"
            full = _ask(opened, question, 1)
            with monkeypatch.context() as patches:
                patches.setattr(candidates_module, "MAX_RANKED", 12)
                patches.setattr(candidates_module, "_MAX_CANDIDATES", 12)
                same += _ask(opened, question, 1) == full
    assert same >= 27
