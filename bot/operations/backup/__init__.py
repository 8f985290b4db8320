"""Backups: writing, checking, restoring."""
