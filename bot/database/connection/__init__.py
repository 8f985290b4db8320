"""Addresses, engines, sessions and locks of a database, and its supervision."""
