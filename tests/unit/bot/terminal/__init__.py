"""Tests of `bot/terminal`."""
