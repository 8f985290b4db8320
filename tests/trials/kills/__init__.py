"""Processes that SIGKILL ends at random moments: rebuilds, uploads and encodings lose nothing."""
