"""Trials of what the program survives; each prints a summary and fails if something was lost."""
