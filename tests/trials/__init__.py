"""Trials of what the program survives; each prints a summary and fails where something was lost."""
