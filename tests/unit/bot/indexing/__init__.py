"""Tests of `bot/indexing`."""
