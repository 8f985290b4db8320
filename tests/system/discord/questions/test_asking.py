"""How the bot takes what people say to it: the real process, unmodified discord.py."""

import pytest

from index import build_index
from tests.standin import DiscordStandIn, parse
from tests.support.data.harbour import HARBOUR
from tests.support.scenes import CAPTAIN, QUESTION, STORM, running_world, write_corpus

HOSTILE = """\
# Notice

@everyone and @here, <@{alice}> and <@&{role}> and <#{channel}> met the wizard.

A ```code fence``` and ``two`` and `one` held the dragon: ||spoiler|| **bold** ~~gone~~.

The [giant](https://evil.example/login) lives at https://evil.example/a_b_c and <https://evil.example>.
"""


@pytest.fixture
def own_scene(discord, tmp_path):
    """A server of a bot of the test's own."""
    with running_world(discord, tmp_path) as world:
        yield world.settle()


def test_mention_is_answered_with_the_paragraph_its_sentence_in_bold_and_its_place(scene):
    """A mention gets the paragraph word for word, the answering sentence bold, and the source."""
    answer = scene.ask()
    shown = parse(answer.markdown)
    assert CAPTAIN in shown.text
    assert shown.runs("bold")[0] == "The harbour was dug in 1802 by Captain Ada Finch."
    assert "The harbour of Lowmere" in shown.text
    assert "harbour.txt, paragraph 1" in shown.text


def test_direct_message_is_answered(scene):
    """A direct message needs no mention."""
    discord = scene.discord
    dm = discord.open_dm(scene.alice)
    answer = discord.wait_for_answer(discord.say(dm, scene.alice, "when did the storm come?"))
    assert STORM in answer.seen


@pytest.mark.parametrize("ping", [True, False])
def test_reply_to_an_answer_continues_its_conversation(scene, ping):
    """A reply, with or without a ping, is understood from the question before it."""
    discord = scene.discord
    first = scene.ask("what about the lighthouse and its keepers?")
    reply = discord.say(scene.channel, scene.bob, "how often?", reply_to=first, ping_reply=ping)
    assert "The lighthouse burned twice." in discord.wait_for_answer(reply).seen


def test_second_mention_by_the_same_person_is_a_follow_up_and_anothers_is_not(scene):
    """The channel's last exchange belongs to the person who had it."""
    scene.ask("tell me about the lighthouse")
    assert "nothing about that" in scene.ask("and why?", scene.bob).seen
    assert "lighthouse" in scene.ask("and why?").seen


def test_slash_command_is_deferred_and_answered_in_place(scene):
    """`/ask` is acknowledged within Discord's 3 s and shows the question with its answer."""
    invocation = scene.slash("who dug the *harbour*?")
    seen = invocation.wait_for_response().seen
    assert CAPTAIN in seen
    assert "who dug the *harbour*?" in seen
    assert invocation.acknowledged_after < 3


def test_what_does_not_address_the_bot_gets_no_answer(scene):
    """Talk, @everyone, role mentions, bots, webhooks, replies to others: no answer."""
    discord = scene.discord
    role = discord.add_role(scene.guild, "keepers")
    robot = discord.add_user("robot", scene.guild, bot=True)
    talk = QUESTION
    first = discord.say(scene.channel, scene.alice, talk)
    discord.say(scene.channel, scene.alice, f"@everyone {talk}")
    discord.say(scene.channel, scene.alice, f"<@&{role.id}> {talk}")
    discord.say(scene.channel, robot, f"{discord.mention} {talk}")
    discord.say(scene.channel, scene.alice, f"{discord.mention} {talk}", webhook=True)
    discord.say(scene.channel, scene.bob, talk, reply_to=first)
    scene.ask("when did the storm come?")  # answered last, so all others were passed over
    assert len(scene.posted()) == 1


def test_same_message_twice_is_answered_once(scene):
    """A message that the gateway delivers again is not answered again."""
    discord = scene.discord
    question = scene.mention()
    discord.wait_for_answer(question)
    discord.replay(question)
    scene.ask("when did the storm come?")
    assert len(discord.answers(question)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("how do I bake sourdough?", "nothing about that"),
        ("hello!", "ask me something"),
        ("", "no question"),
        ("?!", "no question"),
    ],
)
def test_where_there_is_nothing_to_quote_the_bot_says_so(scene, text, said):
    """Nothing found, small talk and an empty question are each answered in a plain line."""
    assert said in scene.ask(text).seen


def test_over_long_question_is_answered(scene):
    """The longest message that Discord lets through gets an answer within the limits."""
    answer = scene.ask("who dug the harbour? " + "please " * 560)
    assert CAPTAIN in answer.seen


