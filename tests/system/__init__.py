"""Tests of the whole program as its users meet it; each starts real processes."""
