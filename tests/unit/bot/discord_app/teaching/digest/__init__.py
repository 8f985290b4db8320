"""Tests of `bot/discord_app/teaching/digest`."""
