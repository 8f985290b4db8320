"""Small talk is told from questions."""

import pytest

from bot.small_talk import is_small_talk


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
    ],
)
def test_question_is_no_small_talk(question):
    """A message that asks about the texts is searched, however politely it begins."""
    assert not is_small_talk(question)


@pytest.mark.parametrize("nothing", ["", "  ", "?!", "\U0001f600", "the", "this is it"])
def test_message_without_an_opener_is_no_small_talk(nothing):
    """Empty messages and mere company words do not greet."""
    assert not is_small_talk(nothing)
