"""Tests of `bot/operations/health`."""
