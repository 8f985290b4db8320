"""What is said about a server's texts: reports that fit a message, reasons in every language."""

import pytest

from bot.discord_app.texts import strings
from bot.indexing.build import Step
from bot.languages import ENGLISH, catalogue
from bot.rendering.discord_markdown import message_length
from index import BuildReport, SkippedFile
from tests.standin.model.markdown import parse
from tests.support.checkout import REPOSITORY


def built(added=(), skipped=(), *, unchanged=False):
    """Return what a build did."""
    return BuildReport(
        documents=3,
        passages=40,
        terms=900,
        languages={"en": 40},
        seconds=1.26,
        added=[*added],
        changed=["b.txt"],
        removed=[],
        skipped=[*skipped],
        unchanged=unchanged,
        replaced=None,
        encoder_problem=None,
        vectors_are_pending=False,
    )


def test_reason_that_is_translated_loses_its_advice():
    """The advice is English, and a report on Discord is short; other reasons stay whole."""
    assert strings.reason(ENGLISH, "it is encrypted; save a copy") == "it is encrypted"
    assert strings.reason(ENGLISH, "it is odd; look at it") == "it is odd; look at it"


def test_report_lists_what_changed_and_what_was_skipped():
    """What is indexed now stands on top."""
    said = strings.report(ENGLISH, built(["a.txt"], [SkippedFile("c.pdf", "it is encrypted")]))
    assert parse(said).text.splitlines() == [
        "The texts are indexed.",
        "3 texts \u00b7 1.3 s",
        "Added: a.txt",
        "Changed: b.txt",
        "Skipped c.pdf: it is encrypted",
    ]


def test_report_of_any_build_fits_a_message_and_does_nothing():
    """Long lists are cut and counted; names with markup show as typed."""
    names = [f"__@everyone__ {n} {'x' * 200}.txt" for n in range(300)]
    report = built(names, [SkippedFile(name, "it is encrypted") for name in names])
    said = strings.report(ENGLISH, report)
    assert message_length(said) <= 2000
    assert "\u2026 and 290 more entries" in said
    shown = parse(said)
    assert shown.kinds == {"heading", "subtext"}
    assert "__@everyone__ 0" in shown.text


@pytest.mark.parametrize("reason", strings.REASONS)
def test_reasons_are_those_of_the_index(reason):
    """Each translated reason is one that the readers give."""
    code = "".join(
        path.read_text(encoding="utf-8") for path in (REPOSITORY / "index/documents").rglob("*.py")
    )
    spoken = reason.removeprefix("it is empty: ").removeprefix("it is ")
    assert all(part in code for part in spoken.split("{n}"))


def test_reason_is_said_in_the_language_with_its_number():
    """One that nobody translated stays English."""
    german = catalogue("de")
    long = strings.reason(german, "it has more than 5,000 pages")
    assert long == "sie hat mehr als 5,000 Seiten"
    assert strings.reason(german, "not a text file") == "sie ist keine Textdatei"
    assert strings.reason(german, "its part 'a7' is no XML") == "its part 'a7' is no XML"


def test_progress_names_the_work():
    """Before the first step it only says that it began."""
    assert strings.progress(ENGLISH, None) == "Looking at the texts \u2026"
    said = strings.progress(ENGLISH, Step("Reading texts", 2, 9))
    assert said == "Reading texts: 2 of 9"
    other = strings.progress(catalogue("de"), Step("Vectors", 0, 1))
    assert other == "Vektoren berechnen: 0 von 1"


def test_refusal_shows_names_as_typed():
    """A name with markup does nothing."""
    values = {"name": "**@here**.txt", "reason": "it is encrypted"}
    said = strings.refusal(ENGLISH, strings.UNREADABLE, values)
    assert "**@here**.txt: it is encrypted. I have not added it." in parse(said).text
