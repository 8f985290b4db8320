"""Tests of `bot/discord_app/messages`."""
