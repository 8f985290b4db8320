"""Indexes of the bot: built, opened, watched, checked."""
