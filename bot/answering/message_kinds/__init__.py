"""Tell remarks to the bot, and requests to a person, from questions that a text may answer."""

from bot.answering.message_kinds.classifier import Kinds, kinds_of, without_drawn_out

__all__ = ["Kinds", "kinds_of", "without_drawn_out"]
