"""What trusted members teach and thumbs confirm, through the real bot and as they see it."""

import contextlib
import csv
import io
import sqlite3

import pytest

from bot.database import ServerSettings
from tests.support.scenes import running_world

VISITORS = "Visitors come in June"
BOATS = "Herring boats leave"
SKIFF = "Which skiff fleet returns with the evening tide?"
UP, DOWN = "\N{THUMBS UP SIGN}", "\N{THUMBS DOWN SIGN}"


def trust_teachers(scene, *, plain=False):
    """Let the teacher's role be trusted in a server, and return the server."""
    trusted = frozenset({scene.teachers.id})
    scene.set_server(ServerSettings(trusted_roles=trusted, plain=plain))
    return scene


@pytest.fixture
def scene(scene):
    """A server that trusts its teacher."""
    return trust_teachers(scene)


def ask(scene, text, author=None, channel=None):
    """Let somebody who said nothing before ask the bot, and return question and answer."""
    discord = scene.discord
    author = author or discord.add_user("stranger", scene.guild)
    question = scene.mention(text, author, channel)
    answer = discord.wait_for_answer(question)
    discord.wait_until(lambda: is_recorded(scene, answer), 10, "the answer in the database")
    return question, answer


def is_recorded(scene, answer):
    """Return whether the bot has written down which message answers."""
    with contextlib.closing(sqlite3.connect(scene.data / "pullquote.db")) as database:
        found = database.execute("SELECT 1 FROM questions WHERE answer_id = ?", [answer.id])
        return found.fetchone() is not None


def first_quote(message):
    """Return what an answer shows before its first citation."""
    return message.seen.partition("harbour.txt")[0]


def use(scene, command, user=None, channel=None, **options):
    """Use a command as the teacher, and return what it answers."""
    return scene.use(command, user or scene.teacher, channel, **options)


def press(scene, message, label, user=None):
    """Press the first button with a label."""
    return press_id(scene, message, ids(message, label)[0], user)


def press_id(scene, message, custom_id, user=None):
    """Press a button by its id."""
    return scene.discord.press(message, custom_id, user or scene.teacher)


def ids(message, label):
    """Return the ids of the buttons with a label or emoji."""
    return [
        part["custom_id"]
        for part in message.buttons
        if label in (part.get("label"), (part.get("emoji") or {}).get("name"))
    ]


def vote(scene, answer, thumb, *people):
    """Let people vote on an answer, and wait until each was thanked."""
    for person in people:
        press(scene, answer, thumb, person).wait_for_response()


def bind(scene, opened, **values):
    """Fill in the form, confirm the first paragraph, and return what was said."""
    shown = opened.submit(**values).wait_for_response()
    assert shown.ephemeral
    choice = next(part["custom_id"] for part in shown.buttons)
    press_id(scene, shown, choice)
    scene.discord.wait_until(lambda: "Taught" in shown.seen, 10, "the confirmation")
    return shown


def wait_for_taught(scene, text, *, gone=False):
    """Wait until the list of what was taught names something, or does no longer."""
    scene.discord.wait_until(
        lambda: (text in use(scene, "pullquote taught").seen) != gone, 10, f"{text!r} taught"
    )


