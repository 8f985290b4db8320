"""Tests of `bot/discord_app/admin/audit_log`."""
