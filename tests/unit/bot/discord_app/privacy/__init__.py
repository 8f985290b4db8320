"""Tests of `bot/discord_app/privacy`."""
