"""Small talk is told from questions."""

import pytest

from bot.answering.small_talk import is_small_talk


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
        "what's your favorite color?",
        "are you single",
        "are you a human or a bot?",
        "do you have feelings?",
        "tell me something funny",
        "tell me about yourself",
        "can you sing",
        "do you like pizza?",
        "what do you think of me",
        "who created you?",
        "when were you born",
        "where do you live",
        "what languages do you speak?",
        "how can you help me?",
        "what can I ask you",
        "good job!",
        "well done",
        "ur dumb",
        "you're the best, thanks",
        "that was helpful",
        "shut up",
        "good night",
        "see you later",
        "brb",
        "nice to meet you",
        "happy birthday!",
        "never mind",
        "I'm bored",
        "is anyone there?",
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
        "hello hello hello hello hello hello hello hello hello",
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
    ],
)
def test_question_is_no_small_talk(question):
    """A message that asks about the texts is searched, however politely it begins."""
    assert not is_small_talk(question)


@pytest.mark.parametrize("nothing", ["", "  ", "?!", "\U0001f600", "the", "this is it"])
def test_message_without_an_opener_is_no_small_talk(nothing):
    """Empty messages and mere company words do not greet."""
    assert not is_small_talk(nothing)
