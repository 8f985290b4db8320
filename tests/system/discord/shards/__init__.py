"""Tests of shards on Discord."""
