"""Secrets and the data of other servers."""
