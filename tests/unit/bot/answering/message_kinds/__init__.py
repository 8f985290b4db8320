"""Tests of `bot/answering/message_kinds/`."""