def test_what_is_taught_is_found_in_that_server_until_it_is_removed(discord, tmp_path):
    """A paraphrase is missed, taught or confirmed, found also after a restart, missed again."""
    with running_world(discord, tmp_path) as world:
        here, there = (trust_teachers(world.settle(name)) for name in ("a", "b"))
        for scene in (here, there):
            assert VISITORS not in ask(scene, "Do they sell ice cream?")[1].seen
        listed = use(here, "pullquote unanswered")
        assert "Do they sell ice cream?" in listed.seen
        opened = press(here, listed, "Teach")
        assert VISITORS in bind_choice(opened, paragraph="5").seen
        confirmed = bind(here, press(here, listed, "Teach"), paragraph="5")
        assert "harbour.txt, paragraph 5" in confirmed.seen
        assert "There are no unanswered questions" in use(here, "pullquote unanswered").seen
        assert VISITORS in first_quote(ask(here, "can i buy ice creams")[1])
        assert VISITORS not in ask(there, "can i buy ice creams")[1].seen
        _, answer = ask(here, SKIFF)
        assert BOATS not in ask(here, "which skiff fleet?")[1].seen
        vote(here, answer, UP, here.alice, here.bob)
        wait_for_taught(here, SKIFF)
        assert BOATS in first_quote(ask(here, "which skiff fleet?")[1])
    discord.expect_restart()
    with running_world(discord, tmp_path):
        assert VISITORS in first_quote(ask(here, "can i buy ice creams")[1])
        assert VISITORS not in ask(there, "can i buy ice creams")[1].seen
        assert BOATS in first_quote(ask(here, "which skiff fleet?")[1])
        assert BOATS not in ask(there, "which skiff fleet?")[1].seen
        taught = use(here, "pullquote taught")
        assert "Do they sell ice cream?" in taught.seen
        press(here, taught, "Remove")
        discord.wait_until(lambda: SKIFF not in taught.seen, 10, "the removal")
        press(here, taught, "Remove")
        discord.wait_until(lambda: "Nothing has been" in taught.seen, 10, "the removal")
        assert BOATS not in ask(here, "which skiff fleet?")[1].seen
        assert VISITORS not in ask(here, "can i buy ice creams")[1].seen


def bind_choice(opened, **values):
    """Fill in the form and return the paragraphs that are offered."""
    return opened.submit(**values).wait_for_response()


def test_thumbs_of_two_people_teach_and_more_thumbs_down_undo_it(scene):
    """One person's do not, however often they ask and press."""
    question, paraphrase = SKIFF, "which skiff fleet?"
    _, answer = ask(scene, question)
    assert BOATS in first_quote(answer)
    assert BOATS not in ask(scene, paraphrase)[1].seen
    vote(scene, answer, UP, scene.alice, scene.alice)
    _, again = ask(scene, question)
    vote(scene, again, UP, scene.alice)
    assert BOATS not in ask(scene, paraphrase)[1].seen
    vote(scene, answer, UP, scene.bob)
    wait_for_taught(scene, question)
    assert BOATS in first_quote(ask(scene, paraphrase)[1])
    others = [scene.discord.add_user(f"critic-{n}", scene.guild) for n in range(3)]
    vote(scene, answer, DOWN, *others[:2])
    assert question in use(scene, "pullquote taught").seen
    vote(scene, answer, DOWN, others[2])
    wait_for_taught(scene, question, gone=True)
    assert BOATS not in ask(scene, paraphrase)[1].seen


def test_thumbs_in_a_private_channel_teach_nothing(scene):
    """The question would stand in a list that others read."""
    hide(scene, scene.channel, scene.alice, scene.bob, scene.teacher)
    _, answer = ask(scene, SKIFF, scene.alice)
    vote(scene, answer, UP, scene.alice, scene.bob, scene.teacher)
    ask(scene, "who dug the harbour?", scene.alice)
    assert "skiff" not in use(scene, "pullquote taught").seen


def hide(scene, channel, *people):
    """Close a channel to all but some people and the bot."""
    scene.discord.overwrite(channel, scene.guild, deny=["VIEW_CHANNEL"])
    for person in (scene.discord.bot, *people):
        scene.discord.overwrite(channel, person, allow=["VIEW_CHANNEL"])


def test_list_merges_pages_and_dismisses(scene):
    """Alike questions are one entry; five stand on a page, newest first, with links."""
    words = ["cheese", "guitars", "tomatoes", "penguins", "pancakes", "violins"]
    asked = [ask(scene, f"what about {word}?")[0] for word in words]
    ask(scene, "new topic: what about violin?")
    ask(scene, "who dug the harbour?")
    page = use(scene, "pullquote unanswered")
    assert "(6)" in page.seen
    assert "asked 2 times" in page.seen
    assert page.seen.index("violin") < page.seen.index("pancakes") < page.seen.index("guitars")
    assert "cheese" not in page.seen
    assert asked[4].link in page.markdown
    press(scene, page, "Older")
    scene.discord.wait_until(lambda: "cheese" in page.seen, 10, "the other page")
    press(scene, page, "Dismiss")
    scene.discord.wait_until(lambda: "(5)" in page.seen, 10, "the last page that is left")
    assert "cheese" not in page.seen
    assert "violin" in page.seen


