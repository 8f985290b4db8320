"""Answers as people see them: one module for each surface."""
