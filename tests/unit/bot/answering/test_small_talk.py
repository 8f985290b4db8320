"""Small talk is told from questions."""

import pytest

from bot.answering.small_talk import is_meant_for_people, is_small_talk, named_thing


@pytest.mark.parametrize(
    "message",
    [
        "hi",
        "Hello!",
        "hey there bot",
        "Good morning everyone",
        "THANKS so much",
        "ok cool",
        "lol",
        "heyyyy",
        "Hellooo!!",
        "yes",
        "no thanks",
        "sorry",
        "test",
        "Good bot",
        "How are you?",
        "hey, how are you?",
        "What's up?",
        "How's it going?",
        "what's your name?",
        "whats up",
        "bad bot",
        "you there?",
        "who are you",
        "Are you a bot?",
        "what can you do?",
        "tell me a joke please",
        "how's your day?",
        "How are you doing today?",
        "are you single",
        "are you a human or a bot?",
        "do you have feelings?",
        "tell me something funny",
        "tell me about yourself",
        "do you like pizza?",
        "who created you?",
        "when were you born",
        "where do you live",
        "how can you help me?",
        "what can I ask you",
        "good job!",
        "well done",
        "you're the best, thanks",
        "that was helpful",
        "shut up",
        "good night",
        "see you later",
        "brb",
        "nice to meet you",
        "happy birthday!",
        "never mind",
        "who is your employer",
        "which country do you come from",
        "do you own any cats",
        "thank you very much for that, you are a big help",
    ],
)
def test_small_talk_is_recognised(message):
    """Greetings, thanks and talk about the bot are small talk."""
    assert is_small_talk(message)


@pytest.mark.parametrize(
    "question",
    [
        "Who dug the harbour?",
        "hi, who dug the harbour?",
        "thanks, and when was that?",
        "Who are you talking about in the second paragraph?",
        "what are the keepers of the lighthouse doing",
        "the night of the storm",
        "good boats",
        "hello " * 41,
        "and the bell?",
        "what time is it?",
        "do you know who dug the harbour",
        "can you tell me when the storm came",
        "what do you know about the lighthouse",
        "tell me about the harbour",
        "tell me a story about the storm",
        "tell me more",
        "who created the harbour",
        "what's the captain's favorite color",
        "was Ada Finch single",
        "who said shut up",
        "what's happening on the pier",
        "how was the storm",
        "how old are the boats",
        "where is the captain from",
        "why do you say the bell rang early",
        "are you sure about the date",
        "do you have anything on herring",
        "can you quote the part about the bell",
        "what do you do in a storm",
        "thanks, who rang it",
        "have you heard of the bell of Lowmere",
        "do you have any documents about the harbour",
        "hello, could you find out when the storm came",
        "what was the purpose of the bell",
        "how come?",
    ],
)
def test_question_is_no_small_talk(question):
    """A message that asks about the texts is searched, however politely it begins."""
    assert not is_small_talk(question)


@pytest.mark.parametrize(
    ("message", "is_talk"),
    [
        ("what about Go", False),
        ("who made Go?", False),
        ("What's Go?", False),
        ("do you like the WHO?", False),
        ("who made YOU?", True),
        ("Thank You", True),
        ("How Are You", True),
        ("HOW ARE YOU", True),
        ("WHAT are you?", True),
        ("Hi All", True),
    ],
)
def test_name_of_the_letters_of_a_stop_word_is_no_small_talk(message, is_talk):
    """Capitals that begin, shout or stress make no name."""
    assert is_small_talk(message) is is_talk


@pytest.mark.parametrize("nothing", ["", "  ", "?!", "\U0001f600", "the", "this is it"])
def test_message_without_an_opener_is_no_small_talk(nothing):
    """Empty messages and mere company words do not greet."""
    assert not is_small_talk(nothing)


@pytest.mark.parametrize(
    "message",
    [
        "That is fine. Thank you!",
        "oh thanks",
        "good to know",
        "how are you",
        "bye",
        "ok perfect",
    ],
)
def test_small_talk_after_an_answer_is_plain(message):
    """It is short and hardly anything else."""
    assert is_small_talk(message, follows_answer=True)


@pytest.mark.parametrize(
    "question",
    [
        "who is he working for",
        "do you know how old he was",
        "where are they from?",
        "what is his name",
        "was he married",
        "and his favourite song",
        "is that really all you have on it",
    ],
)
def test_follow_up_that_resembles_small_talk_is_none(question):
    """Short questions look like it, so after an answer they are questions."""
    assert not is_small_talk(question, follows_answer=True)


@pytest.mark.parametrize(
    "message",
    [
        "how about lunch?",
        "and what about tomorrow?",
        "where are my keys?",
        "where's my wallet?",
        "what time is it?",
        "what day is it today?",
        "when do we meet?",
        "got the time?",
        "are you guys free later?",
        "did you get my message?",
        "can you pick me up at 8?",
        "what's the weather like today?",
        "where do you live?",
        "tell me a joke",
    ],
)
def test_message_to_the_people_around_is_recognised(message):
    """Nobody asks a text for the time, for lunch or for their keys."""
    assert is_meant_for_people(message)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "who dug the harbour?",
        "what time do the boats leave?",
        "when does the museum open on sunday?",
        "how do I reset my password?",
        "can I return my order?",
        "what do I do with my old account?",
        "what is your refund policy?",
        "how much does the premium plan cost?",
        "which languages do you support?",
        "does anybody know the keeper's name",
        "what did he say about the weather",
        "who was the captain's wife",
        "what happened on the pier last night? " * 10,
    ],
)
def test_question_about_texts_is_not_meant_for_people(question):
    """Questions about a thing, a story or how something is done may be answered by texts."""
    assert not is_meant_for_people(question)


@pytest.mark.parametrize(
    "question",
    [
        "\u05de\u05d4 \u05d4\u05de\u05d7\u05d9\u05e8 \u05e9\u05dc iPhone \u05d1-iStore?",
        "was ist der Status meiner balance?",
        "wo ist mein timer und meine uber fahrt?",
        "b\u1ea1n s\u1ed1ng \u1edf \u0111\u00e2u?",
        "Ai h\u00e1t b\u00e0i n\u00e0y?",
    ],
)
def test_what_has_learned_english_does_not_judge_other_languages(question):
    """Their letters and words say nothing to it, so whatever it says is chance."""
    assert not is_small_talk(question)
    assert not is_meant_for_people(question)


@pytest.mark.parametrize(
    ("message", "thing"),
    [
        ("birthday", "birthday"),
        ("the well", "well"),
        ("Ping?", "ping"),
        ("happy birthday", None),
        ("thanks", None),
        ("the", None),
        ("", None),
    ],
)
def test_word_that_may_name_a_thing_is_told(message, thing):
    """It must stand alone, or with an article."""
    assert named_thing(message) == thing