def test_disliked_answer_is_listed(scene):
    """A thumb down opens a question, though something was found."""
    _, answer = ask(scene, "who dug the harbour?")
    assert "There are no unanswered questions" in use(scene, "pullquote unanswered").seen
    vote(scene, answer, DOWN, scene.bob)
    assert "who dug the harbour?" in use(scene, "pullquote unanswered").seen


def test_questions_from_where_the_viewer_cannot_look_are_not_shown(scene):
    """Private channels, closed ones, ephemeral answers and direct messages stay unheard of."""
    discord = scene.discord
    hidden, later, closed, gone = (discord.add_channel(scene.guild, name) for name in "hlcg")
    hide(scene, hidden, scene.alice, scene.teacher)
    ask(scene, "what about penguins?", scene.alice, hidden)
    ask(scene, "what about trumpets?", channel=later)
    ask(scene, "what about guitars?", channel=closed)
    ask(scene, "what about tomatoes?", channel=gone)
    ask(scene, "what about chess?", scene.alice, discord.open_dm(scene.alice))
    use(scene, "ask", scene.alice, question="what about cheese?", private=True)
    thread = discord.start_thread(scene.channel, scene.alice, "archived")
    ask(scene, "what about violins?", channel=thread)
    listed = use(scene, "pullquote unanswered")
    teach_guitars = ids(listed, "Teach")
    assert "(4)" in listed.seen
    hide(scene, later, scene.alice, scene.teacher)
    discord.overwrite(closed, scene.teacher, deny=["VIEW_CHANNEL"])
    discord.remove_channel(gone)
    discord.archive(thread)
    discord.forgive(f"Unknown Channel {gone.id}")  # the bot asks Discord what became of it
    again = use(scene, "pullquote unanswered")
    shown = again.seen + table(scene, again)
    assert "violins" in shown
    for word in ("penguins", "trumpets", "guitars", "tomatoes", "chess", "cheese"):
        assert word not in shown
    for custom_id in teach_guitars[1:]:
        assert (
            "no longer on the list" in press_id(scene, listed, custom_id).wait_for_response().seen
        )


def table(scene, listed):
    """Return the text of the exported table."""
    message = press(scene, listed, "Export as CSV").wait_for_response()
    assert message.ephemeral
    ((name, content),) = message.files.items()
    assert name == "unanswered.csv"
    return content.decode("utf-8-sig")


def test_export_is_a_table_that_no_spreadsheet_runs(scene):
    """Each question is a row with its link; one that looks like a formula is text."""
    question, _ = ask(scene, "what about guitars?")
    formula = '=HYPERLINK("https://a.example","click")'
    scene.discord.slash(scene.channel, scene.alice, "ask", question=formula).wait_for_response()
    rows = list(csv.DictReader(io.StringIO(table(scene, use(scene, "pullquote unanswered")))))
    by_question = {row["question"]: row for row in rows}
    assert by_question["what about guitars?"]["link"] == question.link
    assert by_question["what about guitars?"]["channel"] == "harbour"
    assert f"'{formula.partition('https')[0]}" in " ".join(by_question)


