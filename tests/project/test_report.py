"""The shipped report and its question set: well-formed, and answered well enough."""

import json
from collections import Counter

import pytest

from bot.evaluation.metrics import run_question_set, summarise
from bot.evaluation.question_sets import load_question_set
from index import EncoderChoice, Searcher, build_index
from index.documents.corpus import list_corpus, read_document
from tests.support.checkout import REPOSITORY

CORPUS = REPOSITORY / "corpus"
QUESTIONS = REPOSITORY / "tests" / "project" / "report-questions.json"
ENTRIES = json.loads(QUESTIONS.read_text(encoding="utf-8"))
ASKED = [question for entry in ENTRIES for question in entry.get("turns", [entry])]

# About five points below what was measured when the floors were set.
FLOORS = {
    "single questions": {"hit@1": 0.62, "hit@3": 0.71, "hit@5": 0.78, "mrr": 0.68},
    "first turns": {"hit@1": 0.46, "hit@3": 0.73, "hit@5": 0.73, "mrr": 0.60},
    "follow-up turns": {"hit@1": 0.49, "hit@3": 0.73, "hit@5": 0.81, "mrr": 0.61},
    "unanswerable": {"refused": 0.35},
}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A searcher over the shipped corpus, in the tier that people get."""
    folder = tmp_path_factory.mktemp("report")
    build_index(CORPUS, folder, encoder=EncoderChoice("", folder), within_s=None)
    return Searcher.open(folder)


def _paragraphs():
    """Return the text of each paragraph, by source and number."""
    files, _ = list_corpus(CORPUS)
    documents = [read_document(file) for file in files]
    return {(one.source, p.number): p.text for one in documents for p in one.paragraphs}


def test_report_has_the_size_of_an_article(report):
    """The shipped text has 45 to 60 paragraphs under one title."""
    assert 45 <= len(_paragraphs()) <= 60
    assert {passage.source for passage in report.passages} == {"us-israel-2023.md"}


def test_report_paragraphs_can_be_quoted_whole(report):
    """No paragraph had to be split."""
    held = [n for p in report.passages for n in range(p.paragraph, p.paragraph_end + 1)]
    assert held == [number for _, number in _paragraphs()]


def test_report_readme_names_every_text():
    """Each text of the corpus has its origin and licence in the folder's README."""
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    texts = [path.name for path in CORPUS.iterdir() if path.name != "README.md"]
    assert [name for name in texts if f"`{name}`" not in readme] == []


def test_question_set_has_enough_of_each_sort():
    """At least 60 single questions, 12 conversations and 20 that nothing answers."""
    single = [entry for entry in ENTRIES if "turns" not in entry]
    assert sum(1 for entry in single if entry["gold"]) >= 60
    assert sum(1 for entry in ENTRIES if len(entry.get("turns", [])) > 1) >= 12
    assert sum(1 for question in ASKED if not question["gold"]) >= 20


def test_question_set_has_each_id_and_question_once():
    """No id and no single question stands in the set twice."""
    ids = Counter(entry["id"] for entry in ENTRIES)
    texts = Counter(entry["question"] for entry in ENTRIES if "turns" not in entry)
    assert [name for name, count in (ids + texts).items() if count > 1] == []


def test_question_set_names_only_places_of_the_report(report):
    """The set loads, so every gold paragraph exists."""
    assert len(load_question_set(QUESTIONS, report)) == len(ENTRIES)


def test_question_set_answers_stand_in_their_first_gold_paragraph():
    """Each answer is a verbatim run of its best gold paragraph; without gold there is no answer."""
    texts = _paragraphs()
    wrong = []
    for question in ASKED:
        place = ("us-israel-2023.md", question["gold"][0]) if question["gold"] else None
        answer = question.get("answer")
        if (answer not in texts[place]) if place and answer else bool(answer) != bool(place):
            wrong.append(question["question"])
    assert wrong == []


def test_question_set_kinds_say_whether_there_is_an_answer():
    """The kinds of unanswerable questions are used for no others."""
    single = [entry for entry in ENTRIES if "turns" not in entry]
    answered = {entry["kind"] for entry in single if entry["gold"]}
    unanswered = {entry["kind"] for entry in single if not entry["gold"]}
    assert answered.isdisjoint(unanswered)
    assert {entry["kind"] for entry in ENTRIES if "turns" in entry} == {"conversation"}


def test_report_is_answered_at_least_as_well_as_measured(report):
    """No figure falls below its floor."""
    summary = summarise(run_question_set(load_question_set(QUESTIONS, report), report))
    below = {
        f"{group} {name}": summary[group][name]
        for group, floors in FLOORS.items()
        for name, floor in floors.items()
        if summary[group][name] < floor
    }
    assert below == {}
