"""Tests of `bot/database`."""