def test_hostile_text_is_quoted_word_for_word_and_nothing_in_it_is_active(discord, tmp_path):
    """Mentions, fences, spoilers and links of a text show as typed and do nothing."""
    guild = discord.add_guild("Lowmere")
    channel, alice = discord.add_channel(guild, "harbour"), discord.add_user("alice", guild)
    role = discord.add_role(guild, "keepers")
    text = HOSTILE.format(alice=alice.id, role=role.id, channel=channel.id)
    write_corpus(tmp_path, text)
    with running_world(discord, tmp_path):
        for word, paragraph in zip(
            ("wizard", "dragon", "giant"), text.split("\n\n")[1:], strict=True
        ):
            question = discord.say(channel, alice, f"{discord.mention} where is the {word}?")
            shown = parse(discord.wait_for_answer(question).markdown)
            assert paragraph.strip() in shown.text
            assert shown.kinds == {"subtext"}  # the citation
    assert discord.pings == []


def test_very_long_paragraph_is_cut_at_sentence_ends_around_the_answer(discord, tmp_path):
    """A paragraph beyond Discord's limit shows whole sentences with the answering one in bold."""
    filler = "The tide *came* in and the tide went out_again. " * 120
    write_corpus(tmp_path, f"{filler}A whale was seen. {filler}")
    with running_world(discord, tmp_path) as world:
        answer = world.settle().ask("who saw the whale?")
    shown = parse(answer.markdown)
    assert shown.runs("bold")[0] == "A whale was seen."
    assert len(answer.markdown) <= 4000
    quoted = shown.text.split("\n")[0].strip("\u2026 ")
    assert quoted in f"{filler}A whale was seen. {filler}"
    assert quoted.endswith(".")


def test_dropped_connection_is_resumed_and_the_missed_question_answered(scene):
    """A question asked while the gateway was gone is answered after the resume."""
    discord = scene.discord
    scene.ask()
    resumes, identifies = discord.resumes, discord.identifies
    discord.drop_gateway()
    assert "1887" in scene.ask("when did the storm come?").seen
    assert discord.resumes == resumes + 1
    assert discord.identifies == identifies


def test_lost_session_is_replaced_by_another(scene):
    """After an invalid session the bot identifies again and answers."""
    discord = scene.discord
    identifies = discord.identifies
    discord.invalidate_session(resumable=False)
    discord.wait_until(lambda: discord.identifies == identifies + 1, 15, "another IDENTIFY")
    assert "1887" in scene.ask("when did the storm come?").seen


@pytest.mark.parametrize("failure", [{"status": 429, "retry_after": 0.3}, {"status": 500}])
def test_failed_send_is_tried_again(scene, failure):
    """A rate limit and a server error delay the answer; it comes once."""
    discord = scene.discord
    discord.fail_next("POST", "/channels/{channel}/messages", **failure)
    question = scene.mention()
    assert CAPTAIN in discord.wait_for_answer(question).seen
    scene.ask("when did the storm come?")
    assert len(discord.answers(question)) == 1


def test_question_deleted_before_the_answer_is_not_answered(scene):
    """Who takes a question back while it is answered gets no answer, or sees it deleted."""
    discord = scene.discord
    discord.fail_next("POST", "/channels/{channel}/messages", status=429, retry_after=0.5)
    question = scene.mention()
    discord.delete(question)
    scene.ask("when did the storm come?")
    discord.wait_until(lambda: not discord.answers(question), 10, "no answer")


def test_running_bot_answers_from_a_rebuilt_index(own_scene):
    """A text added and rebuilt while the bot runs is quoted without a restart."""
    scene = own_scene
    assert "nothing about that" in scene.ask("what does the ferryman charge?").seen
    ferry = scene.corpus / "ferry.txt"
    ferry.write_text("The ferryman charges two pence.", encoding="utf-8")
    build_index(scene.corpus, scene.data / "index")
    # While the bot takes it over, the index from before answers.
    scene.ask("what does the ferryman charge?")
    scene.wait_for_log("Took over the index")
    assert "two pence" in scene.ask("what does the ferryman charge?").seen


def test_damaged_index_does_not_stop_a_running_bot(own_scene):
    """The last good index keeps serving when the files are damaged under the running bot."""
    scene = own_scene
    scene.ask()
    (scene.data / "index" / "manifest.json").write_text("{")
    assert CAPTAIN in scene.ask().seen
    assert "Keeping the index that is open" in scene.log()


