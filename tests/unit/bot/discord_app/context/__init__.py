"""Tests of `bot/discord_app/context`."""
