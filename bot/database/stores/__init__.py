"""Stores: one class for each kind of row."""
