"""Tests of `bot/operations/logs`."""