def test_forged_ids_and_strangers_reveal_and_change_nothing(scene, world):
    """Neither another server's numbers nor people without the role get anywhere."""
    ask(scene, "what about guitars?")
    _, answer = ask(scene, SKIFF)
    vote(scene, answer, UP, scene.alice, scene.bob)
    wait_for_taught(scene, "skiff")
    listed, taught = use(scene, "pullquote unanswered"), use(scene, "pullquote taught")
    theirs = [ids(listed, "Teach")[0], ids(listed, "Dismiss")[0], ids(taught, "Remove")[0]]
    other = trust_teachers(world.settle("Others"))
    ask(other, "what about penguins?")
    absurd = [f"pq:teach:{10**19}", f"pq:dismiss:{10**19}:0", f"pq:forget:{10**19}:0"]
    broken = ["pq:teach:x", "pq:teach", "pq:bind:a:0", "pq:forget:1:x", "pq:unanswered:-9"]
    shown = []
    for forged in [*theirs, *absurd, *broken]:
        own = use(other, "pullquote unanswered")  # another, for a press may change the list
        own.buttons[0]["custom_id"] = forged
        pressed = press_id(other, own, forged)
        pressed.wait_for_acknowledgement()
        assert pressed.interaction.modal is None
        shown.append(own)
    assert not any("skiff" in own.seen or "guitars" in own.seen for own in shown)
    refused = scene.discord.slash(scene.channel, scene.alice, "pullquote unanswered")
    assert "another role" in refused.wait_for_response().seen
    assert "guitars" in use(scene, "pullquote unanswered").seen
    assert "skiff" in use(scene, "pullquote taught").seen
    assert "penguins" in use(other, "pullquote unanswered").seen


def test_role_that_was_taken_away_is_missed_at_the_press(scene):
    """Who may not teach any more can neither open the form nor bind what was shown."""
    ask(scene, "what about guitars?")
    listed = use(scene, "pullquote unanswered")
    shown = bind_choice(press(scene, listed, "Teach"), paragraph="5")
    scene.discord.set_roles(scene.guild, scene.teacher)
    for message in (listed, shown):
        pressed = press_id(scene, message, message.buttons[0]["custom_id"])
        assert "another role" in pressed.wait_for_response().seen
        assert pressed.interaction.modal is None


def test_menu_teaches_a_persons_message_and_a_bots_answer(scene):
    """A person's words are the question; of an answer its question, with its paragraph chosen."""
    said = scene.discord.say(scene.channel, scene.bob, "Which gig is worth the trip?")
    assert VISITORS not in ask(scene, "Which gig would be worth a trip?")[1].seen
    opened = scene.discord.context_menu(said, scene.teacher, "Teach")
    bind(scene, opened, words="choir sings on the pier")
    assert VISITORS in first_quote(ask(scene, "Which gig would be worth a trip?")[1])
    _, answer = ask(scene, SKIFF)
    opened = scene.discord.context_menu(answer, scene.teacher, "Teach")
    bind(scene, opened)
    assert BOATS in first_quote(ask(scene, "which skiff fleet?")[1])
    refused = scene.discord.context_menu(said, scene.alice, "Teach")
    assert "another role" in refused.wait_for_response().seen


def test_plain_server_is_answered_and_taught_in_plain_text(world):
    """Where cards are not wanted, answers, paragraphs and what was taught are plain."""
    scene = trust_teachers(world.settle("Plain"), plain=True)
    asked = scene.slash("Which gig is worth the trip?").wait_for_response()
    assert "I found nothing" in asked.content
    listed = use(scene, "pullquote unanswered")
    shown = bind(scene, press(scene, listed, "Teach"), paragraph="5")
    assert "Which gig is worth the trip?" in shown.content
    assert shown.buttons == []
    again = scene.slash("Which gig would be worth a trip?", scene.bob).wait_for_response()
    assert VISITORS in again.content


def test_form_that_names_no_paragraph_says_what_to_do(scene):
    """A number beyond the end, no number at all, and neither number nor words."""
    ask(scene, "what about guitars?")
    listed = use(scene, "pullquote unanswered")
    for values in ({"paragraph": "99"}, {"paragraph": "fifth"}, {}):
        shown = bind_choice(press(scene, listed, "Teach"), **values)
        assert "no such paragraph" in shown.seen
        assert shown.buttons == []


def test_fragments_are_not_listed_as_unanswered(scene):
    """A question that nobody understands without its conversation cannot be taught."""
    ask(scene, "did unicorns do that?")
    ask(scene, "Do they sell ice cream?")
    ask(scene, "Which guitars are for sale?")
    ask(scene, "and which guitars are for sale?", scene.alice)
    ask(scene, "and guitars, when are these for sale?", scene.alice)
    listed = use(scene, "pullquote unanswered")
    assert "ice cream" in listed.seen
    assert "unicorns" not in listed.seen
    assert "these for sale" not in listed.seen
