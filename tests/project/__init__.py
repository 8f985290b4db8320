"""Tests of the project itself: its layers, pages, catalogues and stored forms."""
