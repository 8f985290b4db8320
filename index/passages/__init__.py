"""Passages, their file, and looking them up."""
