"""Tests of `bot/discord_app/texts`."""
