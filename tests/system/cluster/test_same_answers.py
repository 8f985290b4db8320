"""The same questions over the same texts have the same answers from files and from a cluster."""

import shutil
from dataclasses import replace

import pytest

from bot.answering import answer_question, further_quotes
from index import Searcher, TaughtQuestion, Tier, WeightedText, build_index
from index.cluster.publishing.publish import publish
from index.cluster.reading import words
from index.cluster.reading.open_cluster import open_cluster
from index.cluster.reading.row_reader import RowReader
from index.search.ranking import candidates
from tests.support.checkout import REPOSITORY
from tests.support.data.harbour import HARBOUR
from tests.system.cluster.node import on_opensearch

pytestmark = on_opensearch

SAMPLE = REPOSITORY / "corpus" / "us-israel-2023.md"
GERMAN = "Hafen\n\nDer Hafen schließt im Winter.\n\nDie Lotsen fahren mit dem Boot hinaus."
GUIDE = "Guide\n\nThe crane lifts {} tonnes.\n\nAsk the harbour master for the crane's key."

QUESTIONS = """\
who is ron dermer
what did biden say about rafah
when did the harbour close
What did Mr. Netanyahu reply to the letter?
"no pauses" who said that
hostages released in november
who wrote the lettre
what is the price of kubernetes
hello
wann schließt der Hafen
Lotsenboot
how many tonnes does the crane lift
how many tonnes does the crane lift in version 1.0
what does the guide say about cranes
how does it end
why
the
2023
Gaza Gaza Gaza""".splitlines()


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """A folder with the sample text, others in two languages and two versions, and its index."""
    folder = tmp_path_factory.mktemp("texts")
    for name, text in {
        "harbour.txt": HARBOUR,
        "copy.txt": HARBOUR,
        "hafen.txt": GERMAN,
        "1.0/guide.txt": GUIDE.format("five"),
        "2.0/guide.txt": GUIDE.format("nine"),
    }.items():
        (folder / "corpus" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "corpus" / name).write_text(text, encoding="utf-8")
    shutil.copy(SAMPLE, folder / "corpus")
    build_index(folder / "corpus", folder / "index")
    return folder


@pytest.fixture
def both(texts, connection, tmp_path):
    """A searcher of the files, and one of the cluster."""
    publish(texts / "index", connection)
    return (
        Searcher.open(texts / "index", Tier.LEXICAL),
        Searcher(open_cluster(connection, tmp_path / "tables"), None),
    )


def _answers(searcher):
    for question in QUESTIONS:
        answer = answer_question(question, [], searcher)
        yield replace(answer, milliseconds=0.0)
        if answer.turn:
            yield replace(further_quotes([answer.turn], 3, searcher), milliseconds=0.0)


def test_answers_of_a_cluster_are_those_of_files(both):
    """The quotes, their order and scores, the refusals and the suggestions are the same."""
    files, cluster = both
    expected = list(_answers(files))
    assert sum(1 for answer in expected if answer.quotes) > 10
    assert list(_answers(cluster)) == expected
    for question in QUESTIONS:
        query = [WeightedText(question), WeightedText("who is ron dermer", 0.3)]
        assert cluster.search(query, 10) == files.search(query, 10)
        for of in (
            lambda one, asked=question: one.did_you_mean(asked),
            lambda one, asked=question: one.nearest_headings(asked),
            lambda one, asked=question: one.unknown_names(asked),
            lambda one, asked=question: one.holds_phrase(asked),
            lambda one, asked=question: one.may_refuse(asked),
        ):
            assert of(cluster) == of(files)


def test_answers_within_a_scope_of_a_cluster_are_those_of_files(both):
    """Some of the texts, or the texts of a version, have statistics of their own there too."""
    files, cluster = both
    for sources in (["harbour.txt"], ["hafen.txt", "1.0/guide.txt", "us-israel-2023.md"], []):
        assert list(_answers(cluster.within(sources))) == list(_answers(files.within(sources)))
    of_version = [one.of_versions(["1.0"]) for one in both]
    assert list(_answers(of_version[1])) == list(_answers(of_version[0]))


def test_taught_questions_help_in_a_cluster_as_in_files(both):
    """A passage that shares no word with the question is found by what was taught."""
    files, cluster = both
    passage = files.passage_at("us-israel-2023.md", 20)
    taught = [
        TaughtQuestion("who pays for the lighthouse", passage.ref),
        TaughtQuestion("who rings the bell", files.passage_at("harbour.txt", 2).ref),
    ]
    query = [WeightedText("who pays for a lighthouse")]
    expected = files.with_taught(taught).search(query, 5)
    assert expected[0].passage == passage
    assert cluster.with_taught(taught).search(query, 5) == expected


def test_texts_of_a_cluster_are_listed_and_read_as_those_of_files(both):
    """Sources, headings, passages and their neighbours are the same."""
    files, cluster = both
    assert cluster.sources() == files.sources()
    assert cluster.headings(50) == files.headings(50)
    assert list(cluster.passages) == list(files.passages)
    for source, paragraph in (("us-israel-2023.md", 7), ("harbour.txt", 3), ("harbour.txt", 99)):
        found = files.passage_at(source, paragraph)
        assert cluster.passage_at(source, paragraph) == found
        if found:
            for step in (-1, 1):
                assert cluster.passage_from(found.ref, step) == files.passage_from(found.ref, step)


def test_answers_of_a_larger_cluster_are_those_of_files(both, monkeypatch):
    """Where not all passages are ranked, only stems find them; the rest of a word scores them."""
    files, cluster = both
    for module in (candidates, words):
        monkeypatch.setattr(module, "MAX_RANKED", 10)
    for question in [*QUESTIONS, "negotiator", "diplomacies", "israelites"]:
        assert cluster.search([WeightedText(question)], 10) == files.search(
            [WeightedText(question)], 10
        )


def test_phrase_is_found_beyond_the_best_passages_by_words(both, monkeypatch):
    """What a question names exactly may stand in a passage with few other words of it."""
    files, cluster = both
    monkeypatch.setattr(words, "N_CANDIDATES", 1)
    query = [WeightedText('did biden hear "the bell rang" in israel')]
    best = files.search(query, 1)
    assert "the bell rang" in best[0].passage.text
    assert cluster.search(query, 1) == best


def test_question_takes_few_requests(both, monkeypatch):
    """One finds the candidates, one reads the quotes; in a scope words are counted together."""
    _, cluster = both
    asked = []
    search = RowReader._search

    def counted(self, body):
        asked.append(body)
        return search(self, body)

    monkeypatch.setattr(RowReader, "_search", counted)
    cluster.search([WeightedText("what did biden say about rafah")], 3)
    assert len(asked) <= 2
    asked.clear()
    cluster.within(["us-israel-2023.md"]).search([WeightedText("when did hamas attack israel")], 3)
    assert len(asked) <= 5


def test_passages_in_a_row_are_fetched_together(both, monkeypatch):
    """Whoever looks through a text takes a request for fifty passages, not for each."""
    files, cluster = both
    asked = []
    fetch = RowReader.fetch

    def counted(self, rows, field):
        asked.append(rows)
        return fetch(self, rows, field)

    monkeypatch.setattr(RowReader, "fetch", counted)
    numbers = range(1, 60)
    found = [cluster.passage_at("us-israel-2023.md", number) for number in numbers]
    assert found == [files.passage_at("us-israel-2023.md", number) for number in numbers]
    assert len(asked) <= 4
