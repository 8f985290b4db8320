"""Tests of `bot/database/stores`."""
