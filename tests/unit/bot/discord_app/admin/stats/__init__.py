"""Tests of `bot/discord_app/admin/stats`."""
