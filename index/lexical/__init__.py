"""Postings in plain arrays: built in bounded memory, searched for the exact top k."""
