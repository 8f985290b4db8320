"""Tests of the count of the questions of a trial."""

from dataclasses import replace

from bot.rendering.wording import APOLOGY
from tests.trials.machines.tally import STEADY, Outage, Question, tally
from tests.trials.machines.words import Words, almanac

ASKED = Question(1, 7, 100.0, False, "zubidalo", ("The ferry is called Zubidalo.",), 0.1)
KILLED = Outage("killed", frozenset({1}), 99.0, True, ended=101.0, settled=103.0)
CUT_OFF = replace(KILLED, name="cut off", loses_messages=False)


def counts(question, *outages, owners=frozenset({7})):
    """Return the one row that a question is counted in, and its name."""
    rows = tally([question], outages, {0: owners})
    ((name, row),) = [(name, row) for name, row in rows.items() if row.asked]
    return name, row


def test_question_with_one_answer_is_answered():
    """Another answer doubles it, an apology loses it, and so does silence."""
    name, row = counts(ASKED)
    assert (name, row.answered, row.seconds) == (STEADY, 1, [0.1])
    assert counts(replace(ASKED, replies=ASKED.replies * 2))[1].doubled == 1
    assert counts(replace(ASKED, replies=(APOLOGY,)))[1].lost == 1
    assert counts(replace(ASKED, replies=()))[1].lost == 1


def test_answer_from_other_texts_is_counted():
    """Words of another server are a leak; an answer without the server's own word is not."""
    assert counts(ASKED, owners=frozenset({7, 8}))[1].leaked == 1
    other = counts(replace(ASKED, replies=("The mill is old.",)), owners=frozenset())[1]
    assert (other.answered, other.other_texts, other.leaked) == (1, 1, 0)


def test_outage_excuses_what_discord_does_not_deliver_again():
    """A killed process gets no message of before; one that was cut off gets all but commands."""
    unanswered = replace(ASKED, replies=())
    assert counts(unanswered, KILLED)[1].undeliverable == 1
    assert counts(unanswered, CUT_OFF)[1].lost == 1
    assert counts(replace(unanswered, is_command=True), CUT_OFF)[1].undeliverable == 1
    assert counts(replace(unanswered, shard=0), KILLED)[1].lost == 1


def test_questions_are_told_apart_by_when_they_were_asked():
    """Before, in, and after an outage; what was asked after its end is not excused."""
    names = [counts(replace(ASKED, at=at), KILLED)[0] for at in (97.0, 100.0, 102.0, 104.0)]
    assert names[0] == names[3] == STEADY
    assert "asked meanwhile" in names[1]
    assert "before all texts were there" in names[2]
    waiting = counts(replace(ASKED, at=97.0, replies=()), KILLED)
    assert "not answered yet" in waiting[0]
    assert waiting[1].undeliverable == 1
    assert counts(replace(ASKED, at=102.0, replies=()), KILLED)[1].lost == 1


def test_outage_disturbs_what_lasts_into_it():
    """A measurement counts only if nothing happened to the machine since it began."""
    assert KILLED.disturbs(1, 102.0)
    assert not KILLED.disturbs(1, 104.0)
    assert not KILLED.disturbs(0, 102.0)


def test_words_belong_to_one_server():
    """A text tells whose words it holds, in whatever case they stand there."""
    words = Words()
    first, second = words.take(1), words.take(2)
    assert first != second
    assert words.owners(almanac(first)) == {1}
    assert words.owners(f"{first.upper()}, {second}!") == {1, 2}
