"""Measurements on public collections, run by hand."""
