"""Tests of `bot/database/connection`."""
