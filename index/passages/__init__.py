"""Passages: splitting texts into them, their file, and looking them up."""
