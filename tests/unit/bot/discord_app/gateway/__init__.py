"""Tests of `bot/discord_app/gateway`."""
