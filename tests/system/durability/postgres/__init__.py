"""Faults of PostgreSQL: nothing is lost, and one line each says what is wrong."""
