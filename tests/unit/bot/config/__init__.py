"""Tests of `bot/config`."""
