"""Locks against a second process on the same folder, token or shard."""
