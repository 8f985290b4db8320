"""Measure the quality of answers on question sets."""