def test_without_the_message_content_intent_mentions_dms_and_slash_work(tmp_path):
    """The bot says what it cannot read and answers all that addresses it."""
    with (
        DiscordStandIn(message_content_intent="refused") as discord,
        running_world(discord, tmp_path) as world,
    ):
        scene = world.settle()
        first = scene.ask()
        assert CAPTAIN in first.seen
        dm = discord.open_dm(scene.alice)
        direct = discord.say(dm, scene.alice, "when did the storm come?")
        assert "1887" in discord.wait_for_answer(direct).seen
        assert CAPTAIN in scene.slash().wait_for_response().seen
        pinged = discord.say(scene.channel, scene.alice, "how many years?", reply_to=first)
        assert CAPTAIN in discord.wait_for_answer(pinged).seen
        silent = discord.say(
            scene.channel, scene.alice, "how many years?", reply_to=first, ping_reply=False
        )
        assert "can't read that message" in discord.wait_for_answer(silent).seen
        assert "Message Content Intent is off" in world.bot.log
        page = f"https://discord.com/developers/applications/{discord.world.application_id}/bot"
        assert f"turn the intent on at {page} and start again" in world.bot.log
        assert "Invite it" not in world.bot.log


def test_log_holds_neither_the_token_nor_a_question(scene):
    """At the default level the log tells of answers without telling what was asked."""
    scene.ask("who dug the harbour, by the way of Zanzibar?")
    scene.wait_for_log("Answered with")
    assert scene.discord.token not in scene.log()
    assert "Zanzibar" not in scene.log()


# What is asked, and how often


def test_command_that_is_gone_says_so(scene):
    """A command of an older version gets a private line instead of no response."""
    discord = scene.discord
    gone = {"id": "1", "name": "quote", "type": 1, "options": []}
    discord.world.commands[None][1] = gone
    try:
        response = discord.slash(scene.channel, scene.alice, "quote").wait_for_response()
    finally:
        del discord.world.commands[None][1]
    assert "does not exist any more" in response.seen
    assert response.ephemeral


def test_command_whose_options_changed_gets_an_apology(scene):
    """A command used with the options of an older version gets a private apology."""
    discord = scene.discord
    (command,) = [command for command in discord.commands if command["name"] == "ask"]
    options = command["options"]
    command["options"] = []
    try:
        response = discord.slash(scene.channel, scene.alice, "ask").wait_for_response()
    finally:
        command["options"] = options
    assert "Sorry" in response.seen
    assert response.ephemeral


def test_reply_whose_original_discord_left_out_is_a_reply_to_the_bot(scene):
    """The id of an answer that the bot remembers is enough; another message's is not."""
    discord = scene.discord
    first = scene.ask("what about the lighthouse and its keepers?")
    talk = discord.say(scene.channel, scene.alice, "who dug the harbour?")
    for original, question in ((talk, "how often?"), (first, "how many times?")):
        reply = discord.say(
            scene.channel,
            scene.bob,
            question,
            reply_to=original,
            ping_reply=False,
            omit_reply=True,
        )
    assert "The lighthouse burned twice." in discord.wait_for_answer(reply).seen
    assert len(discord.messages(scene.channel)) == 6


def test_two_quick_questions_of_one_person_are_two_turns(scene):
    """The second waits for the first and is understood from it."""
    discord = scene.discord
    for _ in range(3):
        scene.mention("what of the lighthouse?")
        second = scene.mention("and why?")
        assert "lighthouse" in discord.wait_for_answer(second).seen
        scene.ask("new topic: when did the storm come?")


def test_names_are_read_and_other_markup_is_not(scene):
    """Of links, emoji and times nothing is searched; a mentioned person's name is."""
    discord = scene.discord
    finch = discord.add_user("Finch", scene.guild)
    noise = "<:storm:1> <a:herring:2> <t:1700000000:R> https://a.example/choir <#3> </choir:4>"
    assert "nothing about that" in scene.ask(f"what is {noise}").seen
    assert CAPTAIN in scene.ask(f"new topic: {noise} what did {finch.mention} do?").seen


def test_plain_answers_show_no_previews(scene):
    """Plain text is sent with embeds suppressed."""
    assert scene.ask("hello!").flags & 1 << 2


def test_answer_that_cannot_be_sent_is_survived(scene):
    """A connection that breaks while an answer is sent costs a line in the log, not the bot."""
    discord = scene.discord
    discord.fail_next("POST", "/channels/{channel}/messages", mode="reset", times=3)
    scene.mention()
    scene.wait_for_log("could not be sent")
    assert "1887" in scene.ask("when did the storm come?").seen


def test_harbour_text_is_what_the_tests_quote():
    """The sentence that these tests look for stands in the corpus."""
    assert CAPTAIN in HARBOUR
