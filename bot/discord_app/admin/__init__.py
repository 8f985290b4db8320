"""Commands of server owners: setup, diagnosis, statistics."""
